//! What pages of other sites can read: answers as to somebody without cookies. Another Space on the same page of the Hub
//! sends our cookies, and the Hub's edge lets it read.

use actix_huggingface_oauth::{HuggingFaceOAuth, attach_huggingface_oauth};
use actix_web::App;
use actix_web::middleware::from_fn;
use reqwest::Method;

use crate::helpers::own_middleware::parse_cookies;
use crate::helpers::{Browser, FakeHub, Space, app, server, settings, space_vars, user};

const SUB: &str = "62f264b9f3c90f4b6514a269";

async fn signed_in(hub: &FakeHub) -> (Space, Browser) {
    let space = Space::on(hub);
    let mut browser = space.browser();
    browser.sign_in(hub).await;
    (space, browser)
}

#[actix_web::test]
async fn what_another_site_loads_is_answered_as_to_a_stranger_and_sets_no_cookie() {
    let hub = FakeHub::start(user());
    let (_space, mut browser) = signed_in(&hub).await;
    for headers in [
        vec![("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "cors")],
        vec![("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")],
        vec![("sec-fetch-site", "same-site"), ("sec-fetch-mode", "cors")],
        vec![("origin", "https://evil.hf.space")],
        vec![("origin", "null"), ("sec-fetch-site", "cross-site")],
        vec![("origin", "http://me-app.hf.space"), ("sec-fetch-mode", "cors")],
    ] {
        let before = browser.cookies.clone();
        for (path, seen) in [("/by-hand?__theme=dark", "nobody"), ("/who", "nobody")] {
            let page = browser.send(Method::GET, path, &headers).await;
            assert_eq!(page.body, seen, "{path} {headers:?}");
            assert_eq!(page.headers.get("set-cookie"), None, "{path} {headers:?}");
        }
        let frame = [&headers[..], &[("sec-fetch-dest", "iframe")]].concat();
        let page = browser.send(Method::GET, "/oauth/huggingface/login", &frame).await;
        assert_eq!(page.headers.get("set-cookie"), None, "{headers:?}");
        assert_eq!(browser.cookies, before);
    }
    assert_eq!(browser.get("/by-hand").await.body, SUB, "it is still signed in");
}

#[actix_web::test]
async fn of_the_apps_own_cookies_another_site_gets_those_that_have_no_name_of_the_sign_ins() {
    let hub = FakeHub::start(user());
    let (_space, mut browser) = signed_in(&hub).await;
    let headers = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "cors")];
    let page = browser.send(Method::GET, "/cookies", &headers).await;
    let set: Vec<_> = page.headers.get_all("set-cookie").iter().collect();
    assert_eq!(set, ["own=x", "__Host-hf-login-0123=x", "__Host-hf-login-01234xyz=x"]);
}

#[actix_web::test]
async fn a_middleware_that_parses_cookies_shows_no_user_to_other_sites() {
    let hub = FakeHub::start(user());
    let oauth = HuggingFaceOAuth::new(settings(&space_vars(&hub.url)).unwrap()).unwrap();
    let space = Space::serving(|listener| {
        server(listener, 1, move || {
            attach_huggingface_oauth(App::new().wrap(from_fn(parse_cookies)), oauth.clone())
                .configure(app::configure)
                .wrap(from_fn(parse_cookies))
        })
    });
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    assert_eq!(browser.get("/who").await.body, "Hub CI bot");
    let headers = [("origin", "https://evil.hf.space"), ("sec-fetch-mode", "cors")];
    for path in ["/who", "/by-hand"] {
        assert_eq!(browser.send(Method::GET, path, &headers).await.body, "nobody", "{path}");
    }
}

#[actix_web::test]
async fn what_our_own_pages_load_and_what_becomes_a_page_knows_who_is_signed_in() {
    let hub = FakeHub::start(user());
    let (_space, mut browser) = signed_in(&hub).await;
    let origin = browser.origin();
    for headers in [
        vec![],
        vec![("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "cors")],
        vec![("sec-fetch-site", "none"), ("sec-fetch-mode", "navigate")],
        vec![("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")],
        vec![
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "iframe"),
        ],
        vec![("origin", origin.as_str()), ("sec-fetch-site", "cross-site")],
    ] {
        assert_eq!(browser.send(Method::GET, "/by-hand", &headers).await.body, SUB, "{headers:?}");
    }
}

#[actix_web::test]
async fn pages_of_the_sign_in_are_loaded_by_no_other_site_and_its_files_may_be() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let page = space.browser().get("/oauth/huggingface/callback").await;
    assert_eq!(page.header("cross-origin-resource-policy"), "same-origin");
    let stylesheet = page.body.split('"').find(|part| part.ends_with("/sign-in.css")).unwrap();
    let file = space.browser().get(stylesheet).await;
    assert_eq!(file.header("cross-origin-resource-policy"), "cross-origin");
    assert_eq!(file.header("content-type"), "text/css; charset=utf-8");
}
