//! Archives as they come: damaged, cut off, packed too well.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cordel_fuzz::import("text.zip", data));
