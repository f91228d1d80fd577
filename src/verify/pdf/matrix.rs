//! Where things stand: as much of PDF's transformations as reading needs (PDF 1.7 §8.3.4).

use lopdf::Object;

use super::content::amount;

/// `[a b c d e f]`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Matrix([f64; 6]);

impl Default for Matrix {
    fn default() -> Matrix {
        Matrix([1.0, 0.0, 0.0, 1.0, 0.0, 0.0])
    }
}

impl Matrix {
    /// The one that six operands tell; missing ones are 0.
    pub(super) fn of(operands: &[Object]) -> Matrix {
        let mut own = [0.0; 6];
        for (own, operand) in own.iter_mut().zip(operands) {
            *own = amount(operand);
        }
        Matrix(own)
    }

    pub(super) fn shift(x: f64, y: f64) -> Matrix {
        Matrix([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// This one first, then another.
    pub(super) fn then(&self, outer: &Matrix) -> Matrix {
        let ([a, b, c, d, e, f], o) = (self.0, outer.0);
        Matrix([
            a * o[0] + b * o[2],
            a * o[1] + b * o[3],
            c * o[0] + d * o[2],
            c * o[1] + d * o[3],
            e * o[0] + f * o[2] + o[4],
            e * o[1] + f * o[3] + o[5],
        ])
    }

    /// Where the origin goes.
    pub(super) fn origin(&self) -> (f64, f64) {
        (self.0[4], self.0[5])
    }

    /// Whether what was upright stands upside down.
    pub(super) fn is_turned(&self) -> bool {
        self.0[3] < 0.0
    }

    /// How long a line becomes that was 1 long.
    pub(super) fn scale(&self) -> f64 {
        self.0[0].hypot(self.0[1])
    }
}
