//! Logins and handoffs in Redis: what is stored, for how long, on all replicas, and how it is reached.

use ::redis::Commands;
use actix_huggingface_oauth::HuggingFaceOAuth;
use serde_json::json;

use crate::helpers::frame::{Frame, frame_and_tab, sign_in_tab};
use crate::helpers::{
    Browser, FakeHub, HOST, Program, Redis, Space, Tls, settings, space_vars, until, user,
};

const AUTH: &str = "__Host-hf-auth";

/// The app as a Space with its logins in the Redis at this URL.
pub fn replica_at(hub: &FakeHub, url: &str) -> Space {
    let mut vars = space_vars(&hub.url).to_vec();
    vars.push(("REDIS_URL", url));
    Space::start(&vars)
}

pub fn replica(hub: &FakeHub, redis: &Redis) -> Space {
    replica_at(hub, &redis.url())
}

/// A signed-in browser at such a Space, and all that this takes.
pub async fn signed_in() -> (FakeHub, Redis, Space, Browser) {
    let hub = FakeHub::start(user());
    let redis = Redis::start();
    let space = replica(&hub, &redis);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    (hub, redis, space, browser)
}

#[actix_web::test]
async fn a_login_is_one_transaction_and_a_request_one_command() {
    let hub = FakeHub::start(user());
    let redis = Redis::start();
    let space = replica(&hub, &redis);
    redis.reset_commands();
    let (_frame, mut tab) = frame_and_tab(&space, &hub).await;
    // The record and the handoff.
    assert_eq!(redis.commands(), ["exec 1", "multi 1", "ping 1", "setex 2"]);

    redis.reset_commands();
    for path in ["/", "/api/me", "/gated", "/profile"] {
        assert_eq!(tab.get(path).await.status, 200, "{path}");
    }
    assert_eq!(redis.commands(), ["mget 4"]);

    redis.reset_commands();
    assert_eq!(tab.get("/healthz").await.status, 200);
    assert_eq!(space.browser().get("/").await.status, 200);
    assert_eq!(redis.commands(), ["mget 1"], "anonymous requests need no Redis");
}

#[actix_web::test]
async fn the_cookie_is_a_reference_and_the_record_lives_as_long_as_the_token() {
    let hub = FakeHub::start(user());
    let redis = Redis::start();
    let space = replica(&hub, &redis);
    let mut browser = space.browser();
    let page = browser.sign_in(&hub).await;
    let cookie = page.set_cookie(AUTH).unwrap();
    assert!(cookie.len() < 400, "{cookie}");
    assert!(browser.me().await.is_some());

    let keys = redis.keys();
    assert!(keys.len() == 1 && keys[0].contains("}:login:"), "{keys:?}");
    let time_left: i64 = redis.command(&["TTL", &keys[0]]);
    let (_, max_age) = cookie.split_once("Max-Age=").unwrap();
    let max_age: i64 = max_age.split(';').next().unwrap().parse().unwrap();
    assert!((time_left - max_age).abs() < 60, "{time_left} against {cookie}");
}

#[actix_web::test]
async fn nothing_in_redis_is_readable_and_a_value_opens_under_its_own_key_alone() {
    let hub = FakeHub::start(user());
    let redis = Redis::start();
    let space = replica(&hub, &redis);
    let (_frame, mut tab) = frame_and_tab(&space, &hub).await;
    let mut other = space.browser();
    hub.set_user(json!({ "sub": "another-user", "preferred_username": "another-user" }));
    other.sign_in(&hub).await;

    let keys = redis.keys();
    let [handoff, logins @ ..] = &*keys else { panic!("{keys:?}") };
    assert!(handoff.contains("}:handoff:") && logins.len() == 2, "{keys:?}");
    let tag = keys[0].split_inclusive('}').next().unwrap();
    assert!(tag.starts_with('{') && keys.iter().all(|key| key.starts_with(tag)), "{keys:?}");
    let mut shown = keys.join(" ");
    for key in &keys {
        shown += &redis.command::<String>(&["GET", key]);
    }
    for secret in ["hf_oauth_", "62f264b9", "another-user", "hf.co", "openid"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }

    let [one, two] = [0, 1].map(|index| redis.command::<String>(&["GET", &logins[index]]));
    redis.command::<()>(&["SET", &logins[0], &two]);
    redis.command::<()>(&["SET", &logins[1], &one]);
    assert_eq!(tab.get("/api/me").await.status, 401);
    assert_eq!(other.get("/api/me").await.status, 401);
}

