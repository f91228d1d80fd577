//! The cover, drawn from the book's metadata: a booklet that hangs from a cord, as the cheap
//! print of the *literatura de cordel* is sold. The title stands dark on paper, whatever the
//! colour of the ground, so that it can be read in a thumbnail and on grey screens.

use zeno::{Command, Point};

use crate::epub::canvas::{Canvas, Colour, Pen, mixed};
use crate::epub::escape;
use crate::epub::fit::{Room, Words, fit};
use crate::epub::plan::Plan;
use crate::epub::sections::{self, Document};
use crate::fonts::{Family, FontSet};
use crate::manifest::{Metadata, Part};

/// The picture's name in the e-book.
pub(super) const PICTURE: &str = "images/cover.png";
pub(super) const MEDIA_TYPE: &str = "image/png";

const WIDTH: u32 = 1600;
const HEIGHT: u32 = 2560;
/// The sheet that hangs from the cord: left, top, right, bottom.
const SHEET: [u32; 4] = [96, 260, 1504, 2290];
/// From the sheet's edge to the type on it.
const PADDING: u32 = 104;
/// How far from the left the pegs hold the sheet.
const PEGS: [u32; 2] = [360, 1240];

/// Type that is smaller says nothing to anyone.
const SMALLEST: u32 = 12;

const PAPER: Colour = [0xf8, 0xf2, 0xe4];
const INK: Colour = [0x1c, 0x19, 0x17];
const WOOD: Colour = [0xd9, 0xb3, 0x7a];
/// The ground of a book that names no colour.
const GROUND: Colour = [0x9c, 0x2f, 0x1f];

/// Lines of type in one face and size.
struct Setting<'f> {
    pen: &'f Pen<'f>,
    size: u32,
    /// From base line to base line, in pixels.
    leading: u32,
    /// White above the first line, in pixels.
    before: u32,
    lines: Vec<String>,
}

impl Setting<'_> {
    fn height(&self) -> u32 {
        self.leading * u32::try_from(self.lines.len()).unwrap_or(0)
    }
}

/// The file that shows the cover's picture.
pub(super) fn document(plan: &Plan<'_>, picture: &str) -> Document {
    let metadata = &plan.edition.metadata;
    let words = [Some(metadata.title.as_str()), metadata.subtitle.as_deref()];
    let mut alt = format!("{}: ", plan.words.cover);
    match &metadata.cover {
        Some(own) => alt.push_str(&own.alt),
        None => {
            alt.push_str(&words.into_iter().flatten().collect::<Vec<_>>().join(". "));
            // A voice pauses where a sentence ends.
            if !alt.ends_with(['.', '!', '?', '…']) {
                alt.push('.');
            }
        }
    }
    let body = format!(
        "<section epub:type=\"cover\" class=\"cover\">\n\
         <img src=\"{picture}\" alt=\"{}\" role=\"doc-cover\"/>\n</section>\n",
        escape::text(alt.trim())
    );
    Document {
        name: crate::epub::nav::COVER.into(),
        xhtml: sections::framed(plan, plan.words.cover, Part::Front, &body),
        properties: "",
    }
}

