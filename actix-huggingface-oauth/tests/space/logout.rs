//! Logout: a link acts, but not for another site or a prefetch.

use reqwest::Method;

use crate::helpers::sealed::seal;
use crate::helpers::{Browser, FakeHub, Space, user};

const LOGOUT: &str = "/oauth/huggingface/logout";

async fn signed_in(hub: &FakeHub) -> (Space, Browser) {
    let space = Space::on(hub);
    let mut browser = space.browser();
    browser.sign_in(hub).await;
    (space, browser)
}

#[actix_web::test]
async fn the_link_signs_out_and_goes_on() {
    let hub = FakeHub::start(user());
    let (_space, mut browser) = signed_in(&hub).await;
    let page = browser.get(&format!("{LOGOUT}?_target_url=/goodbye")).await;
    assert_eq!(page.location(), "/goodbye");
    assert_eq!(
        page.set_cookies("__Host-hf-auth"),
        [
            "__Host-hf-auth=; Path=/; HttpOnly; Max-Age=0; Secure; SameSite=Lax",
            "__Host-hf-auth=; Path=/; HttpOnly; Max-Age=0; Secure; SameSite=None; Partitioned",
        ]
    );
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(browser.me().await, None);
    assert_eq!(browser.get(LOGOUT).await.location(), "/", "once more does no harm");
}

#[actix_web::test]
async fn our_own_links_and_typed_addresses_act() {
    let hub = FakeHub::start(user());
    for site in ["same-origin", "none"] {
        let (_space, mut browser) = signed_in(&hub).await;
        let page = browser.send(Method::GET, LOGOUT, &[("sec-fetch-site", site)]).await;
        assert_eq!(page.location(), "/");
        assert_eq!(browser.me().await, None);
    }
}

#[actix_web::test]
async fn for_another_site_or_a_frame_without_a_click_a_page_asks_and_its_form_signs_out() {
    let hub = FakeHub::start(user());
    for header in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("sec-fetch-dest", "iframe"),
    ] {
        let (_space, mut browser) = signed_in(&hub).await;
        let page =
            browser.send(Method::GET, &format!("{LOGOUT}?_target_url=/goodbye"), &[header]).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.set_cookie("__Host-hf-auth"), None);
        assert!(browser.me().await.is_some(), "{header:?} signed out");
        let action = "/oauth/huggingface/logout?_target_url=%2Fgoodbye";
        assert!(
            page.body
                .contains(&format!("<form class=\"actions\" method=\"post\" action=\"{action}\"")),
            "{}",
            page.body
        );

        assert_eq!(browser.post(action).await.location(), "/goodbye");
        assert_eq!(browser.me().await, None);
    }
}

#[actix_web::test]
async fn another_site_cannot_sign_out_by_post() {
    let hub = FakeHub::start(user());
    let (_space, mut browser) = signed_in(&hub).await;
    for headers in [
        [("origin", "https://evil.hf.space"), ("sec-fetch-mode", "navigate")],
        [("origin", "null"), ("sec-fetch-mode", "navigate")],
        [("sec-fetch-dest", "document"), ("sec-fetch-mode", "navigate")],
    ] {
        assert_eq!(browser.send(Method::POST, LOGOUT, &headers).await.location(), "/");
        assert!(browser.me().await.is_some(), "{headers:?} signed out");
    }
}

#[actix_web::test]
async fn copies_of_the_cookie_end_with_the_logout_and_other_logins_do_not() {
    let hub = FakeHub::start(user());
    let (space, mut browser) = signed_in(&hub).await;
    let mut other = space.browser();
    other.sign_in(&hub).await;
    let mut thief = space.browser();
    thief.cookies.clone_from(&browser.cookies);
    assert!(thief.me().await.is_some());
    browser.get(LOGOUT).await;
    assert_eq!(thief.me().await, None);
    assert!(other.me().await.is_some(), "another login of the same user ended");
    browser.sign_in(&hub).await;
    assert!(browser.me().await.is_some());
}

#[actix_web::test]
async fn every_readable_login_of_a_request_ends() {
    let hub = FakeHub::start(user());
    let (space, first) = signed_in(&hub).await;
    let mut second = space.browser();
    second.sign_in(&hub).await;
    let cookies = [&first, &second]
        .map(|it| format!("__Host-hf-auth={}", it.cookie("__Host-hf-auth").unwrap()));
    space.browser().send(Method::GET, LOGOUT, &[("cookie", &cookies.join("; "))]).await;
    for mut browser in [first, second] {
        assert_eq!(browser.me().await, None);
    }
}

#[actix_web::test]
async fn login_and_logout_remove_the_cookie_of_the_version_before_and_none_of_another_app() {
    const LEFTOVER: &str = "__Host-session";
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let old = seal(&hub, "session", LEFTOVER, "{}");
    for (value, is_removed) in [(old, true), ("of-another-app".to_owned(), false)] {
        let mut browser = space.browser();
        browser.cookies.insert(LEFTOVER.to_owned(), value.clone());
        let page = browser.sign_in(&hub).await;
        assert_eq!(!page.set_cookies(LEFTOVER).is_empty(), is_removed, "{value}: login");
        browser.cookies.insert(LEFTOVER.to_owned(), value.clone());
        let page = browser.get("/oauth/huggingface/logout").await;
        assert_eq!(!page.set_cookies(LEFTOVER).is_empty(), is_removed, "{value}: logout");
        assert_eq!(browser.cookies.contains_key(LEFTOVER), !is_removed);
    }
}
