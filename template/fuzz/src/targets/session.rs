//! The session state, in a cookie that is encrypted with the right key.

use std::sync::{LazyLock, Mutex};

use actix_web::cookie::{Cookie, CookieJar, Key};
use app::huggingface::OAuthUserInfo;
use hkdf::Hkdf;
use serde_json::{Value, json};
use sha2::Sha512;

use crate::space::{SESSION, SESSION_SECRET, Space};

/// The key that the app derives from its secret.
static KEY: LazyLock<Key> = LazyLock::new(|| {
    let mut key = [0; 64];
    let hkdf = Hkdf::<Sha512>::new(Some(b"sign-in-with-huggingface-v1"), SESSION_SECRET.as_bytes());
    hkdf.expand(b"session", &mut key).expect("64 bytes");
    Key::from(&key)
});

static SPACE: LazyLock<Mutex<Space>> = LazyLock::new(|| {
    let mut space = Space::start();
    let cookie = encrypted(state_with(include_str!("../../corpora/session/signed_in")));
    assert_eq!(space.get("/api/me", &cookie).status, 200, "the app has another key or session");
    Mutex::new(space)
});

/// The input is the sign-in in the session state, and the session state itself.
pub fn session(input: &[u8]) {
    let input = String::from_utf8_lossy(input);
    let mut space = SPACE.lock().expect("no panic before");
    for state in [state_with(&input), input.into_owned()] {
        let stored = stored(&state);
        let cookie = encrypted(state);
        let me = space.get("/api/me", &cookie);
        let profile = space.get("/profile", &cookie);
        assert_harmless(&profile.body);
        assert_eq!(me.status, profile.status, "{me:?}");
        if me.status != 200 {
            assert_eq!(me.status, 401, "{me:?}");
            continue;
        }

        let stored = stored.expect("without a sign-in nobody is signed in");
        let me: Value = serde_json::from_str(&me.body).expect("JSON");
        let shown: OAuthUserInfo = serde_json::from_value(me["user_info"].clone()).expect("a user");
        let user: OAuthUserInfo =
            serde_json::from_value(field(&stored, "user_info", 2).clone()).expect("who is shown");
        assert_eq!(OAuthUserInfo { orgs: None, ..user }, OAuthUserInfo { orgs: None, ..shown });
        assert_eq!(&me["scope"], field(&stored, "scope", 4));
        assert!(field(&stored, "access_token", 0).is_string());
    }
}

/// Nothing that a user wrote may become a script or an element.
pub fn assert_harmless(page: &str) {
    let page = page.to_ascii_lowercase();
    for harmful in ["<script", "href=\"javascript:", "href=\"data:", "<i>", "<b>"] {
        assert!(!page.contains(harmful), "{harmful} in {page}");
    }
}

/// The sign-in in a session state, as JSON.
fn stored(state: &str) -> Option<Value> {
    let state: Value = serde_json::from_str(state).ok()?;
    serde_json::from_str(state["oauth_info"].as_str()?).ok()
}

/// A field of a sign-in, which the app writes as a list and reads with names, too.
fn field<'a>(sign_in: &'a Value, name: &str, index: usize) -> &'a Value {
    sign_in.get(name).unwrap_or(&sign_in[index])
}

/// A session state with this sign-in.
fn state_with(sign_in: &str) -> String {
    json!({ "oauth_info": sign_in }).to_string()
}

fn encrypted(state: String) -> String {
    let mut jar = CookieJar::new();
    jar.private_mut(&KEY).add(Cookie::new(SESSION, state));
    jar.get(SESSION).expect("just added").encoded().to_string()
}
