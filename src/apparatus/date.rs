//! Dates as EDTF level 1 writes them, printed at their real precision.

/// A date or a stretch of time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// As the file has it: `1973-06-29`, `1972-22`, `1970-09/1970-10`, `1971?`.
    pub edtf: String,
}
