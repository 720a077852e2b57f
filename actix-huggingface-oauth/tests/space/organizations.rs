//! The organizations of those who are signed in: in memory, and asked of the Hub again.

use std::time::Duration;

use actix_huggingface_oauth::{Limits, OAuthUserInfo};
use serde_json::{Value, json};

use crate::helpers::{Browser, Endpoint, FakeHub, Fault, Space, user};

/// Signs in, and moves on to a replica that knows nothing.
async fn on_another_replica(hub: &FakeHub, limits: Limits) -> (Space, Browser) {
    let first = Space::on(hub);
    let mut browser = first.browser();
    browser.sign_in(hub).await;
    let second = Space::on_with(hub, limits);
    let mut moved = second.browser();
    moved.cookies = browser.cookies;
    (second, moved)
}

async fn orgs(browser: &mut Browser) -> Value {
    browser.me().await.unwrap()["user_info"]["orgs"].take()
}

#[actix_web::test]
async fn they_come_with_the_sign_in_and_are_not_asked_for_again() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    for _ in 0..3 {
        assert_eq!(orgs(&mut browser).await.as_array().unwrap().len(), 2);
    }
    assert_eq!(hub.requests(Endpoint::UserInfo), 1);
}

#[actix_web::test]
async fn a_replica_that_does_not_know_them_asks_once_for_all_who_wait() {
    let hub = FakeHub::start(user());
    let (_space, browser) = on_another_replica(&hub, Limits::default()).await;
    let asked = hub.requests(Endpoint::UserInfo);
    let many = (0..20).map(|_| {
        let mut browser = browser.clone();
        actix_web::rt::spawn(async move { orgs(&mut browser).await })
    });
    for one in many.collect::<Vec<_>>() {
        assert_eq!(one.await.unwrap().as_array().unwrap().len(), 2);
    }
    assert_eq!(hub.requests(Endpoint::UserInfo), asked + 1);
}

#[actix_web::test]
async fn pages_without_a_user_ask_the_hub_for_nothing() {
    let hub = FakeHub::start(user());
    let (_space, mut browser) = on_another_replica(&hub, Limits::default()).await;
    let asked = hub.requests(Endpoint::UserInfo);
    browser.get("/healthz").await;
    browser.get("/nowhere").await;
    assert_eq!(hub.requests(Endpoint::UserInfo), asked);
}

#[actix_web::test]
async fn they_are_read_again_when_they_are_old() {
    let hub = FakeHub::start(user());
    let space = Space::on_with(&hub, {
        let mut limits = Limits::default();
        limits.orgs_fresh = Duration::ZERO;
        limits
    });
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    let mut changed = user();
    changed["orgs"] = json!([]);
    hub.change_users(&changed);
    assert_eq!(orgs(&mut browser).await, json!([]));
}

#[actix_web::test]
async fn while_the_hub_fails_they_are_unknown_and_the_user_stays_signed_in() {
    for fault in [Fault::Status(500), Fault::Status(429), Fault::Hang, Fault::Body("[]".to_owned())]
    {
        let hub = FakeHub::start(user());
        let limits = {
            let mut limits = Limits::default();
            limits.read_orgs = Duration::from_millis(300);
            limits.orgs_retry = Duration::from_hours(1);
            limits
        };
        let (_space, mut browser) = on_another_replica(&hub, limits).await;
        hub.fail(Endpoint::UserInfo, fault);
        assert_eq!(orgs(&mut browser).await, json!(null));
        assert!(browser.get("/profile").await.body.contains("unknown right now"));

        let asked = hub.requests(Endpoint::UserInfo);
        hub.recover();
        assert_eq!(orgs(&mut browser).await, json!(null), "the failure is remembered");
        assert_eq!(hub.requests(Endpoint::UserInfo), asked);
    }
}

#[actix_web::test]
async fn after_a_while_the_hub_is_asked_again() {
    let hub = FakeHub::start(user());
    let limits = {
        let mut limits = Limits::default();
        limits.orgs_retry = Duration::ZERO;
        limits
    };
    let (_space, mut browser) = on_another_replica(&hub, limits).await;
    hub.fail(Endpoint::UserInfo, Fault::Status(500));
    assert_eq!(orgs(&mut browser).await, json!(null));
    hub.recover();
    assert_eq!(orgs(&mut browser).await.as_array().unwrap().len(), 2);
}

#[actix_web::test]
async fn a_token_that_was_revoked_ends_the_sign_in() {
    let hub = FakeHub::start(user());
    let (_space, mut browser) = on_another_replica(&hub, Limits::default()).await;
    hub.revoke_tokens();
    let page = browser.get("/profile").await;
    assert_eq!(page.status, 401);
    assert_eq!(page.headers.get("set-cookie"), None);
    assert_eq!(browser.get("/who").await.body, "nobody");
}

#[actix_web::test]
async fn a_token_of_another_user_ends_the_sign_in() {
    let hub = FakeHub::start(user());
    let (_space, mut browser) = on_another_replica(&hub, Limits::default()).await;
    let mut other = user();
    other["sub"] = json!("another");
    hub.change_users(&other);
    assert_eq!(browser.me().await, None);
    assert_eq!(browser.get("/who").await.body, "nobody");
}

#[actix_web::test]
async fn a_hub_that_does_not_tell_them_has_answered() {
    for (orgs_of_hub, seen, shown) in [
        (Some(json!([])), json!([]), ""),
        (Some(json!(null)), json!(null), "not told"),
        (Some(json!("none")), json!(null), "not told"),
        (None, json!(null), "not told"),
    ] {
        let mut user = user();
        user.as_object_mut().unwrap().remove("orgs");
        if let Some(orgs) = orgs_of_hub {
            user["orgs"] = orgs;
        }
        let hub = FakeHub::start(user);
        // As if half a minute were no time.
        let mut limits = Limits::default();
        limits.orgs_retry = Duration::ZERO;
        let (_space, mut browser) = on_another_replica(&hub, limits).await;
        let asked = hub.requests(Endpoint::UserInfo);
        for _ in 0..3 {
            assert_eq!(orgs(&mut browser).await, seen);
            assert!(browser.get("/profile").await.body.contains(shown));
            let refusal = browser.get("/members/acme").await;
            assert_eq!(refusal.status, 403, "{refusal:?}");
            assert!(refusal.body.contains("not a member of acme"), "{refusal:?}");
        }
        assert_eq!(hub.requests(Endpoint::UserInfo), asked + 1, "it is asked again");
    }
}

#[actix_web::test]
async fn their_memory_is_bounded() {
    let known = OAuthUserInfo::from_json(user().to_string().as_bytes()).unwrap().orgs;
    let known = known.known().unwrap();
    let texts = serde_json::to_vec(known).unwrap().len();
    let weight = u64::try_from(size_of_val(known) + 2 * texts + 256).unwrap();
    for (bound, is_kept) in [(1, false), (weight - 1, false), (weight, true)] {
        let hub = FakeHub::start(user());
        let mut limits = Limits::default();
        limits.orgs_memory = bound;
        let space = Space::on_with(&hub, limits);
        let mut browser = space.browser();
        browser.sign_in(&hub).await;
        let asked = hub.requests(Endpoint::UserInfo);
        assert_eq!(orgs(&mut browser).await.as_array().unwrap().len(), 2);
        let asked_again = hub.requests(Endpoint::UserInfo) - asked;
        assert_eq!(asked_again, usize::from(!is_kept), "{bound} of {weight} bytes");
    }
}