#[actix_web::test]
async fn a_logout_ends_the_login_on_all_replicas() {
    let hub = FakeHub::start(user());
    let redis = Redis::start();
    let (one, other) = (replica(&hub, &redis), replica(&hub, &redis));
    let mut browser = one.browser();
    browser.sign_in(&hub).await;
    let mut copy = browser.clone();
    copy.move_to(&other.address);
    assert!(copy.me().await.is_some());

    assert_eq!(browser.get("/oauth/huggingface/logout").await.location(), "/");
    assert!(browser.me().await.is_none());
    let page = copy.get("/api/me").await;
    assert_eq!((page.status, page.set_cookie(AUTH)), (401, None));
    assert_eq!(redis.keys(), Vec::<String>::new());
}

#[actix_web::test]
async fn a_logout_in_the_tab_ends_a_handoff_that_the_iframe_redeems_at_another_replica() {
    let hub = FakeHub::start(user());
    let redis = Redis::start();
    let (one, other) = (replica(&hub, &redis), replica(&hub, &redis));
    let mut frame = Frame::of(&other);
    let challenge = frame.challenge("/").await;
    let mut tab = one.browser();
    sign_in_tab(&mut tab, &hub, &challenge, "/").await;
    assert_eq!(tab.get("/oauth/huggingface/logout").await.location(), "/");
    assert_eq!(frame.claim().await.status, 202);
    assert!(!frame.is_signed_in().await);
}

#[actix_web::test]
async fn an_iframe_and_its_tab_may_reach_any_replica() {
    let hub = FakeHub::start(user());
    let redis = Redis::start();
    let replicas = [replica(&hub, &redis), replica(&hub, &redis)];
    let [one, other] = [&*replicas[0].address, &*replicas[1].address];
    let mut frame = Frame { browser: Browser::behind_round_robin(&[one, other], HOST) };
    let mut tab = Browser::behind_round_robin(&[other, one], HOST);

    let challenge = frame.challenge("/").await;
    assert_eq!(frame.claim().await.status, 202);
    let page = sign_in_tab(&mut tab, &hub, &challenge, "/").await;
    assert_eq!(page.status, 200, "{page:?}");
    let waits: Vec<String> = redis.connection().unwrap().keys("*:handoff:*").unwrap();
    let time_left: i64 = redis.command(&["TTL", &waits[0]]);
    assert!((1..=120).contains(&time_left), "{time_left} seconds");

    let thief = frame.browser.clone();
    let redeemed = frame.claim().await;
    assert_eq!((redeemed.status, redeemed.json()), (200, json!({"signed_in": true})));
    assert_eq!(Frame { browser: thief }.claim().await.status, 202, "it is redeemed once");
    for _ in 0..4 {
        assert!(frame.is_signed_in().await);
        assert!(tab.me().await.is_some());
    }
}

#[actix_web::test]
async fn evicted_logins_are_signed_out() {
    let (hub, redis, _space, mut browser) = signed_in().await;
    redis.command::<()>(&["CONFIG", "SET", "maxmemory-policy", "allkeys-random"]);
    redis.command::<()>(&["CONFIG", "SET", "maxmemory", "1"]);
    until("the eviction", || {
        // A write evicts first.
        let _ = redis.connection().unwrap().set::<_, _, ()>("another", "value");
        redis.keys().is_empty()
    })
    .await;
    let page = browser.get("/api/me").await;
    assert_eq!((page.status, page.set_cookie(AUTH)), (401, None));
    redis.command::<()>(&["CONFIG", "SET", "maxmemory", "0"]);
    browser.sign_in(&hub).await;
    assert!(browser.me().await.is_some());
}

#[actix_web::test]
async fn a_malformed_value_counts_as_signed_out() {
    let (_hub, redis, _space, mut browser) = signed_in().await;
    redis.command::<()>(&["SET", &redis.keys()[0], "no login"]);
    assert_eq!(browser.get("/api/me").await.status, 401);
}

#[actix_web::test]
async fn an_acl_user_needs_nine_commands_and_passwords_may_have_reserved_characters() {
    let hub = FakeHub::start(user());
    let redis = Redis::start();
    let commands = "+ping +mget +exists +getdel +setex +del +multi +exec +select";
    let mut acl = vec!["ACL", "SETUSER", "app", "on", ">p@ss:w/rd#1?%", "~{*}:*", "-@all"];
    acl.extend(commands.split(' '));
    redis.command::<()>(&acl);
    let host = redis.address();
    let url = format!("redis://app:p%40ss%3Aw%2Frd%231%3F%25@{host}/3");
    let space = replica_at(&hub, &url);
    let (mut frame, mut tab) = frame_and_tab(&space, &hub).await;
    assert_eq!(frame.claim().await.status, 200);
    assert!(frame.is_signed_in().await && tab.me().await.is_some());
    assert_eq!(tab.get("/oauth/huggingface/logout").await.location(), "/");
    assert!(tab.me().await.is_none());
}

