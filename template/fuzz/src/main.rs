//! libFuzzer with the target that the environment variable `TARGET` names.
#![no_main]

use std::sync::LazyLock;

use fuzz::{Target, target};

#[expect(clippy::disallowed_methods, reason = "the fuzzer's own setting, not the app's")]
static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("TARGET").expect("TARGET names what to fuzz");
    target(&name).expect("TARGET is one of the targets")
});

libfuzzer_sys::fuzz_target!(|input: &[u8]| TARGET(input));
