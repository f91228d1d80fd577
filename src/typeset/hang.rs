//! Hanging punctuation: how far marks stand out of the text block, so that its edges look
//! straight. After the values that the microtype package gives for Latin text faces.

/// How much of a glyph's advance stands out to the left of a line that it begins.
pub fn left(c: Option<char>, advance: i32) -> i32 {
    let thousandths = match c.unwrap_or_default() {
        '“' | '”' | '"' | '«' | '‹' | '„' => 300,
        '‘' | '’' | '\'' | '‚' => 400,
        '–' => 200,
        '—' => 150,
        '(' | '[' => 100,
        '¿' | '¡' => 100,
        _ => 0,
    };
    advance * thousandths / 1000
}

/// How much of a glyph's advance stands out to the right of a line that it ends.
pub fn right(c: Option<char>, advance: i32) -> i32 {
    let thousandths = match c.unwrap_or_default() {
        '.' => 700,
        ',' | '-' | '\u{2010}' | '\u{2011}' | ':' => 500,
        ';' => 300,
        '’' | '‘' | '\'' => 400,
        '”' | '“' | '"' | '»' | '›' => 300,
        '–' => 200,
        '—' => 150,
        ')' | ']' | '!' | '?' => 100,
        _ => 0,
    };
    advance * thousandths / 1000
}
