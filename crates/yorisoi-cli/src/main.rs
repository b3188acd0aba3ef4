//! The `yorisoi` command.

fn main() {}
