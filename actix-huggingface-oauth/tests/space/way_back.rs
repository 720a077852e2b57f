//! The way back after sign-in: a path on this app, or `/`.

use std::sync::LazyLock;

use actix_huggingface_oauth::{HuggingFaceOAuth, OAuthSettings, SignIn};
use oauth2::url::Url;
use proptest::prelude::*;

use crate::helpers::{Browser, Space};

/// The path in front of the endpoints of the sign-in.
const SIGN_IN: &str = "/oauth/huggingface/";

static OAUTH: LazyLock<HuggingFaceOAuth> = LazyLock::new(|| under(""));

fn under(prefix: &str) -> HuggingFaceOAuth {
    HuggingFaceOAuth::new(OAuthSettings::new(SignIn::Off).route_prefix(prefix)).unwrap()
}

/// The way back of a login link to this target.
fn checked(target: &str) -> String {
    way_back_of(&OAUTH.login_url(target))
}

fn way_back_of(login_url: &str) -> String {
    let url = Url::parse("http://app.invalid").unwrap().join(login_url).unwrap();
    let target = url.query_pairs().find(|(name, _)| name == "_target_url");
    target.map_or_else(|| "/".to_owned(), |(_, target)| target.into_owned())
}

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
        assert_eq!(checked(path), path);
    }
}

#[test]
fn what_browsers_would_encode_is_encoded() {
    assert_eq!(checked("/search?q=café"), "/search?q=caf%C3%A9");
    assert_eq!(checked("/a/../b/./c"), "/b/c");
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
        assert_eq!(checked(target), "/", "{target:?}");
    }
}

#[test]
fn a_way_back_has_512_bytes_at_most() {
    let long = |length: usize| format!("/{}", "a".repeat(length - 1));
    assert_eq!(checked(&long(512)), long(512));
    assert_eq!(checked(&long(513)), "/");
    assert_eq!(checked(&format!("/{}", "é".repeat(200))), "/", "600 characters when encoded");
}

#[test]
fn the_hubs_credential_is_taken_out() {
    assert_eq!(checked("/a?__sign=secret"), "/a");
    assert_eq!(checked("/a?b=c&__sign=secret&d=e#f"), "/a?b=c&d=e#f");
    assert_eq!(checked("/a?%5F%5Fsign=secret"), "/a");
}

#[actix_web::test]
async fn without_a_target_the_other_parameters_are_kept_for_the_home_page() {
    let space = Space::start(&[("HF_MOCK_USER", "off")]);
    for (query, way_back) in [
        ("", "/"),
        ("a=b&c=%C3%A9", "/?a=b&c=%C3%A9"),
        ("a=b&_target_url=%2Fprofile%3Fx%3D1", "/profile?x=1"),
        ("_target_url=https://evil.test", "/"),
        ("__sign=secret&__theme=dark", "/?__theme=dark"),
    ] {
        let logout = format!("/oauth/huggingface/logout?{query}");
        assert_eq!(Browser::on_laptop(&space).get(&logout).await.location(), way_back, "{query}");
    }
}

#[test]
fn endpoints_under_a_prefix_are_no_way_back() {
    let oauth = under("/auth");
    let checked = |target: &str| way_back_of(&oauth.login_url(target));
    assert_eq!(checked("/auth/oauth/huggingface/login"), "/");
    assert_eq!(checked("/oauth/huggingface/login"), "/oauth/huggingface/login");
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
        let way_back = checked(&target);
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
        let way_back = checked(&target);
        prop_assert_eq!(checked(&way_back), way_back);
    }
}
