//! Rows of one width, each given by what differs from the row above (PDF 1.7 §7.4.4.4, PNG
//! §9): where numbers count up from row to row, hardly anything is left to be packed.

use lopdf::Dictionary;

use super::objects::{count, dictionary};

/// How a stream says that its content is such rows.
pub(super) fn parameters(width: usize) -> Dictionary {
    dictionary([("Predictor", 12.into()), ("Columns", count(width))])
}

/// Rows by what differs from the row above, each after the number 2, for Up.
pub(super) fn from_above(rows: &[u8], width: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(rows.len() + rows.len() / width.max(1));
    let mut above = vec![0; width];
    for row in rows.chunks(width) {
        out.push(2);
        let differences = row.iter().zip(&above);
        out.extend(differences.map(|(byte, up)| byte.wrapping_sub(*up)));
        above[..row.len()].copy_from_slice(row);
    }
    out
}

/// How a stream says that its first row is so many cells of one width, each given by what
/// differs from the cell before, and the other rows, as long as the first, are as they are.
pub(super) fn parameters_of_cells(cells: usize, width: usize) -> Dictionary {
    dictionary([
        ("Predictor", 15.into()),
        ("Colors", count(width)),
        ("Columns", count(cells)),
    ])
}

/// Such cells, after the number 1, for Sub, and after them the rest in rows, each after the
/// number 0, for None; spaces fill the last up.
pub(super) fn from_before(cells: &[u8], width: usize, rest: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(cells.len() * 2 + rest.len() + rest.len() / 64);
    out.push(1);
    for (at, byte) in cells.iter().enumerate() {
        let before = at.checked_sub(width).map_or(0, |before| cells[before]);
        out.push(byte.wrapping_sub(before));
    }
    for row in rest.chunks(cells.len()) {
        out.push(0);
        out.extend(row);
        out.resize(out.len() + cells.len() - row.len(), b' ');
    }
    out
}

#[cfg(test)]
mod tests {
    use lopdf::{Object, Stream};

    use super::*;
    use crate::pdf::objects::stream;

    fn read(parameters: Dictionary, content: &[u8]) -> Vec<u8> {
        let entries = dictionary([("DecodeParms", Object::Dictionary(parameters))]);
        let stream: Stream = stream(entries, content);
        stream.decompressed_content().expect("it can be unpacked")
    }

    #[test]
    fn rows_are_read_back() {
        let rows = b"  1 abc   2 abd  10 xyz ";
        let read = read(parameters(8), &from_above(rows, 8));
        assert_eq!(&read[..rows.len()], rows);
    }

    #[test]
    fn cells_and_what_follows_them_are_read_back() {
        let (cells, rest) = (b"  1  2  3 10", b"<<all>> that follows them");
        let read = read(parameters_of_cells(4, 3), &from_before(cells, 3, rest));
        assert_eq!(&read[..12], cells);
        assert_eq!(read[12..].trim_ascii_end(), rest);
    }
}
