//! What no visitor means has no effect: prefetches, HEAD, images, scripts. The visit that comes after it has one.

use reqwest::Method;

use crate::helpers::{Browser, Endpoint, FakeHub, Page, Space, user};

const LOGIN: &str = "/oauth/huggingface/login";
const LOGOUT: &str = "/oauth/huggingface/logout?__theme=dark";

/// What browsers and mail programs send ahead of a visit, some with the Fetch Metadata of one.
const PREFETCHES: [&[(&str, &str)]; 8] = [
    &[("sec-purpose", "prefetch")],
    &[("sec-purpose", "prefetch;prerender"), ("sec-fetch-mode", "navigate")],
    &[("sec-purpose", "Prefetch;anonymous-client-ip")],
    &[("purpose", "prefetch"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")],
    &[("purpose", "preview")],
    &[("x-purpose", "preview")],
    &[("x-moz", "prefetch"), ("sec-fetch-mode", "no-cors")],
    &[("sec-purpose", "something"), ("sec-purpose", "prefetch")],
];

/// What pages load, of this very app.
const LOADS: [&[(&str, &str)]; 8] = [
    &[
        ("sec-fetch-mode", "no-cors"),
        ("sec-fetch-dest", "image"),
        ("sec-fetch-site", "same-origin"),
    ],
    &[("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "script")],
    &[("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "style")],
    &[("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "object")],
    &[("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "embed")],
    &[("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty"), ("sec-fetch-site", "same-origin")],
    &[("sec-fetch-mode", "same-origin"), ("sec-fetch-dest", "empty")],
    &[("sec-fetch-dest", "image")],
];

/// Asks as nobody does who means it, and sees that it comes to nothing.
async fn ask_unmeant(browser: &mut Browser, path: &str) {
    for headers in PREFETCHES {
        let page = browser.send(Method::GET, path, headers).await;
        assert_eq!((page.status, &*page.body), (503, ""), "{path} {headers:?}");
        assert_eq!(page.header("vary"), "Sec-Purpose, Purpose, X-Purpose, X-Moz");
        assert_untouched(&page, headers);
    }
    for headers in LOADS {
        let page = browser.send(Method::GET, path, headers).await;
        assert_eq!(page.status, 403, "{path} {headers:?}");
        assert!(page.json()["error"].as_str().unwrap().contains("a visitor follows"));
        assert_untouched(&page, headers);
    }
    let page = browser.send(Method::HEAD, path, &[]).await;
    assert_eq!(page.status, 405, "{path}");
    let allow = if path.contains("callback") { "GET" } else { "GET, POST" };
    assert_eq!(page.header("allow"), allow);
    assert_untouched(&page, &[]);
}

fn assert_untouched(page: &Page, headers: &[(&str, &str)]) {
    assert_eq!(page.header("cache-control"), "no-store", "{headers:?}");
    assert!(!page.headers.contains_key("set-cookie"), "{headers:?}: {page:?}");
    assert!(!page.headers.contains_key("location"), "{headers:?}: {page:?}");
}

#[actix_web::test]
async fn a_callback_that_nobody_means_redeems_no_code() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    let callback = browser.consent(&hub, LOGIN).await;
    ask_unmeant(&mut browser, &callback).await;
    assert_eq!(hub.requests(Endpoint::Token), 0);
    assert_eq!(browser.get(&callback).await.location(), "/");
    assert!(browser.me().await.is_some());
}

#[actix_web::test]
async fn a_logout_that_nobody_means_signs_nobody_out() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    ask_unmeant(&mut browser, LOGOUT).await;
    assert!(browser.me().await.is_some());
    assert_eq!(browser.get(LOGOUT).await.status, 303);
    assert_eq!(browser.me().await, None);
}

#[actix_web::test]
async fn logins_that_nobody_means_push_no_sign_in_out() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    let callback = browser.consent(&hub, LOGIN).await;
    ask_unmeant(&mut browser, LOGIN).await;
    assert_eq!(browser.sign_ins().len(), 1);
    assert_eq!(browser.get(&callback).await.location(), "/");
}

#[actix_web::test]
async fn a_callback_in_a_frame_redeems_no_code() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    let callback = browser.consent(&hub, LOGIN).await;
    for dest in ["iframe", "frame"] {
        let headers = [("sec-fetch-dest", dest), ("sec-fetch-mode", "navigate")];
        let page = browser.send(Method::GET, &callback, &headers).await;
        assert_eq!(page.status, 400);
        assert!(page.body.contains("This sign-in cannot go on"), "{}", page.body);
    }
    assert_eq!(hub.requests(Endpoint::Token), 0);
    assert_eq!(browser.get(&callback).await.location(), "/");
}

#[actix_web::test]
async fn an_encoded_path_is_no_way_around() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    for path in ["/oauth/huggingface/log%6Fut", "/oauth/%68uggingface/logout"] {
        let page = browser.send(Method::GET, path, &[("purpose", "prefetch")]).await;
        assert!(matches!(page.status, 404 | 503), "{path}: {page:?}");
        assert!(browser.me().await.is_some(), "{path}");
    }
}
