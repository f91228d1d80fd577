//! Saved web pages.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cordel_fuzz::import("page.html", data));
