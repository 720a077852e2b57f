//! The session: what it keeps, how long, and in which cookie.

use serde_json::json;

use crate::helpers::sealed::{self, change};
use crate::helpers::{Browser, FakeHub, Page, Space, space_vars, user, user_with_orgs};

/// A secret that several apps share.
const SECRET: &str = "a secret of thirty-two bytes, or more";

fn attributes(cookie: &str) -> &str {
    cookie.split_once("; ").unwrap().1
}

fn max_age(cookie: &str) -> i64 {
    let (_, rest) = cookie.split_once("Max-Age=").unwrap();
    rest.split(';').next().unwrap().parse().unwrap()
}

/// `Max-Age` of a fresh sign-in, which a second may have passed since.
fn assert_life(cookie: &str, seconds: i64) {
    assert!((seconds - 60..=seconds).contains(&max_age(cookie)), "not {seconds} seconds: {cookie}");
}

#[actix_web::test]
async fn the_cookie_works_in_frames_and_ends_with_the_token() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let page = space.browser().sign_in(&hub).await;
    let cookie = page.set_cookie("__Host-session").unwrap();
    assert_life(cookie, 28_800);
    let expected = format!(
        "Path=/; HttpOnly; Max-Age={}; Secure; SameSite=None; Partitioned",
        max_age(cookie)
    );
    assert_eq!(attributes(cookie), expected);
    assert!(
        !cookie.contains("hf_oauth") && !cookie.contains("hub.js"),
        "the cookie is not encrypted"
    );
}

#[actix_web::test]
async fn the_life_of_the_token_has_a_default_and_a_cap() {
    for (expires_in, seconds) in [
        (json!(null), 480 * 60),
        (json!(60), 60),
        (json!(u64::MAX), 43_200 * 60),
        (json!(2_592_001), 43_200 * 60),
    ] {
        let hub = FakeHub::start(user());
        hub.set_token_field("expires_in", expires_in);
        let space = Space::on(&hub);
        assert_life(
            space.browser().sign_in(&hub).await.set_cookie("__Host-session").unwrap(),
            seconds,
        );
    }
}

#[actix_web::test]
async fn an_expired_token_is_no_sign_in() {
    let hub = FakeHub::start(user());
    hub.set_token_field("expires_in", json!(0));
    let space = Space::on(&hub);
    let mut browser = space.browser();
    let callback = browser.consent(&hub, "/oauth/huggingface/login").await;
    let page = browser.get(&callback).await;
    assert_eq!(page.status, 502);
    assert!(page.body.contains("for no time at all"), "{}", page.body);
    assert!(page.body.contains("hf_oauth_expiration_minutes"), "{}", page.body);
    assert_eq!(page.set_cookie("__Host-session"), None);
    assert_eq!(browser.me().await, None);
}

#[actix_web::test]
async fn a_missing_scope_is_the_requested_one() {
    let hub = FakeHub::start(user());
    hub.set_token_field("scope", json!(null));
    let space = Space::on(&hub);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    assert_eq!(browser.me().await.unwrap()["scope"], "openid profile email");

    hub.set_token_field("scope", json!("openid profile"));
    browser.sign_in(&hub).await;
    assert_eq!(browser.me().await.unwrap()["scope"], "openid profile");
}

#[actix_web::test]
async fn a_session_outlives_a_restart_and_holds_on_another_replica() {
    let hub = FakeHub::start(user());
    let mut browser = Space::on(&hub).browser();
    let first = Space::on(&hub);
    let mut signed_in = first.browser();
    signed_in.sign_in(&hub).await;
    drop(first);

    let second = Space::on(&hub);
    browser.cookies = signed_in.cookies;
    let mut again = second.browser();
    again.cookies = browser.cookies;
    let me = again.me().await.unwrap();
    assert_eq!(me["user_info"]["preferred_username"], "hub.js");
    assert_eq!(me["user_info"]["orgs"][0]["preferred_username"], "acme");
}