/// Draws the cover.
pub(super) fn draw(
    metadata: &Metadata,
    credits: &[(Option<&'static str>, String)],
    fonts: &FontSet,
) -> Vec<u8> {
    let ground = metadata
        .colour
        .as_deref()
        .and_then(colour)
        .unwrap_or(GROUND);
    let mut canvas = Canvas::new(WIDTH as usize, HEIGHT as usize, ground);
    hang(&mut canvas, ground);
    let pen = |family, bold, italic| Pen::new(fonts.get(fonts.find(family, bold, italic)));
    let title = pen(Family::Serif, true, false);
    let italic = pen(Family::Serif, false, true);
    let sans = pen(Family::Sans, false, false);
    let sans_bold = pen(Family::Sans, true, false);
    let accent = if brightness(ground) < 150 {
        ground
    } else {
        INK
    };

    let top = SHEET[1] + 210;
    let names = names(&sans, &sans_bold, credits);
    let names_height = names
        .iter()
        .map(|setting| setting.height() + setting.before)
        .sum::<u32>();
    let names_top = SHEET[3] - PADDING - names_height;
    let subtitle = metadata.subtitle.as_deref().map(|subtitle| {
        let room = room(names_top.saturating_sub(top) / 4, 104, 1220);
        set(&italic, subtitle, room)
    });
    let subtitle_height = subtitle.as_ref().map_or(0, Setting::height);
    let left_over = names_top.saturating_sub(top + subtitle_height + 260);
    let set_title = set(&title, &metadata.title, room(left_over, 360, 1000));

    let x = SHEET[0] + PADDING;
    let mut y = draw_setting(&mut canvas, &set_title, x, top, INK);
    y += 40;
    canvas.fill(x, y, 240, 16, accent);
    y += 80;
    if let Some(subtitle) = &subtitle {
        draw_setting(&mut canvas, subtitle, x, y, INK);
    }
    let mut y = names_top;
    for setting in &names {
        y += setting.before;
        y = draw_setting(&mut canvas, setting, x, y, INK);
    }
    foot(&mut canvas, metadata, &sans_bold, ground);
    canvas.png()
}

/// The room for type as wide as the sheet allows.
fn room(height: u32, size: u32, leading: u32) -> Room {
    Room {
        width: SHEET[2] - SHEET[0] - 2 * PADDING,
        height,
        size,
        leading,
    }
}

fn set<'f>(pen: &'f Pen<'f>, text: &str, room: Room) -> Setting<'f> {
    let words: Vec<&str> = text.split_whitespace().collect();
    // Articles, prepositions and signs such as & stand better at a line's head.
    let small = |(at, word): (usize, &&str)| {
        word.chars().count() <= 3 && (at == 0 || !word.starts_with(char::is_uppercase))
    };
    let fit = fit(
        &Words {
            widths: words.iter().map(|word| pen.measure(word)).collect(),
            space: pen.measure(" "),
            binds: words.iter().enumerate().map(small).collect(),
        },
        room,
    );
    Setting {
        pen,
        size: fit.size,
        leading: fit.size * room.leading / 1000,
        before: 0,
        lines: fit
            .lines
            .into_iter()
            .map(|line| words[line].join(" "))
            .collect(),
    }
}

/// Who made the book, at the sheet's foot: what they did small, their names bold.
fn names<'f>(
    sans: &'f Pen<'f>,
    bold: &'f Pen<'f>,
    credits: &[(Option<&'static str>, String)],
) -> Vec<Setting<'f>> {
    let mut names = Vec::new();
    for (lead, name) in credits.iter().take(3) {
        let first = names.len();
        if let Some(lead) = lead {
            names.push(set(sans, lead, room(110, 58, 1250)));
        }
        names.push(set(bold, name, room(280, 78, 1250)));
        if first > 0 {
            names[first].before = 28;
        }
    }
    names
}

/// Draws lines from a top downwards; gives where the next may begin.
fn draw_setting(
    canvas: &mut Canvas,
    setting: &Setting<'_>,
    x: u32,
    top: u32,
    colour: Colour,
) -> u32 {
    // The first base line stands where capitals just fit under the top.
    let mut baseline = top + setting.size * setting.pen.cap_height() / 1000;
    for line in &setting.lines {
        let line = setting.pen.line(line, 0);
        canvas.text(setting.pen, &line, x, baseline, setting.size, colour);
        baseline += setting.leading;
    }
    top + setting.height()
}

/// The cord, the sheet and the pegs that hold it.
fn hang(canvas: &mut Canvas, ground: Colour) {
    let [left, top, right, bottom] = SHEET;
    let shade = ground.map(|part| mixed(part, 0, 90));
    canvas.fill(left + 26, top + 26, right - left, bottom - top, shade);
    canvas.fill(left, top, right - left, bottom - top, PAPER);
    let cord = if brightness(ground) < 150 { PAPER } else { INK };
    canvas.outline(&cord_outline(), cord);
    for x in PEGS {
        canvas.fill(x - 26, top - 92, 52, 200, shade);
        canvas.fill(x - 30, top - 96, 52, 200, WOOD);
        canvas.fill(x - 6, top - 96, 4, 200, INK);
        canvas.fill(x - 30, top - 20, 52, 10, INK);
    }
}

/// The cord sags a little between the picture's edges.
fn cord_outline() -> [Command; 5] {
    let width = WIDTH as f32;
    let (edge, middle, thick) = (120.0, 300.0, 14.0);
    [
        Command::MoveTo(Point::new(0.0, edge)),
        Command::QuadTo(Point::new(width / 2.0, middle), Point::new(width, edge)),
        Command::LineTo(Point::new(width, edge + thick)),
        Command::QuadTo(
            Point::new(width / 2.0, middle + thick),
            Point::new(0.0, edge + thick),
        ),
        Command::Close,
    ]
}

/// Series and publisher, under the sheet.
fn foot(canvas: &mut Canvas, metadata: &Metadata, pen: &Pen<'_>, ground: Colour) {
    let series = metadata.series.as_ref().map(|series| match series.number {
        Some(number) => format!("{} {number}", series.name),
        None => series.name.clone(),
    });
    let colour = if brightness(ground) < 150 { PAPER } else { INK };
    let words = series.or_else(|| metadata.publisher.clone());
    let line = pen.line(&words.unwrap_or_default().to_uppercase(), 80);
    let wide = SHEET[2] - SHEET[0];
    let size = 54.min(54 * wide / line.at(54).max(1));
    if size < SMALLEST {
        return;
    }
    let x = (WIDTH - line.at(size).min(wide)) / 2;
    canvas.text(pen, &line, x, 2455, size, colour);
}

/// Reads `#rrggbb`.
fn colour(hex: &str) -> Option<Colour> {
    let hex = hex.strip_prefix('#').filter(|hex| hex.len() == 6)?;
    let part = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
    Some([part(0)?, part(2)?, part(4)?])
}

/// How light a colour is to the eye, of 255.
fn brightness([red, green, blue]: Colour) -> u32 {
    (u32::from(red) * 299 + u32::from(green) * 587 + u32::from(blue) * 114) / 1000
}
