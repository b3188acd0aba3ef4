//! Any bytes behind Parquet's magic number give a table or an error.
#![no_main]

use std::panic;
use std::sync::Once;

use libfuzzer_sys::fuzz_target;
use yorisoi_data::Silent;
use yorisoi_data::read::{ReadOptions, is_decoding, read_table};

/// libFuzzer's hook aborts on every panic; those that the reader catches must pass.
static PASS_CAUGHT_PANICS: Once = Once::new();

fuzz_target!(|bytes: &[u8]| {
    PASS_CAUGHT_PANICS.call_once(|| {
        let abort = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !is_decoding() {
                abort(panic);
            }
        }));
    });
    let file = [b"PAR1", bytes, b"PAR1"].concat();
    let _ = read_table("fuzz", file.as_slice(), &ReadOptions::default(), &Silent);
});