#[actix_web::test]
async fn a_session_of_another_format_is_no_sign_in_and_goes() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let user = json!(["s", null, null, null, "email@example.org", null, null, null, true, null]);
    let end = 253_402_300_000_i64;
    for (stored, holds) in [
        (json!([1, "token", end, user, null, "openid"]), true),
        (json!([0, "token", end, user, null, "openid"]), false),
        (json!([2, "token", end, user, null, "openid"]), false),
        (json!(["token", end, user, null, "openid"]), false),
        (json!([1, "token", end, user, null, "openid", "more"]), false),
        (json!([1, "token", end, user, null]), false),
        (json!({"access_token": "token", "expires_at": end, "user_info": {"sub": "s"}}), false),
        (json!("token"), false),
    ] {
        // Alone, as state of the session, and beside other state, which stays.
        for (session, stays) in [
            (stored.clone(), holds),
            (json!({"oauth_info": stored.to_string()}), holds),
            (json!({"oauth_info": stored.to_string(), "note": "\"xxx\""}), true),
        ] {
            let mut browser = space.browser();
            browser.sign_in(&hub).await;
            hub.accept_token("token", json!({"sub": "s"}));
            change(&mut browser, &hub, sealed::SESSION, |kept| kept.clone_from(&session));
            let page = browser.get("/api/me").await;
            assert_eq!(page.status, if holds { 200 } else { 401 }, "{session}");
            assert_eq!(browser.cookie("__Host-session").is_some(), stays, "{session}");
            let entries = browser.get("/entries").await.body;
            assert_eq!(
                entries.contains("xxx"),
                session["note"].is_string(),
                "{session}: {entries}"
            );
            if holds {
                let me = &page.json()["user_info"];
                let (email, picture) = (json!("email@example.org"), json!(null));
                assert_eq!((&me["email"], &me["picture"]), (&email, &picture));
            }
        }
    }
}

#[actix_web::test]
async fn a_session_of_another_oauth_app_is_none_under_the_same_secret() {
    let (hub, other_hub) = (FakeHub::start(user()), FakeHub::start(user()));
    let mut vars = space_vars(&hub.url).to_vec();
    vars.push(("SESSION_SECRET", SECRET));
    let first = Space::start(&vars);
    let mut browser = first.browser();
    browser.sign_in(&hub).await;
    for (name, value, holds) in [
        ("OAUTH_CLIENT_SECRET", "another", true),
        ("OAUTH_CLIENT_ID", "another", false),
        ("OPENID_PROVIDER_URL", &other_hub.url, false),
    ] {
        let mut vars = vars.clone();
        vars.push((name, value));
        let other = Space::start(&vars);
        let mut moved = other.browser();
        moved.cookies.clone_from(&browser.cookies);
        let page = moved.get("/profile").await;
        assert_eq!(page.status, if holds { 200 } else { 401 }, "{name}");
    }
}

#[cfg(feature = "mock-hub")]
#[actix_web::test]
async fn a_session_of_a_mock_is_none_anywhere_else_under_the_same_secret() {
    let hub = FakeHub::start(user());
    let mocked = [("HF_MOCK_USER", "enterprise-admin"), ("SESSION_SECRET", SECRET)];
    let space = Space::start(&mocked);
    let mut browser = Browser::on_laptop(&space);
    browser.follow("/oauth/huggingface/login").await;
    assert!(browser.me().await.is_some());

    let real = [
        ("OAUTH_CLIENT_ID", "mock-client"),
        ("OPENID_PROVIDER_URL", &hub.url),
        ("SESSION_SECRET", SECRET),
    ];
    for vars in [&mocked[..], &real] {
        let space = Space::start(vars);
        let mut moved = Browser::on_laptop(&space);
        moved.cookies.clone_from(&browser.cookies);
        assert_eq!(moved.me().await, None, "{vars:?}");
    }
}

#[actix_web::test]
async fn a_session_does_not_hold_under_another_secret() {
    let hub = FakeHub::start(user());
    let mut vars = space_vars(&hub.url).to_vec();
    let first = Space::start(&vars);
    let mut browser = first.browser();
    browser.sign_in(&hub).await;

    vars.push(("SESSION_SECRET", "another secret of thirty-two bytes"));
    let second = Space::start(&vars);
    let mut again = second.browser();
    again.cookies = browser.cookies;
    assert_eq!(again.me().await, None);
}

#[actix_web::test]
async fn without_a_secret_the_keys_are_random() {
    let hub = FakeHub::start(user());
    let vars = [("OAUTH_CLIENT_ID", "client-id"), ("OPENID_PROVIDER_URL", hub.url.as_str())];
    let first = Space::start(&vars);
    let mut browser = Browser::on_laptop(&first);
    hub.make_public(&format!("{}/oauth/huggingface/callback", browser.origin()));
    browser.sign_in(&hub).await;
    let cookies = browser.cookies.clone();

    let second = Space::start(&vars);
    let mut again = Browser::on_laptop(&second);
    again.cookies = cookies;
    assert_eq!(again.me().await, None);
}

