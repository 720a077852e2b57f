//! Cookies cut off, changed, under another name, of another app, and too many of them: they count as none.

use std::iter::repeat_n;

use reqwest::Method;

use crate::helpers::{Browser, FakeHub, HOST, Page, Space, http_client, space_vars, user};

const SESSION: &str = "__Host-hf-auth";
const SIGN_IN: &str = "__Host-hf-login";

/// A browser with somebody signed in and a sign-in under way: it, and the path to end the latter.
async fn busy_browser(hub: &FakeHub, space: &Space) -> (Browser, String) {
    let mut browser = space.browser();
    browser.sign_in(hub).await;
    let callback = browser.consent(hub, "/oauth/huggingface/login").await;
    (browser, callback)
}

/// Neither signed in nor able to end the sign-in.
async fn assert_stranger(mut browser: Browser, callback: &str, why: &str) {
    assert_eq!(browser.clone().me().await, None, "{why}");
    assert_eq!(browser.get(callback).await.status, 400, "{why}");
}

#[actix_web::test]
async fn a_cookie_that_was_cut_off_or_changed_anywhere_counts_as_none() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let (browser, callback) = busy_browser(&hub, &space).await;
    let longest = browser.cookies.values().map(String::len).max().unwrap();
    // A step that meets every place in the groups of four that base64 has.
    for step in (0..longest).step_by(23) {
        let mut short = browser.clone();
        short.cookies.values_mut().for_each(|value| value.truncate(step % value.len()));
        assert_stranger(short, &callback, &format!("cut off after {step}")).await;
        let mut changed = browser.clone();
        for value in changed.cookies.values_mut() {
            let place = step % value.len();
            let other = if &value[place..=place] == "A" { "Z" } else { "A" };
            value.replace_range(place..=place, other);
        }
        assert_stranger(changed, &callback, &format!("changed at {step}")).await;
    }
    let mut whole = browser.clone();
    assert!(whole.me().await.is_some());
    assert_eq!(whole.get(&callback).await.status, 303);
}

#[actix_web::test]
async fn cookies_of_another_app_count_as_none() {
    let hub = FakeHub::start(user());
    let mut vars = space_vars(&hub.url).to_vec();
    vars.push(("SESSION_SECRET", "another secret of thirty-two bytes"));
    let (other, ours) = (Space::start(&vars), Space::on(&hub));
    let (browser, callback) = busy_browser(&hub, &other).await;
    let mut moved = ours.browser();
    moved.cookies = browser.cookies;
    assert_stranger(moved, &callback, "another app's").await;
}

#[actix_web::test]
async fn a_cookie_under_the_name_of_another_counts_as_none() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let (mut browser, callback) = busy_browser(&hub, &space).await;
    let session = browser.cookies.remove(SESSION).unwrap();
    let name = browser.sign_ins().remove(0);
    let sign_in = browser.cookies.insert(name, session).unwrap();
    browser.cookies.insert(SESSION.to_owned(), sign_in);
    assert_stranger(browser, &callback, "exchanged").await;
}

#[actix_web::test]
async fn bytes_that_are_no_text_in_a_cookie_of_others_do_not_hide_ours() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    let session = browser.cookie(SESSION).unwrap();
    for cookies in [
        [b"a=\xff; ", SESSION.as_bytes(), b"=", session.as_bytes()].concat(),
        [SESSION.as_bytes(), b"=", session.as_bytes(), b"; a=\xc3"].concat(),
    ] {
        let request = http_client().get(format!("{}/api/me", space.address));
        let request = request.header("host", HOST).header("cookie", cookies);
        assert_eq!(request.send().await.unwrap().status(), 200);
    }
}

async fn get_with_cookies(space: &Space, path: &str, cookies: &[String]) -> Page {
    space.browser().send(Method::GET, path, &[("cookie", &cookies.join("; "))]).await
}

#[actix_web::test]
async fn a_hundred_cookies_of_others_do_not_hide_ours() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    for number in 0..100 {
        browser.cookies.insert(format!("{number}"), "x".repeat(1_000));
        browser.cookies.insert(format!("zz-{number}"), "%ff".to_owned());
    }
    assert!(browser.me().await.is_some());
    browser.sign_in(&hub).await;
}

#[actix_web::test]
async fn a_hundred_cookies_of_our_names_are_no_sign_in_and_no_failure() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    for name in [SESSION, SIGN_IN, "__Host-hf-handoff", "__Host-hf-theme"] {
        for value in ["", "nonsense", "%00", "\"", &"A".repeat(1_000)] {
            let cookies: Vec<_> = repeat_n(format!("{name}={value}"), 100).collect();
            for (path, status) in [
                ("/", 200),
                ("/api/me", 401),
                ("/oauth/huggingface/callback?code=c&state=s", 400),
                ("/oauth/huggingface/login", 303),
            ] {
                let page = get_with_cookies(&space, path, &cookies).await;
                assert_eq!(page.status, status, "{path}, {name}={value}");
            }
        }
    }
}
