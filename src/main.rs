//! The command line program.

use std::process::ExitCode;

/// A book is half a million small pieces of memory, asked for on all threads.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cordel::cli::run()
}
