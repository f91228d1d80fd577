//! What the file says of itself: XMP, the information dictionary, and the colours that it
//! was made for.

use std::fmt::Write;

use lopdf::Dictionary;

use super::objects::{bytes, dictionary, name, packed, stream, text};
use super::srgb;
use crate::pages::{Info, Pages, TagKind};

/// The program's name and version.
const PRODUCER: &str = concat!("Cordel ", env!("CARGO_PKG_VERSION"));

/// The standards that a file keeps, which its metadata may claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Claims {
    /// Everything is tagged and said to be in a language: level A of PDF/A.
    pub(super) tagged: bool,
    /// Nothing is missing for those who hear the book instead of seeing it: PDF/UA-1.
    pub(super) accessible: bool,
    /// No glyph is missing, so the file keeps PDF/A-2.
    pub(super) archival: bool,
}

impl Claims {
    /// What holds of a book in which glyphs are missing or not.
    pub(super) fn of(pages: &Pages, misses_glyphs: bool) -> Claims {
        let tagged = !pages.structure.is_empty() && !pages.info.language.is_empty();
        let described = pages.structure.iter().all(|tag| {
            tag.kind != TagKind::Figure || tag.alt.as_ref().is_some_and(|alt| !alt.is_empty())
        });
        let mut links = pages.pages.iter().flat_map(|page| &page.links);
        let accessible = tagged
            && !pages.info.title.is_empty()
            && described
            && links.all(|link| !link.label.is_empty())
            && headings_descend(pages);
        Claims {
            tagged,
            accessible: accessible && !misses_glyphs,
            archival: !misses_glyphs,
        }
    }
}

/// Whether the first heading is of the first level, and none skips one on the way down.
fn headings_descend(pages: &Pages) -> bool {
    let mut last = 0;
    pages.structure.iter().all(|tag| {
        let TagKind::Heading(level) = tag.kind else {
            return true;
        };
        let level = level.clamp(1, 6);
        let follows = level <= last + 1;
        last = level;
        follows
    })
}

/// The information dictionary; the XMP says the same.
pub(super) fn info(info: &Info) -> Dictionary {
    let mut entries = dictionary([("Producer", text(PRODUCER)), ("Creator", text(PRODUCER))]);
    let texts = [
        ("Title", info.title.clone()),
        ("Author", info.authors.join("; ")),
        ("Subject", info.subject.clone()),
        ("Keywords", info.keywords.join(", ")),
    ];
    for (key, value) in texts {
        if !value.is_empty() {
            entries.set(key, text(&value));
        }
    }
    if let Some(date) = Date::read(&info.date) {
        entries.set("CreationDate", bytes(date.for_info()));
        entries.set("ModDate", bytes(date.for_info()));
    }
    entries
}

/// The metadata stream, left plain so that any program finds it (PDF 1.7 §14.3.2).
pub(super) fn xmp(pages: &Pages, claims: Claims) -> lopdf::Stream {
    let info = &pages.info;
    let mut xmp = String::from(XMP_HEAD);
    let mut add = |property: &str, content: &str| {
        writeln!(xmp, "   <{property}>{content}</{property}>").expect("memory can be written");
    };
    add("dc:format", "application/pdf");
    add(
        "dc:title",
        &container("Alt", " xml:lang=\"x-default\"", [&info.title]),
    );
    let lists = [
        ("dc:creator", "Seq", &info.authors),
        ("dc:subject", "Bag", &info.keywords),
    ];
    for (property, kind, values) in lists {
        if !values.is_empty() {
            add(property, &container(kind, "", values));
        }
    }
    if !info.subject.is_empty() {
        let subject = container("Alt", " xml:lang=\"x-default\"", [&info.subject]);
        add("dc:description", &subject);
    }
    if !info.language.is_empty() {
        add("dc:language", &container("Bag", "", [&info.language]));
    }
    if !info.identifier.is_empty() {
        add("dc:identifier", &escaped(&info.identifier));
        add("xmpMM:DocumentID", &escaped(&info.identifier));
    }
    if !info.keywords.is_empty() {
        add("pdf:Keywords", &escaped(&info.keywords.join(", ")));
    }
    add("pdf:Producer", PRODUCER);
    add("xmp:CreatorTool", PRODUCER);
    if let Some(date) = Date::read(&info.date) {
        for property in ["xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate"] {
            add(property, &date.for_xmp());
        }
    }
    if claims.accessible {
        add("pdfuaid:part", "1");
    }
    if claims.archival {
        add("pdfaid:part", "2");
        add("pdfaid:conformance", if claims.tagged { "A" } else { "U" });
    }
    xmp.push_str("  </rdf:Description>\n");
    if claims.accessible && claims.archival {
        xmp.push_str(UA_SCHEMA);
    }
    xmp.push_str(XMP_TAIL);
    let entries = dictionary([("Type", name("Metadata")), ("Subtype", name("XML"))]);
    packed(entries, xmp.into_bytes())
}

