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
async fn the_cookie_of_a_tab_is_unpartitioned_and_expires_with_the_token() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let page = space.browser().sign_in(&hub).await;
    let cookie = page.set_cookie("__Host-hf-auth").unwrap();
    assert_life(cookie, 28_800);
    let expected = format!("Path=/; HttpOnly; Max-Age={}; Secure; SameSite=Lax", max_age(cookie));
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
            space.browser().sign_in(&hub).await.set_cookie("__Host-hf-auth").unwrap(),
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
    assert_eq!(page.set_cookie("__Host-hf-auth"), None);
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
async fn a_record_of_another_format_counts_as_signed_out() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let user = json!(["s", null, null, null, "email@example.org", null, null, null, true, null]);
    let end = 253_402_300_000_i64;
    let now = 1_780_000_000_000_i64;
    // As a version writes it that knows one more field of the user, or one field less.
    let (mut more, mut less) = (user.clone(), user.clone());
    more.as_array_mut().unwrap().push(json!("of a later version"));
    less.as_array_mut().unwrap().pop();
    for (record, is_valid) in [
        (json!([2, "id", now, "token", end, "openid", null, user]), true),
        (json!([2, "id", now, "token", end, "openid", null, less]), true),
        (json!([2, "id", now, "token", end, "openid", null, more]), true),
        (json!([1, "id", now, "token", end, "openid", null, user]), false),
        (json!([3, "id", now, "token", end, "openid", null, user]), false),
        (json!([1, "token", end, user, null, "openid"]), false),
        (json!(["id", now, "token", end, "openid", null, user]), false),
        (json!([2, "id", now, "token", end, "openid", null, user, "more"]), false),
        (json!([2, "id", now, "token", end, "openid", null]), false),
        (json!([2, "id", now, "token", i64::MAX, "openid", null, user]), false),
        (json!([2, "id", i64::MAX, "token", end, "openid", null, user]), false),
        (json!({"access_token": "token", "expires_at": end, "user_info": {"sub": "s"}}), false),
        (json!("token"), false),
    ] {
        let mut browser = space.browser();
        browser.sign_in(&hub).await;
        hub.accept_token("token", json!({"sub": "s"}));
        change(&mut browser, &hub, sealed::AUTH, |stored| stored.clone_from(&record));
        let page = browser.get("/api/me").await;
        assert_eq!(page.status, if is_valid { 200 } else { 401 }, "{record}");
        assert_eq!(page.headers.get("set-cookie"), None, "{record}");
        if is_valid {
            let me = &page.json()["user_info"];
            let (email, picture) = (json!("email@example.org"), json!(null));
            assert_eq!((&me["email"], &me["picture"]), (&email, &picture));
            assert_eq!((&me["is_pro"], &me["can_pay"]), (&json!(true), &json!(null)));
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
async fn a_cookie_that_cannot_be_read_counts_as_signed_out_and_is_left_to_expire() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut signed_in = space.browser();
    signed_in.sign_in(&hub).await;
    let good = signed_in.cookie("__Host-hf-auth").unwrap().clone();
    for bad in ["", "nonsense", "%ff%00", &good[..good.len() - 8], &good[4..]] {
        let mut browser = space.browser();
        browser.cookies.insert("__Host-hf-auth".to_owned(), bad.to_owned());
        let page = browser.get("/").await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains("Sign in with Hugging Face"));
        // A late response could remove the cookie of a new login.
        assert_eq!(page.headers.get("set-cookie"), None);
        browser.sign_in(&hub).await;
        assert!(browser.me().await.is_some());
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
        assert_eq!(browser.get(path).await.set_cookie("__Host-hf-auth"), None, "{path}");
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
    assert!(page.set_cookie("__Host-hf-auth").unwrap().len() < 4_000);
    assert_eq!(browser.me().await.unwrap()["user_info"]["orgs"].as_array().unwrap().len(), 1_000);
    let profile = browser.get("/profile").await.body;
    assert!((0..1_000).all(|number| profile.contains(&format!("organization-{number}<"))));
}

#[actix_web::test]
async fn fields_that_do_not_fit_are_left_out_in_the_documented_order() {
    const FIELDS: [&str; 5] = ["website", "email", "picture", "profile", "name"];
    let long = |length: usize| "x".repeat(length);
    for (lengths, kept) in [
        ([200, 200, 200, 20, 20], 0),
        ([1_800, 200, 200, 20, 20], 1),
        ([1_800, 1_800, 200, 20, 20], 2),
        ([1_800, 1_800, 2_400, 20, 20], 3),
        ([20, 20, 5_000, 20, 20], 3),
        ([20, 20, 20, 5_000, 20], 4),
        ([20, 20, 20, 20, 5_000], 5),
        ([9_000, 9_000, 9_000, 9_000, 9_000], 5),
    ] {
        let mut user = user();
        for (field, length) in FIELDS.into_iter().zip(lengths) {
            user[field] = json!(format!("https://{}.example", long(length)));
        }
        let hub = FakeHub::start(user);
        hub.set_token_field("access_token", json!(long(900)));
        let space = Space::on(&hub);
        let mut browser = space.browser();
        let page = browser.sign_in(&hub).await;
        assert!(page.set_cookie("__Host-hf-auth").unwrap().len() < 4_000);
        let me = browser.me().await.unwrap();
        assert_eq!(me["user_info"]["preferred_username"], "hub.js");
        for (place, field) in FIELDS.into_iter().enumerate() {
            assert_eq!(me["user_info"][field].is_null(), place < kept, "{field}: {me}");
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
            largest = largest.max(page.set_cookie("__Host-hf-auth").unwrap().len());
            assert!(browser.me().await.is_some());
        } else {
            assert_eq!(page.status, 500);
            assert!(page.body.contains("too large for a cookie"), "{}", page.body);
            assert_eq!(page.set_cookie("__Host-hf-auth"), None);
            refused += 1;
        }
    }
    assert!((3_900..4_000).contains(&largest), "the largest cookie has {largest} bytes");
    assert!(refused > 0);
}

#[actix_web::test]
async fn locally_the_cookie_has_its_port_and_no_prefix_and_both_jars_are_cleared() {
    const EMBEDDED: &str = "Secure; SameSite=None; Partitioned";
    let hub = FakeHub::start(user());
    let space =
        Space::start(&[("OAUTH_CLIENT_ID", "client-id"), ("OPENID_PROVIDER_URL", &hub.url)]);
    let mut browser = Browser::on_laptop(&space);
    hub.make_public(&format!("{}/oauth/huggingface/callback", browser.origin()));
    let page = browser.sign_in(&hub).await;
    let auth = browser.named("hf-auth");
    let [removal, set] = page.set_cookies(&auth).try_into().unwrap();
    assert_eq!(attributes(removal), format!("Path=/; HttpOnly; Max-Age=0; {EMBEDDED}"));
    let max_age = max_age(set);
    assert_eq!(attributes(set), format!("Path=/; HttpOnly; Max-Age={max_age}; SameSite=Lax"));
    for headers in [&[][..], &[("sec-fetch-dest", "iframe"), ("sec-fetch-user", "?1")]] {
        browser.sign_in(&hub).await;
        let logout = "/oauth/huggingface/logout";
        let page = browser.send(reqwest::Method::GET, logout, headers).await;
        let removals = page.set_cookies(&auth);
        assert_eq!(
            removals.into_iter().map(attributes).collect::<Vec<_>>(),
            [
                "Path=/; HttpOnly; Max-Age=0; SameSite=Lax".to_owned(),
                format!("Path=/; HttpOnly; Max-Age=0; {EMBEDDED}")
            ]
        );
    }
}

/// An answer to a request with several cookies of one name.
async fn me_with(space: &Space, values: &[&str]) -> Page {
    let cookies: Vec<_> = values.iter().map(|value| format!("__Host-hf-auth={value}")).collect();
    let headers = [("cookie", &*cookies.join("; "))];
    space.browser().send(reqwest::Method::GET, "/api/me", &headers).await
}

#[actix_web::test]
async fn of_several_cookies_of_our_name_the_newest_login_counts_and_no_older_one() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut sessions = Vec::new();
    for (name, hours) in [("first", 3), ("second", 1), ("third", 2)] {
        hub.set_token_field("expires_in", json!(hours * 3_600));
        hub.set_user(json!({"sub": name}));
        let mut browser = space.browser();
        browser.sign_in(&hub).await;
        sessions.push(browser.cookie("__Host-hf-auth").unwrap().clone());
    }
    let [first, second, third] = [&*sessions[0], &*sessions[1], &*sessions[2]];
    let stale = "A".repeat(600);
    let junk = ["junk"; 300];
    for (values, sub) in [
        (&[&*stale, third][..], "third"),
        (&[third, &stale], "third"),
        (&[first, third, second], "third"),
        (&["", "nonsense", &stale, second, first], "second"),
        (&[&junk[..], &[first]].concat(), "first"),
        (&[&[second], &junk[..], &[first]].concat(), "second"),
    ] {
        let page = me_with(&space, values).await;
        assert_eq!((page.status, &page.json()["user_info"]["sub"]), (200, &json!(sub)));
        assert_eq!(page.headers.get("set-cookie"), None);
    }
    let page = me_with(&space, &[&stale, "nonsense"]).await;
    assert_eq!((page.status, page.headers.get("set-cookie")), (401, None));

    let mut browser = space.browser();
    browser.cookies.insert("__Host-hf-auth".to_owned(), third.to_owned());
    browser.get("/oauth/huggingface/logout").await;
    let page = me_with(&space, &[first, second, third]).await;
    assert_eq!(page.status, 401, "an older login counts after the newest was ended");
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
        let cookie = page.set_cookie("__Host-hf-auth").unwrap();
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
