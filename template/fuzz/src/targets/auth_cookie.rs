//! What a session cookie holds that is encrypted with the right key: a sign-in alone, or the session state with it.

use std::sync::{LazyLock, Mutex};

use actix_web::cookie::{Cookie, CookieJar, Key};
use hkdf::Hkdf;
use serde_json::{Value, json};
use sha2::Sha512;

use crate::space::{CLIENT_ID, SESSION, SESSION_SECRET, Space};

/// What of the user is kept, in its order.
const USER_FIELDS: [&str; 10] = [
    "sub",
    "name",
    "preferred_username",
    "email_verified",
    "email",
    "picture",
    "profile",
    "website",
    "is_pro",
    "can_pay",
];

/// The app, and the key that it derives from its secret.
static SPACE: LazyLock<Mutex<(Space, Key)>> = LazyLock::new(|| {
    let mut space = Space::start();
    let mut key = [0; 64];
    let hkdf = Hkdf::<Sha512>::new(Some(b"actix-huggingface-oauth-v2"), SESSION_SECRET.as_bytes());
    let info = ["session", "real", &space.hub.issuer(), CLIENT_ID].join("\n");
    hkdf.expand(info.as_bytes(), &mut key).expect("64 bytes");
    let key = Key::from(&key);
    let cookie = encrypted(&key, state_with(include_str!("../../corpora/session/signed_in")));
    assert_eq!(space.get("/api/me", &cookie).status, 200, "the app has another key or session");
    Mutex::new((space, key))
});

/// The input is the sign-in in a session state, and all that the cookie holds.
pub fn session(input: &[u8]) {
    let input = String::from_utf8_lossy(input);
    let mut space = SPACE.lock().expect("no panic before");
    let (space, key) = &mut *space;
    for held in [state_with(&input), input.into_owned()] {
        let stored = stored(&held);
        let cookie = encrypted(key, held);
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
        for (index, field) in USER_FIELDS.into_iter().enumerate() {
            assert_eq!(me["user_info"][field], stored[3][index], "{field}");
        }
        assert_eq!((&stored[0], &me["scope"]), (&json!(1), &stored[5]));
        assert!(stored[1].is_string(), "{stored}");
    }
}

/// Nothing that a user wrote may become a script or an element.
pub fn assert_harmless(page: &str) {
    // Those of the login control and of the chat are the app's own.
    let page = page.to_ascii_lowercase().replace("<script src=\"/oauth/huggingface/", "");
    let page = page.replace("<script src=\"/static/", "");
    for harmful in ["<script", "href=\"javascript:", "href=\"data:", "<i>", "<b>"] {
        assert!(!page.contains(harmful), "{harmful} in {page}");
    }
}

/// The sign-in in what a cookie holds, as JSON.
fn stored(held: &str) -> Option<Value> {
    let held: Value = serde_json::from_str(held).ok()?;
    if held.is_array() {
        return Some(held);
    }
    serde_json::from_str(held["oauth_info"].as_str()?).ok()
}

/// A session state with this sign-in.
fn state_with(sign_in: &str) -> String {
    json!({ "oauth_info": sign_in }).to_string()
}

/// The cookie, as the app writes it.
fn encrypted(key: &Key, held: String) -> String {
    let mut jar = CookieJar::new();
    jar.private_mut(key).add(Cookie::new(SESSION, held));
    jar.get(SESSION).expect("just added").stripped().to_string()
}
