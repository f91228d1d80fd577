//! `index.toml`: the index headings and what stands under them.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::apparatus::loader::Loader;
use crate::apparatus::{Heading, PassageName, Posting, Rich};
use crate::diag::{Code, Report};
use crate::source::{Inputs, Span};

/// Levels of subheadings below a heading (rule I19).
const MOST_LEVELS: usize = 2;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawHeading {
    id: Spanned<String>,
    heading: Spanned<String>,
    sort: Option<String>,
    #[serde(default)]
    forms: Vec<Spanned<String>>,
    #[serde(default)]
    exact_case: bool,
    #[serde(default)]
    except: Vec<Spanned<String>>,
    #[serde(default)]
    posting: RawPosting,
    #[serde(default)]
    near: Vec<Spanned<String>>,
    #[serde(default)]
    keep: Vec<Spanned<String>>,
    #[serde(default)]
    drop: Vec<Spanned<String>>,
    #[serde(default)]
    see: Vec<String>,
    #[serde(default)]
    see_also: Vec<String>,
    #[serde(default)]
    see_general: Vec<Spanned<String>>,
    #[serde(default)]
    see_also_general: Vec<Spanned<String>>,
    #[serde(default)]
    sub: Vec<RawHeading>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RawPosting {
    #[default]
    All,
    Principal,
    Marked,
}

pub(super) fn load(inputs: &Inputs, report: &mut Report) -> BTreeMap<String, Heading> {
    let mut headings = BTreeMap::new();
    let opened = Loader::open::<RawHeading>(inputs, "index.toml", "heading", report);
    let Some((mut loader, entries)) = opened else {
        return headings;
    };
    for entry in entries {
        let heading = read(&mut loader, entry.value, 0);
        let (id, span) = (heading.id.clone(), heading.span);
        loader.add(&mut headings, "heading", id, span, heading, |heading| {
            heading.span
        });
    }
    headings
}

fn read(loader: &mut Loader, raw: RawHeading, level: usize) -> Heading {
    let span = loader.span(&raw.id);
    let id = loader.id(&raw.id);
    check_see(loader, &raw, span);
    if level == MOST_LEVELS && !raw.sub.is_empty() {
        loader.bad(
            span,
            format!("the subheading `{id}` has subheadings of its own, which are too deep"),
            "an index has at most two levels below a heading; make them subheadings of the heading",
        );
    }
    let mut subheadings = BTreeMap::new();
    let mut order = Vec::new();
    if level < MOST_LEVELS {
        for sub in raw.sub {
            let sub = read(loader, sub, level + 1);
            let (id, span) = (sub.id.clone(), sub.span);
            order.push(id.clone());
            loader.add(
                &mut subheadings,
                "subheading",
                id,
                span,
                sub,
                |sub: &Heading| sub.span,
            );
        }
    }
    Heading {
        id,
        heading: loader.rich(&raw.heading, "heading"),
        sort: raw.sort.filter(|sort| !sort.trim().is_empty()),
        forms: loader.forms(raw.forms),
        exact_case: raw.exact_case,
        except: loader.forms(raw.except),
        posting: match raw.posting {
            RawPosting::All => Posting::All,
            RawPosting::Principal => Posting::Principal,
            RawPosting::Marked => Posting::Marked,
        },
        near: loader.forms(raw.near),
        keep: passages(loader, raw.keep),
        drop: passages(loader, raw.drop),
        subheadings: order
            .into_iter()
            .filter_map(|id| subheadings.remove(&id))
            .collect(),
        see: raw.see,
        see_also: raw.see_also,
        see_general: general(loader, &raw.see_general),
        see_also_general: general(loader, &raw.see_also_general),
        span,
    }
}

fn passages(loader: &Loader, names: Vec<Spanned<String>>) -> Vec<PassageName> {
    let names = names.into_iter();
    names
        .map(|name| PassageName {
            span: loader.span(&name),
            name: name.into_inner(),
        })
        .collect()
}

/// What a reference says that leads to headings of a kind.
fn general(loader: &mut Loader, words: &[Spanned<String>]) -> Vec<Rich> {
    let words = words.iter();
    words.map(|words| loader.rich(words, "reference")).collect()
}

/// A heading that sends the reader elsewhere has nothing of its own (rule I5).
fn check_see(loader: &mut Loader, raw: &RawHeading, span: Span) {
    let id = raw.id.get_ref();
    if raw.see.is_empty() && raw.see_general.is_empty() {
        return;
    }
    if !raw.forms.is_empty() || !raw.sub.is_empty() || !raw.keep.is_empty() {
        loader.bad(
            span,
            format!("the heading `{id}` sends to another and yet has places of its own"),
            "keep either `see`, or `forms` and subheadings; `see-also` goes with both",
        );
    }
    if !raw.see_also.is_empty() || !raw.see_also_general.is_empty() {
        loader
            .report
            .error(
                Code::BadValue,
                span,
                format!("the heading `{id}` has both `see` and `see-also`"),
            )
            .help("name all of them in `see`");
    }
}
