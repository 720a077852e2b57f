//! Where `_target_url` leads: a path on this app, whatever it says.

use std::sync::{LazyLock, Mutex};

use actix_huggingface_oauth::{HuggingFaceOAuth, OAuthSettings, SignIn};
use url::Url;

use crate::http::as_query;
use crate::space::Space;

const SIGN_IN: &str = "/oauth/huggingface/";

static OAUTH: LazyLock<HuggingFaceOAuth> = LazyLock::new(|| {
    HuggingFaceOAuth::new(OAuthSettings::new(SignIn::Off)).expect("settings without a provider")
});

static SPACE: LazyLock<Mutex<Space>> = LazyLock::new(|| Mutex::new(Space::start()));

/// The way back of a login link to `target`.
fn checked(target: &str) -> String {
    let app = Url::parse("http://app.invalid").expect("a URL");
    let login = app.join(&OAUTH.login_url(target)).expect("a path");
    let way_back = login.query_pairs().find(|(name, _)| name == "_target_url");
    way_back.map_or_else(|| "/".to_owned(), |(_, way_back)| way_back.into_owned())
}

/// The way back of a logout link with this query.
fn from_query(query: &str) -> String {
    let logout = format!("/oauth/huggingface/logout?{}", as_query(query));
    let answer = SPACE.lock().expect("no panic before").get(&logout, "");
    assert_eq!(answer.status, 303, "{answer:?}");
    answer.header("location").to_owned()
}

/// The input is the way back itself, and the query of a logout link.
pub fn way_back(input: &[u8]) {
    let input = String::from_utf8_lossy(input);
    for way_back in [checked(&input), from_query(&input)] {
        assert!(way_back.starts_with('/') && !way_back.starts_with("//"), "{way_back}");
        assert!(
            way_back.len() <= 512 && way_back.bytes().all(|byte| byte.is_ascii_graphic()),
            "{way_back}"
        );
        assert!(!way_back.contains('\\'), "{way_back}");

        let app = Url::parse("https://me-app.hf.space/deep/page").expect("a URL");
        let url = app.join(&way_back).expect("a way back is a URL");
        assert_eq!(url.origin(), app.origin(), "{way_back}");
        let path = percent_encoding::percent_decode_str(url.path()).decode_utf8_lossy();
        assert!(!path.starts_with("//") && !path.starts_with("/\\"), "{way_back}");
        assert!(!path.starts_with(SIGN_IN), "{way_back}");
        assert!(url.query_pairs().all(|(name, _)| name != "__sign"), "{way_back}");

        assert_eq!(checked(&way_back), way_back, "checked twice");
    }
}
