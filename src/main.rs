//! The `relata` program.

use std::process::ExitCode;

/// Keeps the large buffers of the encoder for the next window, where the system's allocator gives them back each time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    relata::cli::run()
}
