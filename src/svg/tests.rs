use super::*;

const HEAD: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" \
    xmlns:xlink=\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 40 20\"";

fn read(text: &str) -> (Option<Drawing>, String) {
    let mut inputs = Inputs::default();
    let source = inputs.add_text("images/weir.svg", text);
    let mut report = Report::default();
    let drawing = load(&inputs, source, &mut report);
    assert_eq!(drawing.is_none(), report.has_errors());
    (drawing, report.render(&inputs))
}

fn refused(inside: &str) -> String {
    let (drawing, report) = read(&format!("{HEAD}>\n{inside}\n</svg>"));
    assert_eq!(drawing, None, "{inside}");
    report
}

#[test]
fn keeps_what_is_drawn_and_nothing_else() {
    let text = "<?xml version=\"1.0\"?>\n<!-- by Ana -->\n\
        <!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">\n\
        <svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"\n\
        xmlns:ink=\"http://example.org/ink\" ink:export=\"/home/ana/weir.png\" width=\"30mm\" \
        viewBox=\"-1 0 4 2\" stroke=\"black\" data-by=\"Ana\">\n\
        <metadata><ink:who>Ana</ink:who></metadata><ink:view/><style>.a{fill:#1a2b3c}</style>\n\
        <title>A &amp; B</title><path id=\"p\" class=\"a\" ink:kind=\"arc\" d=\"M0 0h1v1z\"/>\
        stray<use xlink:href=\"#p\" x=\"1\"/></svg>";
    let (drawing, report) = read(text);
    let drawing = drawing.expect(&report);
    assert_eq!(
        (drawing.width, drawing.height, drawing.is_measured),
        (113, 57, true)
    );
    let wanted = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
        <svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
        width=\"113\" height=\"57\" viewBox=\"-1 0 4 2\" stroke=\"black\">\n\
        <rect x=\"-1\" y=\"0\" width=\"4\" height=\"2\" fill=\"#ffffff\" stroke=\"none\"/>\
        <style>.a{fill:#1a2b3c}</style><title>A &amp; B</title>\
        <path id=\"p\" class=\"a\" d=\"M0 0h1v1z\"></path>\
        <use xlink:href=\"#p\" x=\"1\"></use></svg>\n";
    assert_eq!(drawing.text, wanted);
}

