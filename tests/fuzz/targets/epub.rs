//! E-books, by their parts.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cordel_fuzz::import_parts("META-INF/container.xml", data));
