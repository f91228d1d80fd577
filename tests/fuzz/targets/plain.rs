//! Plain text in any encoding.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cordel_fuzz::import("text.txt", data));
