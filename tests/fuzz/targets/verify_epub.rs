//! Finished EPUBs with bytes changed.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cordel_fuzz::verify_epub(data));