/// The program as a Space with its logins in Redis, which it reaches over TLS with this password.
fn over_tls(hub: &FakeHub, tls: &Tls, password: &str) -> Program {
    let url = format!("rediss://default:{password}@localhost:{}", tls.port);
    let mut vars = space_vars(&hub.url).to_vec();
    vars.extend([("REDIS_URL", &*url), ("SSL_CERT_FILE", tls.certificate.to_str().unwrap())]);
    vars.push(("CRYPTO_PROVIDER_OF_THE_PROCESS", "useless"));
    Program::start(&vars)
}

#[actix_web::test]
async fn tls_and_a_password_work_whatever_crypto_provider_the_process_has() {
    let hub = FakeHub::start(user());
    let (redis, tls) = Redis::start_with_tls("of-this-redis");
    let space = over_tls(&hub, &tls, "of-this-redis");
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    assert!(browser.me().await.is_some());
    assert_eq!(redis.keys().len(), 1);

    let space = over_tls(&hub, &tls, "another-password");
    browser.move_to(&space.address);
    assert_eq!(browser.get("/api/me").await.status, 503);
    until("the reason in the log", || space.log().contains("Redis is unavailable")).await;
    assert!(space.log().contains("Password authentication failed"), "{}", space.log());
    assert!(!space.log().contains("another-password"), "{}", space.log());
}

#[test]
fn no_crypto_provider_is_installed_for_the_process() {
    let mut vars = space_vars("https://huggingface.co").to_vec();
    vars.push(("REDIS_URL", "rediss://127.0.0.1:6379"));
    HuggingFaceOAuth::new(settings(&vars).unwrap()).unwrap();
    assert!(rustls::crypto::CryptoProvider::get_default().is_none());
}

#[test]
fn the_url_of_redis_is_validated_and_never_shown() {
    for url in [
        "redis://user:made-up-password@127.0.0.1:6379/1",
        "rediss://user:made-up-password@redis.example.org",
        "valkeys://:made-up-password@redis.example.org:6380",
        "unix:///run/redis/redis.sock?pass=made-up-password",
    ] {
        let shown = format!("{:?}", settings(&[("REDIS_URL", url)]).unwrap());
        assert!(shown.contains("Redis") && !shown.contains("made-up-password"), "{shown}");
    }
    for (url, reason) in [
        ("http://user:made-up-password@example.org", "did not parse"),
        ("made-up-password", "did not parse"),
        ("redis://user:made-up-password#1@example.org", "%23"),
        ("redis://user:made-up-password/1@example.org", "%2F"),
        (
            "rediss://user:made-up-password@example.org/#insecure",
            "certificates are always verified",
        ),
        ("redis://:made-up-password@example.org/one", "database"),
        ("redis://:made-up-password@0.0.0.0", "wildcard"),
    ] {
        let error = settings(&[("REDIS_URL", url)]).unwrap_err();
        let shown = format!("{error:?} {error:#}");
        assert!(shown.contains("REDIS_URL") && shown.contains(reason), "{shown}");
        assert!(!shown.contains("made-up-password"), "{shown}");
    }
}

#[actix_web::test]
async fn revoke_user_holds_on_all_replicas_and_in_this_one_also_without_redis() {
    let hub = FakeHub::start(user());
    let mut redis = Redis::start();
    let mut vars = space_vars(&hub.url).to_vec();
    let url = redis.url();
    vars.push(("REDIS_URL", &url));
    let oauth = HuggingFaceOAuth::new(settings(&vars).unwrap()).unwrap();
    let (one, other) = (replica(&hub, &redis), replica(&hub, &redis));
    let sub = user()["sub"].as_str().unwrap().to_owned();
    let mut browser = one.browser();
    browser.sign_in(&hub).await;
    let mut copy = browser.clone();
    copy.move_to(&other.address);

    oauth.revoke_user(&sub).await.unwrap();
    assert_eq!((browser.me().await, copy.me().await), (None, None));
    let key: Vec<String> = redis.connection().unwrap().keys("*:revoked-user:*").unwrap();
    let time_left: i64 = redis.command(&["TTL", &key[0]]);
    assert!((2_591_000..=2_592_000).contains(&time_left), "{time_left} seconds");
    browser.sign_in(&hub).await;
    assert!(browser.me().await.is_some());

    redis.shut_down();
    assert!(oauth.revoke_user(&sub).await.is_err());
}
