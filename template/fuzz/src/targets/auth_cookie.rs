//! What an auth cookie holds that is sealed with the right key: the record of a login, or anything else.

use std::sync::{LazyLock, Mutex};

use actix_web::cookie::{Cookie, CookieJar, Key};
use hkdf::Hkdf;
use serde_json::{Value, json};
use sha2::Sha512;

use crate::space::{AUTH, CLIENT_ID, SESSION_SECRET, Space};

/// The purpose for which the cookie is sealed.
const PURPOSE: &str = "auth";

/// The fields of the user in the order of their list, and whether they are texts.
const USER_FIELDS: [(&str, bool); 10] = [
    ("sub", true),
    ("name", true),
    ("preferred_username", true),
    ("email_verified", false),
    ("email", true),
    ("picture", true),
    ("profile", true),
    ("website", true),
    ("is_pro", false),
    ("can_pay", false),
];

/// The app, and the key that it derives from its secret.
static SPACE: LazyLock<Mutex<(Space, Key)>> = LazyLock::new(|| {
    let mut space = Space::start();
    let mut key = [0; 64];
    let hkdf = Hkdf::<Sha512>::new(Some(b"actix-huggingface-oauth-v2"), SESSION_SECRET.as_bytes());
    let info = [PURPOSE, "real", &space.hub.issuer(), CLIENT_ID].join("\n");
    hkdf.expand(info.as_bytes(), &mut key).expect("64 bytes");
    let key = Key::from(&key);
    let cookie = sealed(&key, include_str!("../../corpora/auth_cookie/signed_in").to_owned());
    assert_eq!(space.get("/api/me", &cookie).status, 200, "the app has another key or format");
    Mutex::new((space, key))
});

/// The input is the content of the cookie.
pub fn auth_cookie(input: &[u8]) {
    let content = String::from_utf8_lossy(input).into_owned();
    let record = serde_json::from_str::<Value>(&content).ok();
    let mut space = SPACE.lock().expect("no panic before");
    let (space, key) = &mut *space;
    let cookie = sealed(key, content);
    let me = space.get("/api/me", &cookie);
    let profile = space.get("/profile", &cookie);
    assert_harmless(&profile.body);
    assert_eq!(me.status, profile.status, "{me:?}");
    assert_eq!(me.header("set-cookie"), "", "{me:?}");
    if me.status != 200 {
        assert_eq!(me.status, 401, "{me:?}");
        return;
    }

    let record = as_list(record.expect("a login without a record"));
    let me: Value = serde_json::from_str(&me.body).expect("JSON");
    for (index, (field, is_text)) in USER_FIELDS.into_iter().enumerate() {
        let stored = match &record[7] {
            Value::Object(user) => user.get(hub_name(field)).cloned().unwrap_or_default(),
            user => user[index].clone(),
        };
        let has_its_type = if is_text { stored.is_string() } else { stored.is_boolean() };
        let expected = if has_its_type { stored } else { Value::Null };
        assert_eq!(me["user_info"][field], expected, "{field}");
    }
    assert_eq!((&record[0], &me["scope"]), (&json!(2), &record[5]));
    assert!(record[1].is_string() && record[3].is_string(), "{record}");
}

/// A record that is an object, which the app reads as well.
fn as_list(record: Value) -> Value {
    const FIELDS: [&str; 8] = [
        "format",
        "login_id",
        "logged_in_at",
        "access_token",
        "expires_at",
        "scope",
        "state",
        "user",
    ];
    match record {
        Value::Object(fields) => {
            FIELDS.map(|name| fields.get(name).cloned().unwrap_or_default()).into_iter().collect()
        }
        record => record,
    }
}

fn hub_name(field: &str) -> &str {
    match field {
        "is_pro" => "isPro",
        "can_pay" => "canPay",
        field => field,
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

/// The cookie, as the app writes it.
fn sealed(key: &Key, content: String) -> String {
    let mut jar = CookieJar::new();
    jar.private_mut(key).add(Cookie::new(PURPOSE, content));
    format!("{AUTH}={}", jar.get(PURPOSE).expect("just added").value())
}
