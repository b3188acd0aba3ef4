//! Any bytes, read as whatever they look like, give a table or an error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yorisoi_data::Silent;
use yorisoi_data::read::{ReadOptions, read_table};

fuzz_target!(|bytes: &[u8]| {
    // Parquet has its own target, with the panics of its decoder expected.
    if bytes.starts_with(b"PAR1") {
        return;
    }
    match read_table("fuzz", bytes, &ReadOptions::default(), &Silent) {
        Ok((table, _)) => assert!(table.n_rows() > 0 && !table.columns().is_empty()),
        Err(error) => assert!(!error.to_string().is_empty() && !error.hint().is_empty()),
    }
});
