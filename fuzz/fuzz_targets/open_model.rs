//! Bytes as a model file: opened or refused, never a panic. The body also runs under a true checksum,
//! so that the fuzzer gets past it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yorisoi_effects::{EffectModel, FORMAT_VERSION};

fuzz_target!(|body: &[u8]| {
    let _ = EffectModel::from_bytes(body);
    let mut file = Vec::with_capacity(52 + body.len());
    file.extend_from_slice(b"YORISOI\0");
    file.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
    file.extend_from_slice(&(body.len() as u64).to_le_bytes());
    file.extend_from_slice(blake3::hash(body).as_bytes());
    file.extend_from_slice(body);
    let _ = EffectModel::from_bytes(&file);
});
