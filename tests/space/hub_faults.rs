//! The Hub down, slow, busy, broken: a page that says so, and the next try works.

use std::time::Duration;

use app::huggingface::Limits;
use serde_json::json;

use crate::helpers::{Endpoint, FakeHub, Fault, Space, space_vars, user};

/// Fails an endpoint and tries to sign in: the status of the page that comes of it.
async fn status_when(endpoint: Endpoint, fault: &Fault, limits: Limits) -> u16 {
    let hub = FakeHub::start(user());
    let space = Space::on_with(&hub, limits);
    let mut browser = space.browser();
    let page = if endpoint == Endpoint::Metadata {
        hub.fail(endpoint, fault.clone());
        browser.get("/oauth/huggingface/login?_target_url=/profile").await
    } else {
        let callback = browser.consent(&hub, "/oauth/huggingface/login?_target_url=/profile").await;
        hub.fail(endpoint, fault.clone());
        browser.get(&callback).await
    };
    assert!(page.header("content-type").starts_with("text/html"), "{page:?}");
    assert!(page.body.contains("Try again"), "{page:?}");
    assert!(page.body.contains("login?_target_url=%2Fprofile"), "{page:?}");
    assert_eq!(browser.me().await, None);

    hub.recover();
    browser.sign_in(&hub).await;
    assert!(browser.me().await.is_some());
    page.status
}

#[actix_web::test]
async fn a_broken_answer_is_a_bad_gateway() {
    let too_large = format!("{{\"x\": \"{}\"}}", "x".repeat(5 * 1024 * 1024));
    let faults = [
        Fault::Status(500),
        Fault::Status(404),
        Fault::Redirect,
        Fault::Drop,
        Fault::Body(String::new()),
        Fault::Body("<!doctype html><title>Bad gateway</title>".to_owned()),
        Fault::Body("[]".to_owned()),
        Fault::Body("{\"sub\":".to_owned()),
        Fault::Body("{}".to_owned()),
        Fault::Body(too_large),
    ];
    for endpoint in Endpoint::ALL {
        for fault in &faults {
            let status = status_when(endpoint, fault, Limits::default()).await;
            assert_eq!(status, 502, "{endpoint:?}");
        }
    }
}

#[actix_web::test]
async fn a_busy_hub_is_unavailable() {
    for endpoint in Endpoint::ALL {
        for status in [429, 503] {
            assert_eq!(status_when(endpoint, &Fault::Status(status), Limits::default()).await, 503);
        }
    }
}

#[actix_web::test]
async fn a_hub_that_never_answers_is_a_gateway_timeout() {
    let limits = Limits { sign_in: Duration::from_secs(3), ..Limits::default() };
    for endpoint in Endpoint::ALL {
        assert_eq!(status_when(endpoint, &Fault::Hang, limits.clone()).await, 504);
    }
}

#[actix_web::test]
async fn a_token_that_user_info_does_not_accept_is_a_bad_gateway() {
    assert_eq!(status_when(Endpoint::UserInfo, &Fault::Status(401), Limits::default()).await, 502);
}

#[actix_web::test]
async fn a_hub_that_cannot_be_reached_is_a_bad_gateway() {
    let space = Space::start(&space_vars("http://127.0.0.1:9"));
    let page = space.browser().get("/oauth/huggingface/login").await;
    assert_eq!(page.status, 502);
    assert!(page.body.contains("Try again"));
}

#[actix_web::test]
async fn metadata_of_another_issuer_is_refused() {
    let metadata = json!({
        "issuer": "https://evil.test",
        "authorization_endpoint": "https://evil.test/oauth/authorize",
        "token_endpoint": "https://evil.test/oauth/token",
        "userinfo_endpoint": "https://evil.test/oauth/userinfo",
    });
    let fault = Fault::Body(metadata.to_string());
    assert_eq!(status_when(Endpoint::Metadata, &fault, Limits::default()).await, 502);
}

#[actix_web::test]
async fn user_info_without_a_sub_is_a_failed_sign_in() {
    for sub in [
        json!({}),
        json!({"sub": null}),
        json!({"sub": ""}),
        json!({"sub": 7}),
        json!({"name": "x"}),
    ] {
        let fault = Fault::Body(sub.to_string());
        assert_eq!(status_when(Endpoint::UserInfo, &fault, Limits::default()).await, 502);
    }
}

#[actix_web::test]
async fn limits_are_those_of_the_documentation() {
    let limits = Limits::default();
    assert_eq!(limits.connect, Duration::from_secs(3));
    assert_eq!(limits.sign_in, Duration::from_secs(10));
    assert_eq!(limits.read_orgs, Duration::from_secs(3));
    assert_eq!(limits.orgs_fresh, Duration::from_mins(10));
    assert_eq!(limits.orgs_retry, Duration::from_secs(30));
}