#[actix_web::test]
async fn a_cookie_that_cannot_be_read_counts_as_none_and_is_taken_away() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut signed_in = space.browser();
    signed_in.sign_in(&hub).await;
    let good = signed_in.cookie("__Host-session").unwrap().clone();
    for bad in ["", "nonsense", "%ff%00", &good[..good.len() - 8], &good[4..]] {
        let mut browser = space.browser();
        browser.cookies.insert("__Host-session".to_owned(), bad.to_owned());
        let page = browser.get("/").await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains("Sign in with Hugging Face"));
        let cookie = page.set_cookie("__Host-session").unwrap();
        assert_eq!(
            attributes(cookie),
            "Path=/; HttpOnly; Max-Age=0; Secure; SameSite=None; Partitioned"
        );
        assert_eq!(browser.cookie("__Host-session"), None);
        browser.sign_in(&hub).await;
    }
}

#[actix_web::test]
async fn malformed_cookies_of_others_do_not_hide_ours() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    for (name, value) in [("a", "%ff"), ("", "no name"), ("b", "x y z"), ("zz", "\u{e9}")] {
        let mut browser = space.browser();
        browser.cookies.insert(name.to_owned(), value.to_owned());
        browser.sign_in(&hub).await;
        assert!(browser.me().await.is_some(), "{name}={value}");
    }
}

#[actix_web::test]
async fn a_readable_cookie_is_left_alone() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    for path in ["/", "/profile", "/api/me", "/healthz"] {
        assert_eq!(browser.get(path).await.set_cookie("__Host-session"), None, "{path}");
    }
}

#[actix_web::test]
async fn signing_in_replaces_who_was_signed_in() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    let mut other = user();
    other["sub"] = json!("another");
    other["preferred_username"] = json!("somebody-else");
    hub.set_user(other);
    browser.sign_in(&hub).await;
    assert_eq!(browser.me().await.unwrap()["user_info"]["preferred_username"], "somebody-else");
}

#[actix_web::test]
async fn a_user_in_a_thousand_organizations_signs_in_and_sees_all_of_them() {
    let hub = FakeHub::start(user_with_orgs(1_000));
    let space = Space::on(&hub);
    let mut browser = space.browser();
    let page = browser.sign_in(&hub).await;
    assert!(page.set_cookie("__Host-session").unwrap().len() < 4_000);
    assert_eq!(browser.me().await.unwrap()["user_info"]["orgs"].as_array().unwrap().len(), 1_000);
    let profile = browser.get("/profile").await.body;
    assert!((0..1_000).all(|number| profile.contains(&format!("organization-{number}<"))));
}

#[actix_web::test]
async fn what_does_not_fit_is_left_out_website_first_then_email_then_picture() {
    let long = |length: usize| "x".repeat(length);
    let cases = [
        (200, 200, 200, ["website", "email", "picture"].as_slice()),
        (1_800, 200, 200, &["email", "picture"]),
        (1_800, 1_800, 200, &["picture"]),
        (1_800, 1_800, 2_400, &[]),
    ];
    for (website, email, picture, kept) in cases {
        let mut user = user();
        user["website"] = json!(format!("https://{}.example", long(website)));
        user["email"] = json!(format!("{}@example.org", long(email)));
        user["picture"] = json!(format!("https://{}.example", long(picture)));
        let hub = FakeHub::start(user);
        hub.set_token_field("access_token", json!(long(900)));
        let space = Space::on(&hub);
        let mut browser = space.browser();
        let page = browser.sign_in(&hub).await;
        assert!(page.set_cookie("__Host-session").unwrap().len() < 4_000);
        let me = browser.me().await.unwrap();
        for field in ["website", "email", "picture"] {
            assert_eq!(!me["user_info"][field].is_null(), kept.contains(&field), "{field}: {me}");
        }
    }
}

#[actix_web::test]
async fn a_cookie_stays_under_4000_bytes_up_to_the_byte_from_which_on_it_is_refused() {
    let hub = FakeHub::start(json!({"sub": "s"}));
    let space = Space::on(&hub);
    let mut largest = 0;
    let mut refused = 0;
    for length in (2_500..2_900).step_by(7) {
        hub.set_token_field("access_token", json!("t".repeat(length)));
        let mut browser = space.browser();
        let callback = browser.consent(&hub, "/oauth/huggingface/login").await;
        let page = browser.get(&callback).await;
        if page.status == 303 {
            assert_eq!(refused, 0, "a smaller one was refused");
            largest = largest.max(page.set_cookie("__Host-session").unwrap().len());
            assert!(browser.me().await.is_some());
        } else {
            assert_eq!(page.status, 502);
            assert!(page.body.contains("too large for a cookie"), "{}", page.body);
            assert_eq!(page.set_cookie("__Host-session"), None);
            refused += 1;
        }
    }
    assert!((3_900..4_000).contains(&largest), "the largest cookie has {largest} bytes");
    assert!(refused > 0);
}