#[test]
fn refuses_what_does_more_than_stand_there() {
    for (inside, what) in [
        ("<script>alert(1)</script>", "holds a script"),
        ("<g onclick=\"go()\"/>", "acts when it is touched"),
        ("<foreignObject/>", "a piece of a web page"),
        (
            "<x:iframe xmlns:x=\"http://www.w3.org/1999/xhtml\"/>",
            "a piece of a web page",
        ),
        (
            "<use xlink:href=\"http://example.org/a.svg#b\"/>",
            "leads out of the file",
        ),
        ("<use href=\"other.svg#b\"/>", "leads out of the file"),
        (
            "<a href=\"javascript:go()\"><path d=\"M0 0\"/></a>",
            "leads out of the file",
        ),
        (
            "<path fill=\"url(http://example.org/#a)\"/>",
            "leads out of the file",
        ),
        (
            "<path style=\"fill:url('b.svg#a')\"/>",
            "leads out of the file",
        ),
        ("<style>@font-face{src:url(a.ttf)}</style>", "begins with @"),
        ("<style>path{fill:\\75rl(a)}</style>", "backslash"),
        (
            "<image href=\"data:image/png;base64,AA==\"/>",
            "another picture",
        ),
        ("<text>weir</text>", "sets words in type"),
        ("<animate/>", "moves"),
        ("<filter id=\"f\"><feFlood/></filter>", "has a filter"),
        ("<path filter=\"url(#f)\"/>", "mixes or filters"),
        ("<video/>", "no part of a still drawing"),
        (
            "<g id=\"a\"><use href=\"#a\"/></g>",
            "within that same part",
        ),
        ("<p:path/>", "cannot be read"),
    ] {
        let report = refused(inside);
        assert!(report.contains(what), "{inside}: {report}");
        assert!(report.contains("images/weir.svg:2:"), "{report}");
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let report = refused("<script/>\n<text>weir</text>\n<g onload=\"go()\"/>");
    for line in ["weir.svg:2:1", "weir.svg:3:1", "weir.svg:4:4"] {
        assert!(report.contains(line), "{line}: {report}");
    }
}

#[test]
fn traps_are_no_drawings() {
    let bomb = "<!DOCTYPE svg [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>\n<svg>&b;</svg>";
    assert!(read(bomb).1.contains("defines words of its own"));
    assert!(read("<html/>").1.contains("is not SVG"));
    assert!(read("").1.contains("cannot be read"));
    let deep = format!("{}{}", "<g>".repeat(300), "</g>".repeat(300));
    assert!(refused(&deep).contains("too deep"));
    let deeper = "<g>".repeat(200_000);
    assert!(refused(&deeper).contains("cannot be read"));
    let mut doubling = String::from("<g id=\"a0\"><path d=\"M0 0\"/></g>");
    for step in 1..40 {
        let twice = format!("<use href=\"#a{}\"/>", step - 1).repeat(2);
        doubling.push_str(&format!("<g id=\"a{step}\">{twice}</g>"));
    }
    assert!(refused(&doubling).contains("200,000 shapes"));
    let mut chain = String::new();
    for step in 0..3000 {
        let next = step + 1;
        chain.push_str(&format!(
            "<pattern id=\"p{step}\" width=\"1\" height=\"1\"><path fill=\"url(#p{next})\"/></pattern>"
        ));
    }
    assert!(refused(&chain).contains("200,000 shapes"));
    let far = "<path transform=\"scale(1 900000000)\" d=\"M0 0h9v9z\"/>";
    assert!(refused(far).contains("far beyond its own edges"));
}

#[test]
fn what_would_take_hours_to_paint_is_refused() {
    let whole = "<path d=\"M0 0h40v20h-40z\"/>";
    let layers = format!("<g opacity=\".5\">{whole}</g>");
    let tile = |side: u32| {
        format!(
            "<pattern id=\"p\" width=\"{side}\" height=\"{side}\" patternUnits=\"userSpaceOnUse\">{whole}</pattern>\
             <path fill=\"url(#p)\" d=\"M0 0h40v20h-40z\"/>"
        )
    };
    let masks = format!(
        "<mask id=\"m0\">{whole}</mask>{}<g mask=\"url(#m99)\">{whole}</g>",
        (1..100)
            .map(|at| format!(
                "<mask id=\"m{at}\" mask=\"url(#m{})\">{whole}</mask>",
                at - 1
            ))
            .collect::<String>()
    );
    let dashed = |period: &str| {
        format!("<path stroke=\"red\" stroke-dasharray=\"{period}\" d=\"M0 0h40v20h-40z\"/>")
    };
    for (inside, is_refused) in [
        (whole.repeat(400), false),
        (whole.repeat(600), true),
        (layers.repeat(100), false),
        (layers.repeat(200), true),
        (
            format!(
                "{}{whole}{}",
                "<g opacity=\".5\">".repeat(40),
                "</g>".repeat(40)
            ),
            true,
        ),
        (
            "<g opacity=\".5\"><path d=\"M-999 0h9999v999z\"/></g>".into(),
            true,
        ),
        // Small parts may be many.
        ("<path d=\"M0 0h1v1z\"/>".repeat(20_000), false),
        (tile(2), false),
        (tile(30_000), true),
        (masks, true),
        (dashed("1"), false),
        (dashed("0.00001"), true),
    ] {
        let (drawing, report) = read(&format!("{HEAD}>\n{inside}\n</svg>"));
        assert_eq!(drawing.is_none(), is_refused, "{}", &inside[..60]);
        assert_eq!(is_refused, report.contains("too long to paint"), "{report}");
    }
}

#[test]
fn sizes_are_those_of_a_page() {
    let size = |attributes: &str| {
        let text = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" {attributes}/>");
        let (drawing, report) = read(&text);
        drawing
            .map(|drawing| (drawing.width, drawing.height, drawing.is_measured))
            .ok_or(report)
    };
    assert_eq!(size("width=\"40\" height=\"20\""), Ok((40, 20, true)));
    assert_eq!(size("viewBox=\"0,0,3 1\""), Ok((600, 200, false)));
    assert_eq!(
        size("width=\"100%\" viewBox=\"0 0 2 1\""),
        Ok((600, 300, false))
    );
    assert_eq!(
        size("height=\"1in\" viewBox=\"0 0 2 1\""),
        Ok((192, 96, true))
    );
    for bad in [
        "",
        "width=\"40\"",
        "width=\"0\" height=\"20\"",
        "width=\"-4\" height=\"20\"",
        "width=\"1e9\" height=\"1e9\"",
        "width=\"nan\" height=\"4\"",
        "viewBox=\"0 0 0 4\"",
        "viewBox=\"0 0 1 1000000\"",
        "viewBox=\"0 0 inf 4\"",
        "viewBox=\"0 0 4\"",
    ] {
        assert!(size(bad).is_err(), "{bad}");
    }
}
