//! Tokens that ended before their time: every session that carries one is over, wherever it is kept.

use std::time::Duration;

use actix_huggingface_oauth::Limits;
use reqwest::Method;

use crate::helpers::{Browser, Endpoint, FakeHub, Page, Space, user};
#[cfg(feature = "redis")]
use crate::helpers::{Redis, settings, space_vars};

const SESSION: &str = "__Host-hf-auth";

/// As if ten minutes were no time: with each request the Hub is asked whether the token holds.
fn asks_every_time() -> Limits {
    let mut limits = Limits::default();
    limits.orgs_fresh = Duration::ZERO;
    limits
}

/// A browser that is signed in twice, as a frame and its tab are, at a Hub that has revoked the token.
async fn revoked() -> (FakeHub, Space, Browser, Browser) {
    let hub = FakeHub::start(user());
    let space = Space::on_with(&hub, asks_every_time());
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    let copy = browser.clone();
    hub.revoke_tokens();
    (hub, space, browser, copy)
}

fn assert_signed_out(page: &Page) {
    assert_eq!((page.status, &*page.body), (200, "nobody"));
    // Its removal could come after a new login.
    assert_eq!(page.set_cookie(SESSION), None, "{page:?}");
}

#[actix_web::test]
async fn a_copy_of_the_session_is_over_as_soon_as_one_is_known_to_be() {
    let (hub, _space, mut browser, mut copy) = revoked().await;
    assert_eq!(copy.get("/who").await.body, "Hub CI bot", "nobody has asked the Hub yet");
    assert_eq!(browser.me().await, None);

    let asked = hub.requests(Endpoint::UserInfo);
    assert_signed_out(&copy.clone().get("/who").await);
    for path in ["/", "/profile", "/api/me", "/by-hand"] {
        let page = copy.clone().get(path).await;
        assert!(!page.body.contains("62f264b9"), "{path}: {page:?}");
    }
    let foreign = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")];
    let read_by_others = copy.send(Method::GET, "/who", &foreign).await;
    assert_eq!(read_by_others.set_cookie(SESSION), None);
    assert_eq!(hub.requests(Endpoint::UserInfo), asked, "the Hub is asked again");
}

#[actix_web::test]
async fn one_can_sign_in_anew_also_in_the_middle() {
    let (hub, _space, mut browser, mut copy) = revoked().await;
    let callback = copy.consent(&hub, "/oauth/huggingface/login").await;
    assert_eq!(browser.me().await, None);
    assert!(copy.cookie(SESSION).is_some(), "it carries the token that ended");
    assert_eq!(copy.get(&callback).await.location(), "/");
    assert!(copy.me().await.is_some());
    browser.sign_in(&hub).await;
    assert!(browser.me().await.is_some());
}

#[actix_web::test]
async fn a_token_of_somebody_else_ends_only_theirs() {
    let (hub, space, mut browser, _copy) = revoked().await;
    let mut other = space.browser();
    other.sign_in(&hub).await;
    assert_eq!(browser.me().await, None);
    assert!(other.me().await.is_some());
}

#[cfg(feature = "redis")]
#[actix_web::test]
async fn with_redis_every_replica_knows_it_and_who_has_no_session_waits_for_nothing() {
    use ::redis::Commands;
    let hub = FakeHub::start(user());
    let redis = Redis::start();
    let url = redis.url();
    let mut vars = space_vars(&hub.url).to_vec();
    vars.push(("REDIS_URL", &url));
    let replica = || Space::start_with(settings(&vars).unwrap().limits(asks_every_time()));
    let (one, other) = (replica(), replica());
    let mut browser = one.browser();
    browser.sign_in(&hub).await;
    // The same token in a session of its own, as a tab has beside its frame.
    let mut connection = redis.connection().unwrap();
    let keys: Vec<String> = connection.keys("*:login:*").unwrap();
    let session: String = connection.get(&keys[0]).unwrap();
    let mut copy = browser.clone();
    copy.move_to(&other.address);
    hub.revoke_tokens();
    assert_eq!(browser.me().await, None);

    let noted: Vec<String> = connection.keys("*:revoked-token:*").unwrap();
    let time_left: i64 = connection.ttl(&noted[0]).unwrap();
    assert!((28_000..=28_800).contains(&time_left), "{time_left} seconds");
    let _: () = connection.set(&keys[0], session).unwrap();
    assert_signed_out(&copy.get("/who").await);

    // Another token holds, whatever has ended.
    let mut anew = other.browser();
    anew.sign_in(&hub).await;
    assert_eq!(anew.get("/who").await.body, "Hub CI bot");

    redis.reset_commands();
    assert_eq!(other.browser().get("/who").await.body, "nobody");
    assert_eq!(redis.commands(), Vec::<String>::new());
}