/// The colours that the file was made for: sRGB, the screen's.
pub(super) fn output_intent(document: &mut lopdf::Document) -> Dictionary {
    let profile = stream(dictionary([("N", 3.into())]), &srgb::profile());
    dictionary([
        ("Type", name("OutputIntent")),
        ("S", name("GTS_PDFA1")),
        ("OutputConditionIdentifier", bytes("sRGB")),
        ("RegistryName", bytes("http://www.color.org")),
        ("Info", bytes("sRGB IEC61966-2.1")),
        ("DestOutputProfile", document.add_object(profile).into()),
    ])
}

const XMP_HEAD: &str = "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>
<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">
 <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">
  <rdf:Description rdf:about=\"\"
    xmlns:dc=\"http://purl.org/dc/elements/1.1/\"
    xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\"
    xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\"
    xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\"
    xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\"
    xmlns:xmpMM=\"http://ns.adobe.com/xap/1.0/mm/\">
";

/// PDF/A wants every property declared that it does not define itself.
const UA_SCHEMA: &str = "  <rdf:Description rdf:about=\"\"
    xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\"
    xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\"
    xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">
   <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType=\"Resource\">
    <pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType=\"Resource\">
     <pdfaProperty:name>part</pdfaProperty:name>
     <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
     <pdfaProperty:category>internal</pdfaProperty:category>
     <pdfaProperty:description>Part of ISO 14289 that the file keeps</pdfaProperty:description>
    </rdf:li></rdf:Seq></pdfaSchema:property>
   </rdf:li></rdf:Bag></pdfaExtension:schemas>
  </rdf:Description>
";

const XMP_TAIL: &str = " </rdf:RDF>
</x:xmpmeta>
<?xpacket end=\"r\"?>
";

/// Values in one of RDF's containers.
fn container<'v>(
    kind: &str,
    attribute: &str,
    values: impl IntoIterator<Item = &'v String>,
) -> String {
    let items: String = values
        .into_iter()
        .map(|value| format!("<rdf:li{attribute}>{}</rdf:li>", escaped(value)))
        .collect();
    format!("<rdf:{kind}>{items}</rdf:{kind}>")
}

/// Text as XML wants it, without what XML forbids.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\u{fffe}' | '\u{ffff}' => {}
            control if control.is_control() => out.push(' '),
            _ => out.push(character),
        }
    }
    out
}

/// A day, as the manifest gives it.
struct Date<'d> {
    year: &'d str,
    month: &'d str,
    day: &'d str,
}

impl Date<'_> {
    fn read(date: &str) -> Option<Date<'_>> {
        let (year, rest) = date.split_once('-')?;
        let (month, day) = rest.split_once('-')?;
        let digits = |part: &str, count| {
            part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        let whole = digits(year, 4) && digits(month, 2) && digits(day, 2);
        whole.then_some(Date { year, month, day })
    }

    fn for_info(&self) -> String {
        format!("D:{}{}{}000000Z", self.year, self.month, self.day)
    }

    fn for_xmp(&self) -> String {
        format!("{}-{}-{}T00:00:00Z", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_escaped() {
        let pages = Pages {
            info: Info {
                title: "Pan & <vino>\u{1}".into(),
                date: "2024-02-29".into(),
                ..Info::default()
            },
            ..Pages::default()
        };
        let claims = Claims {
            tagged: true,
            accessible: true,
            archival: true,
        };
        let xmp = String::from_utf8(xmp(&pages, claims).content).expect("XMP is UTF-8");
        assert!(xmp.contains(">Pan &amp; &lt;vino&gt; </rdf:li>"), "{xmp}");
        assert!(
            xmp.contains("<xmp:CreateDate>2024-02-29T00:00:00Z<"),
            "{xmp}"
        );
    }

    #[test]
    fn a_file_claims_no_more_than_it_keeps() {
        use crate::pages::{Tag, TagKind};
        let tag = |kind| Tag {
            kind,
            parent: None,
            lang: None,
            alt: None,
        };
        let mut pages = Pages::default();
        let claims = |pages: &Pages| {
            let Claims {
                tagged,
                accessible,
                archival,
            } = Claims::of(pages, false);
            (tagged, accessible, archival)
        };
        assert_eq!(claims(&pages), (false, false, true));
        pages.structure = vec![tag(TagKind::Heading(1)), tag(TagKind::Heading(2))];
        assert_eq!(claims(&pages), (false, false, true));
        pages.info.language = "es".into();
        pages.info.title = "Cuentos".into();
        assert_eq!(claims(&pages), (true, true, true));
        assert!(!Claims::of(&pages, true).accessible && !Claims::of(&pages, true).archival);
        pages.structure.push(tag(TagKind::Heading(4)));
        assert_eq!(claims(&pages), (true, false, true));
        pages.structure.pop();
        pages.structure.push(tag(TagKind::Figure));
        assert_eq!(claims(&pages), (true, false, true));
    }

    #[test]
    fn only_whole_days_are_dates() {
        assert!(Date::read("2024").is_none() && Date::read("24-1-1").is_none());
        let date = Date::read("1973-09-11").map(|date| date.for_info());
        assert_eq!(date.as_deref(), Some("D:19730911000000Z"));
    }
}