#[actix_web::test]
async fn on_a_laptop_a_frame_gets_a_cookie_that_comes_back_in_it() {
    let hub = FakeHub::start(user());
    let space =
        Space::start(&[("OAUTH_CLIENT_ID", "client-id"), ("OPENID_PROVIDER_URL", &hub.url)]);
    let mut browser = Browser::on_laptop(&space);
    hub.make_public(&format!("{}/oauth/huggingface/callback", browser.origin()));
    browser.sign_in(&hub).await;
    let logout = "/oauth/huggingface/logout";
    let click = [("sec-fetch-dest", "iframe"), ("sec-fetch-user", "?1")];
    let page = browser.send(reqwest::Method::GET, logout, &click).await;
    let session = browser.named("session");
    assert_eq!(
        attributes(page.set_cookie(&session).unwrap()),
        "Path=/; HttpOnly; Max-Age=0; Secure; SameSite=None; Partitioned"
    );
    browser.sign_in(&hub).await;
    let page = browser.get(logout).await;
    assert_eq!(
        attributes(page.set_cookie(&session).unwrap()),
        "Path=/; HttpOnly; Max-Age=0; SameSite=Lax"
    );
}

/// An answer to a request with several cookies of one name.
async fn me_with(space: &Space, values: &[&str]) -> Page {
    let cookies: Vec<_> = values.iter().map(|value| format!("__Host-session={value}")).collect();
    let headers = [("cookie", &*cookies.join("; "))];
    space.browser().send(reqwest::Method::GET, "/api/me", &headers).await
}

#[actix_web::test]
async fn of_several_cookies_with_our_name_the_one_that_ends_last_counts() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut sessions = Vec::new();
    for (name, hours) in [("soon", 1), ("late", 3), ("between", 2)] {
        hub.set_token_field("expires_in", json!(hours * 3_600));
        hub.set_user(json!({"sub": name}));
        let mut browser = space.browser();
        browser.sign_in(&hub).await;
        sessions.push(browser.cookie("__Host-session").unwrap().clone());
    }
    let mut browser = space.browser();
    browser.get("/note/3").await;
    let without_sign_in = browser.cookie("__Host-session").unwrap();
    let [soon, late, between] = [&*sessions[0], &*sessions[1], &*sessions[2]];
    let stale = "A".repeat(600);
    for (values, sub) in [
        (&[&*stale, late][..], "late"),
        (&[late, &stale], "late"),
        (&[soon, late, between], "late"),
        (&["", "nonsense", &stale, without_sign_in, soon, between], "between"),
        (&["1", "2", "3", "4", "5", "6", "7", soon, late], "soon"),
    ] {
        let page = me_with(&space, values).await;
        assert_eq!((page.status, &page.json()["user_info"]["sub"]), (200, &json!(sub)));
        assert_eq!(page.set_cookie("__Host-session"), None, "the good one is taken away");
    }
    let page = me_with(&space, &[&stale, "nonsense"]).await;
    assert_eq!(page.status, 401);
    assert!(page.set_cookie("__Host-session").unwrap().contains("Max-Age=0"));
}

#[actix_web::test]
async fn what_the_token_response_writes_otherwise_is_understood() {
    for (field, value) in [
        ("expires_in", json!("28800")),
        ("expires_in", json!(28800.0)),
        ("expires_in", json!("28800.5")),
        ("expires_in", json!("soon")),
        ("expires_in", json!([1])),
        ("scope", json!(["openid", "profile"])),
        ("scope", json!(7)),
        ("token_type", json!(null)),
    ] {
        let hub = FakeHub::start(user());
        hub.set_token_field(field, value.clone());
        let space = Space::on(&hub);
        let mut browser = space.browser();
        let page = browser.sign_in(&hub).await;
        let cookie = page.set_cookie("__Host-session").unwrap();
        assert!(
            cookie.contains("Max-Age=28800") || cookie.contains("Max-Age=28799"),
            "{value}: {cookie}"
        );
        let scope = browser.me().await.unwrap()["scope"].take();
        let told = if value.is_array() && field == "scope" {
            "openid profile"
        } else {
            "openid profile email"
        };
        assert_eq!(scope, told, "{field}: {value}");
    }
}
