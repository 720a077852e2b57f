//! Calls to the Hub's API as the user.

use std::time::Duration;

use actix_huggingface_oauth::Limits;
use oauth2::url::form_urlencoded::byte_serialize;
use serde_json::json;

use crate::helpers::{Browser, Endpoint, FakeHub, Fault, Page, Space, user};

const SESSION: &str = "__Host-hf-auth";

async fn signed_in(limits: Limits) -> (FakeHub, Space, Browser) {
    let hub = FakeHub::start(user());
    let space = Space::on_with(&hub, limits);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    (hub, space, browser)
}

/// Has the app ask the Hub for a path.
async fn get(browser: &mut Browser, path: &str) -> Page {
    let path: String = byte_serialize(path.as_bytes()).collect();
    browser.get(&format!("/hub?path={path}")).await
}

#[actix_web::test]
async fn the_hub_is_asked_as_the_user() {
    let (_hub, _space, mut browser) = signed_in(Limits::default()).await;
    let answer = get(&mut browser, "/api/models?search=é&limit=2").await.json();
    assert_eq!(
        answer,
        json!({
            "sub": user()["sub"], "method": "GET", "body": null,
            "path": "/api/models?search=%C3%A9&limit=2",
        })
    );
    let body = json!({ "name": "new" });
    let path = "/hub?path=/api/repos/create";
    let answer = browser.post_json(path, &body).await.json();
    assert_eq!((&answer["method"], &answer["body"]), (&json!("POST"), &body));
}

#[actix_web::test]
async fn a_path_that_could_lead_elsewhere_is_not_asked_for() {
    let (hub, _space, mut browser) = signed_in(Limits::default()).await;
    for path in [
        "",
        "api/models",
        "@evil.test/api",
        ":80@evil.test/api",
        ".evil.test/api",
        "//evil.test/api",
        "///evil.test/api",
        "/\\evil.test/api",
        "\\evil.test/api",
        "/api\\..\\oauth",
        "https://evil.test/api",
        "https:/api",
        "javascript:alert(1)",
        "/api/../oauth/userinfo",
        "/api/..",
        "/api/./models",
        "/api/%2e%2e/oauth",
        "/api/.%2E/oauth",
        "/api/models\n",
        "/api/models\r\nx-header: 1",
        "/\t/evil.test/api",
        "/ /api",
        " /api/models",
        "/api/models#fragment",
        "/api/models\u{0}",
    ] {
        let page = get(&mut browser, path).await;
        assert_eq!(page.status, 400, "{path:?}: {page:?}");
    }
    assert_eq!(hub.requests(Endpoint::Api), 0);
    for path in ["/api/models//x", "/api/a..b/..c", "/api/models?path=../..", "/api/x@y:z"] {
        assert_eq!(get(&mut browser, path).await.json()["path"], path);
    }
}

#[actix_web::test]
async fn each_fault_has_its_answer() {
    let nothing = ("x-nothing", "");
    let (hub, _space, mut browser) = signed_in(Limits::default()).await;
    for (fault, status) in [
        (Fault::Status(302), 503),
        (Fault::Redirect("https://evil.test/api".to_owned()), 503),
        (Fault::Status(400), 422),
        (Fault::Status(402), 402),
        (Fault::Status(403), 403),
        (Fault::Status(404), 404),
        (Fault::Status(429), 429),
        (Fault::Status(500), 503),
        (Fault::Status(503), 503),
        (Fault::Body("no JSON".to_owned()), 503),
        (Fault::Flood, 503),
        (Fault::Drop, 503),
        (Fault::Refuse(204, nothing, String::new()), 200),
    ] {
        hub.fail(Endpoint::Api, fault.clone());
        let page = get(&mut browser, "/api/models").await;
        assert_eq!(page.status, status, "{fault:?}: {page:?}");
        if status != 200 {
            assert!(page.json()["error"].is_string());
        }
        assert_eq!(page.header("retry-after").is_empty(), !page.body.contains("seconds"));
    }
    assert!(browser.me().await.is_some());
}

