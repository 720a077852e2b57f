//! The way back after sign-in: a path on this app, or `/`.

use app::huggingface::way_back::{checked, from_query};
use oauth2::url::Url;
use proptest::prelude::*;

const SIGN_IN: &str = "/oauth/huggingface/";

#[test]
fn paths_on_this_app_are_kept() {
    for path in [
        "/",
        "/profile",
        "/search?q=caf%C3%A9",
        "/a/b?c=d&e=f#g",
        "/?x=%2F%2Fevil.test",
        "/a//b",
        "/a%2Fb",
        "/~user/:id",
        "/oauth",
        "/oauth/other",
        "/a?next=https://evil.test",
    ] {
        assert_eq!(checked(path, SIGN_IN), path);
    }
}

#[test]
fn what_browsers_would_encode_is_encoded() {
    assert_eq!(checked("/search?q=café", SIGN_IN), "/search?q=caf%C3%A9");
    assert_eq!(checked("/a/../b/./c", SIGN_IN), "/b/c");
}

#[test]
fn everything_else_becomes_the_home_page() {
    for target in [
        "",
        "evil",
        "https://evil.test",
        "//evil.test",
        "///evil.test",
        "////evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "/\\/evil.test",
        "/a\\b",
        "/%2Fevil.test",
        "/%2fevil.test",
        "/%5Cevil.test",
        "/%5cevil.test",
        "/\t/evil.test",
        "/\n/evil.test",
        "/a\r\nSet-Cookie: x",
        "/\u{0}",
        "/a\u{7f}",
        " /a",
        "javascript:alert(1)",
        "/.//evil.test",
        "/a/..//evil.test",
        "/%2e//evil.test",
        "@evil.test",
        "/oauth/huggingface/login",
        "/oauth/huggingface/callback?code=x",
        "/oauth/huggingface/logout",
        "/oauth/%68uggingface/login",
        "/x/../oauth/huggingface/logout",
        "/oauth/huggingface/anything",
    ] {
        assert_eq!(checked(target, SIGN_IN), "/", "{target:?}");
    }
}

#[test]
fn a_way_back_has_512_bytes_at_most() {
    let long = |length: usize| format!("/{}", "a".repeat(length - 1));
    assert_eq!(checked(&long(512), SIGN_IN), long(512));
    assert_eq!(checked(&long(513), SIGN_IN), "/");
    assert_eq!(
        checked(&format!("/{}", "é".repeat(200)), SIGN_IN),
        "/",
        "600 characters when encoded"
    );
}

#[test]
fn the_hubs_credential_is_taken_out() {
    assert_eq!(checked("/a?__sign=secret", SIGN_IN), "/a");
    assert_eq!(checked("/a?b=c&__sign=secret&d=e#f", SIGN_IN), "/a?b=c&d=e#f");
    assert_eq!(checked("/a?%5F%5Fsign=secret", SIGN_IN), "/a");
    assert_eq!(from_query("__sign=secret&__theme=dark", SIGN_IN), "/?__theme=dark");
}

#[test]
fn without_a_target_the_other_parameters_are_kept_for_the_home_page() {
    assert_eq!(from_query("", SIGN_IN), "/");
    assert_eq!(from_query("a=b&c=%C3%A9", SIGN_IN), "/?a=b&c=%C3%A9");
    assert_eq!(from_query("a=b&_target_url=%2Fprofile%3Fx%3D1", SIGN_IN), "/profile?x=1");
    assert_eq!(from_query("_target_url=https://evil.test", SIGN_IN), "/");
}

#[test]
fn endpoints_under_a_prefix_are_no_way_back() {
    assert_eq!(checked("/auth/oauth/huggingface/login", "/auth/oauth/huggingface/"), "/");
    assert_eq!(
        checked("/oauth/huggingface/login", "/auth/oauth/huggingface/"),
        "/oauth/huggingface/login"
    );
}

/// What an attacker would try: the characters that matter, in any order.
fn attack() -> impl Strategy<Value = String> {
    let piece = proptest::sample::select(vec![
        "/",
        "\\",
        ".",
        "..",
        "%2f",
        "%5C",
        "%2e",
        "@",
        ":",
        "?",
        "#",
        "\t",
        "\n",
        "evil.test",
        "https:",
        "oauth",
        "huggingface",
        "login",
        "é",
        "%",
        "&",
        "__sign=x",
        "a",
    ]);
    prop_oneof![
        ".{0,40}",
        proptest::collection::vec(piece, 0..12).prop_map(|pieces| format!("/{}", pieces.concat()))
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn a_way_back_never_leaves_this_app(target in attack()) {
        let way_back = checked(&target, SIGN_IN);
        prop_assert!(way_back.starts_with('/') && way_back.is_ascii() && way_back.len() <= 512);
        prop_assert!(!way_back.contains(char::is_control) && !way_back.contains('\\'));
        let app = Url::parse("https://me-app.hf.space/deep/page").unwrap();
        let url = app.join(&way_back).unwrap();
        prop_assert_eq!(url.origin(), app.origin());
        prop_assert!(!url.path().starts_with("//") && !url.path().starts_with(SIGN_IN));
        prop_assert!(!url.query_pairs().any(|(name, _)| name == "__sign"));
    }

    #[test]
    fn a_checked_way_back_stays_as_it_is(target in attack()) {
        let way_back = checked(&target, SIGN_IN);
        prop_assert_eq!(checked(&way_back, SIGN_IN), way_back);
    }
}
