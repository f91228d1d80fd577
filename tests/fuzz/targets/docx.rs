//! Word documents, by their parts.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cordel_fuzz::import_parts("word/document.xml", data));
