//! The Hub down, slow, busy, broken: a page that says so, and the next try works.

use std::time::{Duration, Instant};

use actix_huggingface_oauth::Limits;
use serde_json::json;

use crate::helpers::{Endpoint, FakeHub, Fault, Program, Space, settings, space_vars, until, user};

/// The limits of the app, but for less time to wait for a Hub that hangs; enough to sign in on a slow machine.
fn impatient() -> Limits {
    {
        let mut limits = Limits::default();
        limits.sign_in = Duration::from_secs(5);
        limits
    }
}

/// Fails an endpoint and tries to sign in: the status of the page that comes of it.
async fn status_when(endpoint: Endpoint, fault: &Fault, limits: Limits) -> u16 {
    status_at(&FakeHub::start(user()), endpoint, Some(fault), limits).await
}

/// Tries to sign in at a Hub with a fault: the status of the page that comes of it. Without the fault it works.
async fn status_at(
    hub: &FakeHub,
    endpoint: Endpoint,
    fault: Option<&Fault>,
    limits: Limits,
) -> u16 {
    let fail = || fault.into_iter().for_each(|fault| hub.fail(endpoint, fault.clone()));
    let space = Space::on_with(hub, limits);
    let mut browser = space.browser();
    let page = if endpoint == Endpoint::Metadata {
        fail();
        browser.get("/oauth/huggingface/login?_target_url=/profile").await
    } else {
        let callback = browser.consent(hub, "/oauth/huggingface/login?_target_url=/profile").await;
        fail();
        browser.get(&callback).await
    };
    assert!(page.header("content-type").starts_with("text/html"), "{page:?}");
    assert!(page.body.contains("Try again"), "{page:?}");
    assert!(page.body.contains("login?_target_url=%2Fprofile"), "{page:?}");
    assert_eq!(browser.me().await, None);

    hub.recover();
    browser.sign_in(hub).await;
    assert!(browser.me().await.is_some());
    page.status
}

#[actix_web::test]
async fn each_fault_of_each_endpoint_ends_in_its_page() {
    let faults = [
        (Fault::Status(404), 502),
        (Fault::Status(429), 503),
        (Fault::Status(500), 502),
        (Fault::Status(503), 503),
        (Fault::Body(String::new()), 502),
        (Fault::Body("<!doctype html><title>Bad gateway</title>".to_owned()), 502),
        (Fault::Body("{\"sub\":".to_owned()), 502),
        (Fault::Body("[]".to_owned()), 502),
        (Fault::Body("{}".to_owned()), 502),
        (Fault::Flood, 502),
        (Fault::Drop, 502),
    ];
    for endpoint in Endpoint::ALL {
        for (fault, status) in &faults {
            let actual = status_when(endpoint, fault, Limits::default()).await;
            assert_eq!(actual, *status, "{endpoint:?}: {fault:?}");
        }
    }
}

#[actix_web::test]
async fn a_hub_that_takes_too_long_is_a_gateway_timeout() {
    let cells = Endpoint::ALL.into_iter().flat_map(|endpoint| {
        [Fault::Hang, Fault::Trickle].map(|fault| {
            actix_web::rt::spawn(async move {
                let status = status_when(endpoint, &fault, impatient()).await;
                assert_eq!(status, 504, "{endpoint:?}: {fault:?}");
            })
        })
    });
    for cell in cells.collect::<Vec<_>>() {
        cell.await.unwrap();
    }
}

#[actix_web::test]
async fn a_hub_that_refuses_connections_is_a_bad_gateway() {
    for endpoint in Endpoint::ALL {
        let mut hub = FakeHub::start(user());
        hub.refuse_connections(endpoint);
        let status = status_at(&hub, endpoint, None, Limits::default()).await;
        assert_eq!(status, 502, "{endpoint:?}");
    }
}

/// Linux drops connections that do not fit into the queue of those that wait to be accepted.
#[cfg(target_os = "linux")]
#[actix_web::test]
async fn a_hub_that_does_not_accept_connections_is_a_gateway_timeout() {
    let socket = actix_web::rt::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let connect = || std::net::TcpStream::connect_timeout(&address, Duration::from_millis(300));
    let queue: Vec<_> = std::iter::from_fn(|| connect().ok()).take(100).collect();
    assert!(queue.len() < 100, "the queue has no end");

    let limits = {
        let mut limits = Limits::default();
        limits.connect = Duration::from_millis(500);
        limits.sign_in = Duration::from_mins(5);
        limits
    };
    let space = Space::start_with(
        settings(&space_vars(&format!("http://{address}"))).unwrap().limits(limits),
    );
    let begun = Instant::now();
    let page = space.browser().get("/oauth/huggingface/login").await;
    assert_eq!(page.status, 504);
    assert!(begun.elapsed() < Duration::from_secs(20), "the limit of connecting does not hold");
}

#[actix_web::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = FakeHub::start(user());
    for endpoint in Endpoint::ALL {
        let fault = Fault::Redirect(format!("{}{}", elsewhere.url, endpoint.path()));
        assert_eq!(status_when(endpoint, &fault, Limits::default()).await, 502, "{endpoint:?}");
        assert_eq!(elsewhere.requests(endpoint), 0, "{endpoint:?}: secrets went elsewhere");
    }
}

#[actix_web::test]
async fn the_log_says_how_the_hub_failed_at_the_exchange() {
    let hub = FakeHub::start(user());
    let program = Program::on(&hub);
    for (fault, said) in [
        (Fault::Redirect(hub.url.clone()), "the Hub redirects (307"),
        (Fault::Status(500), "the Hub failed (500"),
    ] {
        let mut browser = program.browser();
        let callback = browser.consent(&hub, "/oauth/huggingface/login").await;
        hub.fail(Endpoint::Token, fault);
        assert_eq!(browser.get(&callback).await.status, 502);
        until(said, || program.log().contains(said)).await;
        hub.recover();
    }
}

#[actix_web::test]
async fn answers_are_read_up_to_their_limit() {
    /// What an answer has besides the padding, at most.
    const REST: usize = 8 * 1024;
    const MIB: usize = 1024 * 1024;
    let hub = FakeHub::start(user());
    let padding = |length: usize| json!("x".repeat(length));
    let status = async || {
        let space = Space::on(&hub);
        let mut browser = space.browser();
        let callback = browser.consent(&hub, "/oauth/huggingface/login").await;
        browser.get(&callback).await.status
    };
    for (length, expected) in [(MIB - REST, 303), (MIB, 502)] {
        hub.set_token_field("padding", padding(length));
        assert_eq!(status().await, expected, "a token response of {length} bytes");
    }
    hub.set_token_field("padding", json!(null));
    for (length, expected) in [(4 * MIB - REST, 303), (4 * MIB, 502)] {
        let mut user = user();
        user["padding"] = padding(length);
        hub.set_user(user);
        assert_eq!(status().await, expected, "user info of {length} bytes");
    }
}

#[actix_web::test]
async fn a_token_that_user_info_does_not_accept_is_a_bad_gateway() {
    assert_eq!(status_when(Endpoint::UserInfo, &Fault::Status(401), Limits::default()).await, 502);
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
