//! A colour profile of sRGB, the smallest that version 4.2 of the ICC's format allows: the
//! primaries of IEC 61966-2-1 adapted to the white of print, and its curve as a formula.

/// Numbers in 1/65536, as the format stores them.
const WHITE: [i32; 3] = [0xf6d6, 0x1_0000, 0xd32d];
const RED: [i32; 3] = [0x6fa0, 0x38f5, 0x0390];
const GREEN: [i32; 3] = [0x6297, 0xb787, 0x18d9];
const BLUE: [i32; 3] = [0x249f, 0x0f84, 0xb6c4];
/// From the white of a screen (D65) to that of print (D50), after Bradford.
const ADAPTATION: [i32; 9] = [
    0x1_0c42, 0x05de, -0x0cdb, 0x0793, 0xfd90, -0x045f, -0x025d, 0x03dc, 0xc06e,
];
/// The curve: exponent 2.4, factor and offset below it, slope of the straight part, and
/// where that ends.
const CURVE: [i32; 5] = [0x2_6666, 0xf2a7, 0x0d59, 0x13d0, 0x0a5b];

/// The profile's bytes.
pub(super) fn profile() -> Vec<u8> {
    let curve = [&b"para\0\0\0\0\0\x03\0\0"[..], &numbers(&CURVE)].concat();
    let xyz = |value: &[i32]| [&b"XYZ \0\0\0\0"[..], &numbers(value)].concat();
    let adaptation = [&b"sf32\0\0\0\0"[..], &numbers(&ADAPTATION)].concat();
    let blocks: [(&[&[u8; 4]], Vec<u8>); 8] = [
        (&[b"desc"], words("sRGB")),
        (&[b"cprt"], words("CC0")),
        (&[b"wtpt"], xyz(&WHITE)),
        (&[b"chad"], adaptation),
        (&[b"rXYZ"], xyz(&RED)),
        (&[b"gXYZ"], xyz(&GREEN)),
        (&[b"bXYZ"], xyz(&BLUE)),
        (&[b"rTRC", b"gTRC", b"bTRC"], curve),
    ];
    let tags: usize = blocks.iter().map(|(tags, _)| tags.len()).sum();
    let mut table = word(tags);
    let mut data = Vec::new();
    for (tags, block) in blocks {
        let offset = HEADER + 4 + 12 * 10 + data.len();
        for tag in tags {
            table.extend(*tag);
            table.extend(word(offset));
            table.extend(word(block.len()));
        }
        data.extend(&block);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    [header(HEADER + table.len() + data.len()), table, data].concat()
}

const HEADER: usize = 128;

fn header(size: usize) -> Vec<u8> {
    let mut header = word(size);
    header.extend(b"\0\0\0\0\x04\x20\0\0mntrRGB XYZ ");
    // A date is wanted; this is the day of the format's version.
    header.extend(
        [2004u16, 10, 1, 0, 0, 0]
            .map(u16::to_be_bytes)
            .as_flattened(),
    );
    header.extend(b"acsp");
    // No platform, flags, maker or model; perceptual.
    header.extend([0; 28]);
    header.extend(numbers(&WHITE));
    header.resize(HEADER, 0);
    header
}

/// A text in one language.
fn words(text: &str) -> Vec<u8> {
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut block = b"mluc\0\0\0\0\0\0\0\x01\0\0\0\x0cenUS".to_vec();
    block.extend(word(utf16.len()));
    block.extend(word(28));
    block.extend(utf16);
    block
}

fn word(number: usize) -> Vec<u8> {
    u32::try_from(number)
        .expect("a profile is small")
        .to_be_bytes()
        .to_vec()
}

fn numbers(values: &[i32]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| value.to_be_bytes())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_states_its_size() {
        let profile = profile();
        assert_eq!(
            profile[..4],
            u32::try_from(profile.len()).expect("small").to_be_bytes()
        );
        assert_eq!(&profile[36..40], b"acsp");
        assert_eq!(profile.len() % 4, 0);
    }

    #[test]
    fn the_primaries_add_up_to_white() {
        for at in 0..3 {
            let sum = RED[at] + GREEN[at] + BLUE[at];
            assert!((sum - WHITE[at]).abs() <= 2, "{sum:x}");
        }
    }
}
