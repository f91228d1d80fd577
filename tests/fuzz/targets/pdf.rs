//! PDFs: whole files, or what is inside one.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cordel_fuzz::import("text.pdf", &cordel_fuzz::pdf(data)));
