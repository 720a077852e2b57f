//! Logout: a link acts, but not for another site or a prefetch.

use reqwest::Method;

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
    let cookie = page.set_cookie("__Host-session").unwrap();
    assert_eq!(
        cookie,
        "__Host-session=; Path=/; HttpOnly; Max-Age=0; Secure; SameSite=None; Partitioned"
    );
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
        assert_eq!(page.set_cookie("__Host-session"), None);
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
async fn a_session_that_was_copied_holds_until_the_token_ends() {
    let hub = FakeHub::start(user());
    let (space, mut browser) = signed_in(&hub).await;
    let mut thief = space.browser();
    thief.cookies.clone_from(&browser.cookies);
    browser.get(LOGOUT).await;
    assert!(thief.me().await.is_some(), "as the README says of the cookie store");
}
