//! The program itself: how it refuses to start, in one line.

use std::net::TcpListener;
use std::process::Command;

/// What a start that fails says, whatever backtraces are asked for.
fn refusal(vars: &[(&str, &str)]) -> String {
    let mut program = Command::new(env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME"))));
    program.env_clear().env("RUST_BACKTRACE", "1").envs(vars.iter().copied());
    let output = program.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let refusal = String::from_utf8(output.stderr).unwrap();
    assert_eq!(refusal.lines().count(), 1, "{refusal}");
    refusal
}

#[test]
fn settings_that_cannot_be_are_named_with_a_way_out() {
    let space = refusal(&[("SPACE_ID", "me/app")]);
    assert!(space.contains("`hf_oauth: true`") && space.contains("README.md"), "{space}");
    let log = refusal(&[("HF_MOCK_USER", "off"), ("RUST_LOG", "app=loudly")]);
    assert!(log.contains("RUST_LOG"), "{log}");
}

#[test]
fn a_port_that_is_taken_is_named_with_a_way_out() {
    let taken = TcpListener::bind("0.0.0.0:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let refusal = refusal(&[("HF_MOCK_USER", "off"), ("PORT", &port)]);
    assert!(refusal.contains(&port) && refusal.contains("PORT sets another port"), "{refusal}");
}