#[actix_web::test]
async fn an_answer_has_four_megabytes_at_most() {
    const MOST: usize = 4 * 1024 * 1024;
    let (hub, _space, mut browser) = signed_in(Limits::default()).await;
    for (length, status) in [(MOST, 200), (MOST + 1, 503)] {
        hub.fail(Endpoint::Api, Fault::Body(format!("\"{}\"", "x".repeat(length - 2))));
        assert_eq!(get(&mut browser, "/api/models").await.status, status, "{length}");
    }
}

#[actix_web::test]
async fn a_hub_that_takes_too_long_is_a_gateway_timeout() {
    let mut limits = Limits::default();
    limits.call = Duration::from_millis(100);
    let (hub, _space, mut browser) = signed_in(limits).await;
    for fault in [Fault::Hang, Fault::Trickle] {
        hub.fail(Endpoint::Api, fault.clone());
        assert_eq!(get(&mut browser, "/api/models").await.status, 504, "{fault:?}");
    }
}

#[actix_web::test]
async fn what_is_gated_ends_no_sign_in_and_what_is_revoked_does() {
    let (hub, _space, mut browser) = signed_in(Limits::default()).await;
    let gated = r#"{"error":"Access to this model is restricted"}"#.to_owned();
    hub.fail(Endpoint::Api, Fault::Refuse(401, ("x-nothing", ""), gated));
    let asked = hub.requests(Endpoint::UserInfo);
    let page = get(&mut browser, "/api/models/gated").await;
    assert_eq!((page.status, page.set_cookie(SESSION)), (403, None));
    assert!(page.body.contains("Access to this model is restricted"), "{page:?}");
    assert_eq!(hub.requests(Endpoint::UserInfo), asked + 1, "it is asked once");
    assert!(browser.me().await.is_some());

    hub.recover();
    hub.revoke_tokens();
    let mut copy = browser.clone();
    let page = get(&mut browser, "/api/models/gated").await;
    assert_eq!(page.status, 401, "{page:?}");
    assert_eq!(page.set_cookie(SESSION), None, "{page:?}");
    assert_eq!(hub.requests(Endpoint::UserInfo), asked + 2);
    assert_eq!(copy.get("/who").await.body, "nobody");
}

#[actix_web::test]
async fn from_then_on_nobody_is_signed_in_also_in_the_same_request() {
    let (hub, _space, mut browser) = signed_in(Limits::default()).await;
    assert_eq!(browser.get("/hub-then-who?path=/api/models").await.body, "Hub CI bot");
    hub.revoke_tokens();
    let asked = hub.requests(Endpoint::Api);
    let page = browser.get("/hub-then-who?path=/api/models").await;
    assert_eq!((page.status, &*page.body), (401, "nobody"));
    assert_eq!(hub.requests(Endpoint::Api), asked + 1, "it was asked with a token that has ended");
    assert_eq!(page.set_cookie(SESSION), None, "{page:?}");
}

#[actix_web::test]
async fn a_token_of_somebody_else_by_now_ends_the_sign_in() {
    let (hub, _space, mut browser) = signed_in(Limits::default()).await;
    let mut other = user();
    other["sub"] = json!("another");
    hub.change_users(&other);
    hub.fail(Endpoint::Api, Fault::Status(401));
    assert_eq!(get(&mut browser, "/api/models").await.status, 401);
    assert_eq!(browser.get("/who").await.body, "nobody");
}

#[actix_web::test]
async fn with_a_sign_in_that_is_over_the_hub_is_not_asked() {
    let (hub, _space, mut browser) = signed_in(Limits::default()).await;
    assert_eq!(browser.get("/hub-too-late").await.status, 401);
    assert_eq!(hub.requests(Endpoint::Api), 0);
}
