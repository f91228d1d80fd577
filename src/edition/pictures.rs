//! The pictures that figures show: each is there, can be read, and is no larger than a page
//! can use.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::Code;
use crate::edition::context::Ctx;
use crate::edition::sections::Draft;
use crate::edition::{Note, Picture, Target};
use crate::figures;
use crate::photo;
use crate::source::{Content, SourceId, Span};
use crate::svg;
use crate::text::{Block, Figure};

/// Wider or higher pictures are refused: they are slips, or would take gigabytes.
const LARGEST_SIDE: u32 = 20_000;
/// Covers with fewer pixels are blurred on the readers of today.
const LEAST_COVER: (u32, u32) = (1000, 1500);
/// And so are those that have more pixels than this.
const MOST_PIXELS: u64 = 150_000_000;

/// Reads the size of every picture of the book; those that cannot be used are reported.
pub(super) fn find(
    ctx: &mut Ctx,
    drafts: &[Draft<Target>],
    notes: &[Note],
) -> BTreeMap<String, Picture> {
    let mut figures: Vec<&Figure<Target>> = Vec::new();
    for draft in drafts {
        for stretch in &draft.stretches {
            collect(&stretch.blocks, &mut figures);
        }
    }
    notes
        .iter()
        .for_each(|note| collect(&note.blocks, &mut figures));
    let mut pictures = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for figure in figures {
        if seen.insert(figure.path.as_str())
            && let Some(picture) = read(ctx, &figure.path, figure.span)
        {
            pictures.insert(figure.path.clone(), picture);
        }
    }
    cover(ctx, &mut pictures);
    pictures
}

/// The pack's own cover is one of the pictures.
fn cover(ctx: &mut Ctx, pictures: &mut BTreeMap<String, Picture>) {
    let Some(cover) = ctx.manifest.metadata.cover.clone() else {
        return;
    };
    if cover.path.ends_with(".toml") {
        let message = format!("`{}` is no picture that a cover can be", cover.path);
        return bad(ctx, Some(cover.span), message);
    }
    if !pictures.contains_key(&cover.path)
        && let Some(picture) = read(ctx, &cover.path, Some(cover.span))
    {
        pictures.insert(cover.path.clone(), picture);
    }
    let Some(picture) = pictures.get(&cover.path) else {
        return;
    };
    let (width, height) = (picture.width, picture.height);
    let is_small = picture.drawing.is_none() && (width < LEAST_COVER.0 || height < LEAST_COVER.1);
    let is_tall = (13..=18).contains(&(u64::from(height) * 10 / u64::from(width.max(1))));
    let message = match (is_small, is_tall) {
        (true, _) => {
            format!("the cover has {width} by {height} pixels, too few for a sharp picture")
        }
        (false, false) => format!(
            "the cover has {width} by {height} pixels: shelves of e-books show it with bars at its sides or cut"
        ),
        (false, true) => return,
    };
    ctx.report
        .warning(Code::OddCover, cover.span, message)
        .help("make it 1,600 pixels wide and 2,560 high, or about as much higher than wide");
}

fn collect<'b>(blocks: &'b [Block<Target>], figures: &mut Vec<&'b Figure<Target>>) {
    for block in blocks {
        match block {
            Block::Figure(figure) => figures.push(figure),
            Block::Quote { blocks, .. } | Block::Box { blocks, .. } => collect(blocks, figures),
            Block::List(list) => list.items.iter().for_each(|item| collect(item, figures)),
            Block::Definitions { items, .. } => {
                items.iter().for_each(|item| collect(&item.body, figures));
            }
            Block::Heading { .. }
            | Block::Paragraph(_)
            | Block::Table(_)
            | Block::Break
            | Block::Code(_) => {}
        }
    }
}

fn read(ctx: &mut Ctx, path: &str, span: Option<Span>) -> Option<Picture> {
    // The reader of chapters has reported a picture that is not there.
    let source = ctx.inputs.find(path)?;
    if path.ends_with(".toml") {
        return drawn(ctx, source, span);
    }
    if svg::is_named(path) {
        let drawing = svg::load(ctx.inputs, source, ctx.report)?;
        return Some(Picture {
            width: drawing.width,
            height: drawing.height,
            source,
            shown: span,
            figure: None,
            drawing: Some(drawing),
        });
    }
    let bytes = match &ctx.inputs.get(source).content {
        Content::Binary { bytes, .. } => bytes.as_slice(),
        Content::Text(_) => &[],
        Content::TooLarge { .. } => {
            bad(ctx, span, format!("`{path}` is too large a file"));
            return None;
        }
    };
    match photo::facts(bytes) {
        Err(why) => {
            bad(ctx, span, format!("`{path}` cannot be read: {why}"));
            None
        }
        Ok(facts) if !is_usable(facts.width, facts.height) => {
            let message = format!(
                "`{path}` has {} by {} pixels, more than any page can show",
                facts.width, facts.height
            );
            bad(ctx, span, message);
            None
        }
        Ok(facts) => Some(Picture {
            width: facts.width,
            height: facts.height,
            source,
            shown: span,
            figure: None,
            drawing: None,
        }),
    }
}

/// A figure that is drawn from data.
fn drawn(ctx: &mut Ctx, source: SourceId, shown: Option<Span>) -> Option<Picture> {
    let figure = figures::load(ctx.inputs, source, ctx.report)?;
    Some(Picture {
        width: 0,
        height: 0,
        source,
        shown,
        figure: Some(figure),
        drawing: None,
    })
}

fn is_usable(width: u32, height: u32) -> bool {
    let sides = 1..=LARGEST_SIDE;
    sides.contains(&width)
        && sides.contains(&height)
        && u64::from(width) * u64::from(height) <= MOST_PIXELS
}

fn bad(ctx: &mut Ctx, span: Option<Span>, message: String) {
    ctx.report
        .error(Code::BadImage, span, message)
        .help("save it as PNG or JPEG, at most some 3,000 pixels wide");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_no_page_can_show() {
        assert!(is_usable(3_000, 4_000));
        assert!(!is_usable(30_000, 10) && !is_usable(0, 10) && !is_usable(19_000, 19_000));
        assert!(photo::facts(b"").is_err());
        assert!(photo::facts(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR").is_err());
        assert!(photo::facts(b"<svg/>").is_err());
    }
}
