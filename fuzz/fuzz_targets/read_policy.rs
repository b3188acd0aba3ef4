//! Any text as a policy: read and checked, or refused; never a panic. What passes every check must come
//! back from its own JSON with the same fingerprint.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yorisoi_decision::Policy;

fuzz_target!(|text: &str| {
    let Ok(valid) = Policy::parse(text).and_then(Policy::validated) else { return };
    let json = serde_json::to_string(valid.policy()).expect("a valid policy can be written");
    let again = Policy::parse(&json).and_then(Policy::validated).expect("and read again");
    assert_eq!(valid.fingerprint(), again.fingerprint());
});
