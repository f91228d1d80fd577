//! Pictures drawn as SVG.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cordel_fuzz::draw(data));
