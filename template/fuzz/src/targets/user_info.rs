//! What the Hub tells of the one who signs in.

use std::sync::{LazyLock, Mutex};

use actix_huggingface_oauth::OAuthUserInfo;
use serde_json::Value;

use super::auth_cookie::assert_harmless;
use crate::space::{AUTH, Space, pair};

/// The most bytes that the auth cookie may have, with name and attributes.
const MOST: usize = 4_000;

static SPACE: LazyLock<Mutex<Space>> = LazyLock::new(|| Mutex::new(Space::start()));

/// Signs in while the Hub answers the input as user info, and looks at the pages.
pub fn user_info(input: &[u8]) {
    let told = OAuthUserInfo::from_json(input);

    let mut space = SPACE.lock().expect("no panic before");
    space.hub.tell(input);
    let answer = space.sign_in("/profile");
    let Some(cookie) = answer.new_cookie(AUTH) else {
        // A `sub` and a username without limit are no fault of the Hub's response.
        let is_too_large = answer.status == 500 && answer.body.contains("too large for a cookie");
        assert!(told.is_none() && answer.status == 502 || is_too_large, "{answer:?}");
        return;
    };
    assert_eq!((answer.status, answer.header("location")), (303, "/profile"), "{answer:?}");
    assert!(cookie.len() < MOST, "a cookie of {} bytes", cookie.len());

    let cookie = pair(cookie);
    let me: Value = serde_json::from_str(&space.get("/api/me", &cookie).body).expect("JSON");
    let mut told = told.expect("without a user nobody is signed in");
    // What a cookie has no room for.
    let kept = |told: &mut Option<String>, field: &str| {
        if me["user_info"][field].is_null() {
            *told = None;
        }
    };
    kept(&mut told.website, "website");
    kept(&mut told.email, "email");
    kept(&mut told.profile, "profile");
    kept(&mut told.name, "name");
    let mut told = serde_json::to_value(told).expect("JSON");
    take_picture(&mut told, &me["user_info"]);
    for (index, org) in told["orgs"].as_array_mut().into_iter().flatten().enumerate() {
        take_picture(org, &me["user_info"]["orgs"][index]);
    }
    assert_eq!(me["user_info"], told);

    let profile = space.get("/profile", &cookie);
    assert_eq!(profile.status, 200);
    assert_harmless(&profile.body);
}

/// A picture is shown as a URL that a page can show, or not at all.
fn take_picture(told: &mut Value, shown: &Value) {
    let picture = &shown["picture"];
    let url = picture.as_str().unwrap_or("https://");
    assert!(
        ["https://", "http://"].iter().any(|scheme| url.to_lowercase().starts_with(scheme)),
        "{url}"
    );
    told["picture"] = picture.clone();
}
