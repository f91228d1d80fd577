//! Font files put together from their tables.

use skrifa::raw::types::Tag;

/// The tables, which are sorted by their tags, behind their directory.
pub fn file(tables: &[(Tag, Vec<u8>)]) -> Vec<u8> {
    let count = short(tables.len());
    let power = 1 << count.ilog2();
    let mut out = vec![0, 1, 0, 0];
    for word in [
        count,
        16 * power,
        short(count.ilog2() as usize),
        16 * (count - power),
    ] {
        out.extend(word.to_be_bytes());
    }
    let mut at = 12 + 16 * tables.len();
    let mut adjusted = None;
    let mut body = Vec::new();
    for (tag, table) in tables {
        let mut table = table.clone();
        if *tag == Tag::new(b"head") && table.len() >= 12 {
            // The sum over the whole file goes here once that is known.
            table[8..12].fill(0);
            adjusted = Some(at + 8);
        }
        let length = table.len();
        table.resize(length.next_multiple_of(4), 0);
        out.extend(tag.to_be_bytes());
        for word in [sum(&table), long(at), long(length)] {
            out.extend(word.to_be_bytes());
        }
        at += table.len();
        body.extend(table);
    }
    out.extend(body);
    if let Some(adjusted) = adjusted {
        let difference = 0xb1b0_afba_u32.wrapping_sub(sum(&out));
        out[adjusted..adjusted + 4].copy_from_slice(&difference.to_be_bytes());
    }
    out
}

/// The sum of all words of four bytes.
pub fn sum(bytes: &[u8]) -> u32 {
    bytes
        .chunks_exact(4)
        .map(|word| u32::from_be_bytes([word[0], word[1], word[2], word[3]]))
        .fold(0, u32::wrapping_add)
}

fn short(number: usize) -> u16 {
    u16::try_from(number).expect("a font has few tables and codes")
}

fn long(number: usize) -> u32 {
    u32::try_from(number).expect("a font file is smaller than 4 GB")
}
