//! Names as the storage of a reader takes them: FAT32 and exFAT, and stricter readers.

/// What FAT32 forbids in a name.
const FORBIDDEN: &str = "\"*/:<>?\\|";
/// Names that one system keeps for its devices, whatever follows a full stop.
const RESERVED: [&str; 4] = ["con", "prn", "aux", "nul"];
/// In UTF-16 units; room is left for what is added while a file is being written.
const LONGEST: usize = 200;

/// A name that can be written to FAT32, and by readers that forbid more; the same for the
/// same name always, because readers know a book by its name.
pub(super) fn sound(name: &str, forbids: &str) -> String {
    let suffix = suffix(name);
    let stem = &name[..name.len() - suffix.len()];
    let stem: String = stem.chars().map(|c| allowed(c, forbids)).collect();
    // A point in front hides a file, one at the end is dropped.
    let stem = stem.trim_matches([' ', '.']);
    let mut units = suffix.len();
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= LONGEST
    };
    let mut sound: String = stem.chars().take_while(fits).collect();
    let first = sound.split('.').next().unwrap_or_default().to_lowercase();
    let is_port = matches!(first.strip_prefix("com").or(first.strip_prefix("lpt")),
        Some(digit) if digit.len() == 1 && digit.bytes().all(|b| b.is_ascii_digit()));
    if sound.is_empty() || is_port || RESERVED.contains(&first.as_str()) {
        sound.insert_str(0, "book-");
    }
    sound.truncate(sound.trim_end_matches([' ', '.']).len());
    sound + suffix
}

fn allowed(character: char, forbids: &str) -> char {
    let is_forbidden =
        character.is_control() || FORBIDDEN.contains(character) || forbids.contains(character);
    if is_forbidden { '-' } else { character }
}

/// What tells a file's kind, `.kepub.epub` being one.
pub(super) fn suffix(name: &str) -> &str {
    let known = [".kepub.epub", ".epub", ".pdf"];
    let at = |suffix: &str| {
        let at = name.len().checked_sub(suffix.len())?;
        let end = name.get(at..)?;
        end.eq_ignore_ascii_case(suffix).then_some(end)
    };
    known.iter().find_map(|suffix| at(suffix)).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::{sound, suffix};

    #[test]
    fn makes_names_that_fat_takes() {
        for (name, wanted) in [
            ("the-thousand-days.epub", "the-thousand-days.epub"),
            ("¿Qué?: a/b.kepub.epub", "¿Qué-- a-b.kepub.epub"),
            ("con.epub", "book-con.epub"),
            ("COM1.notes.pdf", "book-COM1.notes.pdf"),
            ("comic.pdf", "comic.pdf"),
            (" .hidden. .epub", "hidden.epub"),
            (".epub", "book-.epub"),
            ("a\u{7}b.EPUB", "a-b.EPUB"),
        ] {
            assert_eq!(sound(name, ""), wanted, "{name}");
        }
        assert_eq!(sound("it's 5%.epub", "'%"), "it-s 5-.epub");
        let long = sound(&format!("{}.kepub.epub", "𝄞".repeat(300)), "");
        assert!(long.encode_utf16().count() <= 200 && long.ends_with(".kepub.epub"));
        assert_eq!(sound(&long, ""), long, "a sound name stays as it is");
    }

    #[test]
    fn knows_what_a_file_is_by_its_end() {
        assert_eq!(suffix("a.KEPUB.epub"), ".KEPUB.epub");
        assert_eq!(suffix("a.b.epub"), ".epub");
        assert_eq!(suffix("é"), "");
    }
}
