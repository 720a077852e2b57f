//! The program itself: how it starts and stops.

use std::net::TcpListener;

use crate::helpers::program;

/// What a start that fails says.
fn refusal(vars: &[(&str, &str)]) -> String {
    let output = program(vars).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_misconfigured_space_says_what_to_put_into_its_readme() {
    let refusal = refusal(&[("SPACE_ID", "me/app")]);
    assert!(refusal.contains("`hf_oauth: true`") && refusal.contains("README.md"), "{refusal}");
}

#[test]
fn a_port_that_is_taken_is_named_with_a_way_out() {
    let taken = TcpListener::bind("0.0.0.0:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let refusal = refusal(&[("HF_MOCK_USER", "off"), ("PORT", &port)]);
    assert!(refusal.contains(&port) && refusal.contains("PORT sets another port"), "{refusal}");
}

#[test]
fn a_log_filter_that_cannot_be_understood_is_named() {
    let refusal = refusal(&[("HF_MOCK_USER", "off"), ("RUST_LOG", "app=loudly")]);
    assert!(refusal.contains("RUST_LOG"), "{refusal}");
}

#[cfg(feature = "mock-hub")]
#[test]
fn an_unknown_mock_user_stops_the_start() {
    let refusal = refusal(&[("HF_MOCK_USER", "nobody")]);
    assert!(refusal.contains("enterprise-admin"), "{refusal}");
}
