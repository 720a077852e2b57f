//! Sessions and hand-offs in Redis: across replicas, after a sign-out, and while Redis is not there.

use deadpool_redis::redis::Commands;
use serde_json::json;

use crate::helpers::frame::{FRAME, Frame, NAVIGATION, sign_in_tab};
use crate::helpers::{
    Browser, FakeHub, HOST, Page, Program, Redis, Space, Tls, settings, space_vars, until, user,
};

const SESSION: &str = "__Host-hf-auth";

/// The app as a Space with its sessions in `redis`.
fn replica(hub: &FakeHub, redis: &Redis) -> Space {
    let url = redis.url();
    let mut vars = space_vars(&hub.url).to_vec();
    vars.push(("REDIS_URL", &url));
    Space::start(&vars)
}

/// Somebody who is signed in at such a Space, and all that this takes.
async fn signed_in() -> (FakeHub, Redis, Space, Browser) {
    let hub = FakeHub::start(user());
    let redis = Redis::start();
    let space = replica(&hub, &redis);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    (hub, redis, space, browser)
}

async fn open(browser: &mut Browser, path: &str) -> Page {
    browser.send(reqwest::Method::GET, path, &[NAVIGATION]).await
}

/// A page that says that Redis does not answer, and ends no session.
fn assert_unavailable(page: &Page) {
    assert_eq!(page.status, 503, "{page:?}");
    assert!(page.body.contains("Temporarily unavailable"), "{}", page.body);
    assert!(page.header("content-security-policy").contains("frame-ancestors"));
    assert_eq!(page.set_cookie(SESSION), None);
}

#[actix_web::test]
async fn the_cookie_is_a_key_and_the_session_lives_as_long_as_the_token() {
    let hub = FakeHub::start(user());
    let redis = Redis::start();
    let space = replica(&hub, &redis);
    let mut browser = space.browser();
    let page = browser.sign_in(&hub).await;
    let cookie = page.set_cookie(SESSION).unwrap();
    assert!(cookie.len() < 400, "{cookie}");
    assert!(browser.me().await.is_some());

    let mut connection = redis.connection().unwrap();
    let keys: Vec<String> = connection.keys("*").unwrap();
    assert!(keys.len() == 1 && keys[0].contains(":login:"), "{keys:?}");
    let time_left: i64 = connection.ttl(&keys[0]).unwrap();
    let (_, max_age) = cookie.split_once("Max-Age=").unwrap();
    let max_age: i64 = max_age.split(';').next().unwrap().parse().unwrap();
    assert!((time_left - max_age).abs() < 60, "{time_left} against {cookie}");
}

#[actix_web::test]
async fn signing_out_ends_the_session_everywhere_at_once() {
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
    assert_eq!((page.status, page.set_cookie(SESSION)), (401, None));
}

#[actix_web::test]
async fn a_frame_and_its_tab_may_reach_any_replica() {
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
    let time_left: i64 = redis.connection().unwrap().ttl(&waits[0]).unwrap();
    assert!((1..=120).contains(&time_left), "{time_left} seconds");

    let thief = frame.browser.clone();
    let claimed = frame.claim().await;
    assert_eq!((claimed.status, claimed.json()), (200, json!({"signed_in": true})));
    assert_eq!(Frame { browser: thief }.claim().await.status, 202, "it is claimed once");
    for _ in 0..4 {
        assert!(frame.is_signed_in().await);
        assert!(tab.me().await.is_some());
    }
}

#[actix_web::test]
async fn the_app_starts_without_redis_and_signs_in_once_it_is_there() {
    let hub = FakeHub::start(user());
    let mut redis = Redis::down();
    let space = replica(&hub, &redis);
    let mut browser = space.browser();
    assert_eq!(browser.get("/").await.status, 200, "who has no session needs none");
    assert_eq!(browser.get("/healthz").await.status, 200);

    let login = "/oauth/huggingface/login?_target_url=/profile";
    let callback = browser.consent(&hub, login).await;
    assert_unavailable(&open(&mut browser, &callback).await);

    let mut frame = Frame::of(&space);
    let challenge = frame.challenge("/").await;
    let mut tab = space.browser();
    assert_eq!(sign_in_tab(&mut tab, &hub, &challenge, "/").await.status, 503);
    assert_eq!(frame.claim().await.status, 503);

    redis.up();
    browser.sign_in(&hub).await;
    assert!(browser.me().await.is_some());
    assert_eq!(sign_in_tab(&mut tab, &hub, &challenge, "/").await.status, 200);
    assert_eq!(frame.claim().await.status, 200);
    assert!(frame.is_signed_in().await);
}

#[actix_web::test]
async fn while_redis_is_away_nobody_is_taken_for_signed_in_or_out_and_then_all_goes_on() {
    let (_hub, mut redis, space, mut browser) = signed_in().await;
    assert!(browser.me().await.is_some());

    redis.shut_down();
    for path in ["/", "/profile", "/api/me", "/oauth/huggingface/logout"] {
        assert_unavailable(&open(&mut browser, path).await);
    }
    let answer = browser.get("/api/me").await;
    assert_eq!((answer.status, answer.set_cookie(SESSION)), (503, None));
    assert!(answer.json()["error"].as_str().unwrap().contains("try again"), "{}", answer.body);
    let page = open(&mut browser, "/profile").await.body;
    let stylesheet = page.split('"').find(|part| part.ends_with("/sign-in.css")).unwrap();
    assert_eq!(browser.get(stylesheet).await.status, 200, "the page is in its dress");
    let framed = browser.send(reqwest::Method::GET, "/", &[NAVIGATION, FRAME]).await;
    assert_unavailable(&framed);
    assert_eq!(space.browser().get("/").await.status, 200, "others see the app");

    redis.up();
    assert!(browser.me().await.is_some(), "it goes on without a restart");
}

#[actix_web::test]
async fn at_a_gate_a_stranger_never_waits_for_redis() {
    let (_hub, redis, space, mut browser) = signed_in().await;
    assert_eq!(open(&mut browser, "/gated").await.body, "for members");
    // It would wait for an answer that never comes.
    redis.hang();
    let stranger = open(&mut space.browser(), "/gated").await;
    assert_eq!(stranger.status, 401, "{stranger:?}");
    assert_unavailable(&open(&mut browser, "/gated").await);
}

#[actix_web::test]
async fn a_redis_that_hangs_is_given_up_on() {
    let (_hub, redis, _space, mut browser) = signed_in().await;

    redis.hang();
    assert_unavailable(&open(&mut browser, "/profile").await);
    redis.go_on();
    assert!(browser.me().await.is_some());
}

/// Lets Redis take nothing that is written, or all of it again.
type Refuse = fn(&Redis, bool);

fn full(redis: &Redis, refuses: bool) {
    config(redis, "maxmemory", if refuses { "1" } else { "0" });
}

fn read_only(redis: &Redis, refuses: bool) {
    // A replica of nobody that is there.
    let (host, port) = if refuses { ("127.0.0.1", "9") } else { ("NO", "ONE") };
    let mut connection = redis.connection().unwrap();
    let mut replica = deadpool_redis::redis::cmd("REPLICAOF");
    replica.arg(host).arg(port).query::<()>(&mut connection).unwrap();
}

fn config(redis: &Redis, name: &str, value: &str) {
    let mut connection = redis.connection().unwrap();
    let mut config = deadpool_redis::redis::cmd("CONFIG");
    config.arg("SET").arg(name).arg(value).query::<()>(&mut connection).unwrap();
}

fn everything_in(redis: &Redis) -> Vec<String> {
    let mut keys: Vec<String> = redis.connection().unwrap().keys("*").unwrap();
    keys.sort();
    keys
}

#[actix_web::test]
async fn a_redis_that_takes_nothing_signs_in_nobody_and_keeps_who_is_signed_in() {
    for refuse in [full as Refuse, read_only] {
        let (hub, redis, space, mut browser) = signed_in().await;
        let before = everything_in(&redis);
        let mut somebody_else = user();
        somebody_else["sub"] = json!("somebody-else");
        hub.set_user(somebody_else);
        refuse(&redis, true);

        let mut other = space.browser();
        for browser in [&mut other, &mut browser] {
            let callback = browser.consent(&hub, "/oauth/huggingface/login").await;
            assert_unavailable(&open(browser, &callback).await);
        }
        assert_eq!(browser.me().await.unwrap()["user_info"]["sub"], user()["sub"], "it is kept");
        assert!(other.me().await.is_none());

        refuse(&redis, false);
        assert_eq!(everything_in(&redis), before, "something was written after all");
        assert_eq!(browser.me().await.unwrap()["user_info"]["sub"], user()["sub"]);
        browser.sign_in(&hub).await;
        assert_eq!(browser.me().await.unwrap()["user_info"]["sub"], "somebody-else");
        assert_eq!(everything_in(&redis).len(), 1, "the session from before is left");
    }
}

#[actix_web::test]
async fn a_redis_that_hangs_writes_nothing_when_it_goes_on() {
    let (hub, redis, _space, mut browser) = signed_in().await;
    let before = everything_in(&redis);
    let callback = browser.consent(&hub, "/oauth/huggingface/login").await;
    // It hangs when the session is to be kept, and not before.
    let mut stranger = browser.clone();
    stranger.cookies.remove(SESSION);
    redis.hang();
    assert_unavailable(&open(&mut stranger, &callback).await);
    redis.go_on();
    assert!(browser.me().await.is_some());
    assert_eq!(everything_in(&redis), before);
}

#[actix_web::test]
async fn while_redis_is_full_one_can_still_sign_out() {
    let (_hub, redis, _space, mut browser) = signed_in().await;
    full(&redis, true);
    assert_eq!(browser.get("/oauth/huggingface/logout").await.location(), "/");
    assert!(browser.me().await.is_none());
    assert_eq!(everything_in(&redis), Vec::<String>::new());
}

#[actix_web::test]
async fn sessions_that_redis_lost_are_over() {
    let (hub, redis, _space, mut browser) = signed_in().await;
    let _: () =
        deadpool_redis::redis::cmd("FLUSHALL").query(&mut redis.connection().unwrap()).unwrap();
    let page = browser.get("/api/me").await;
    assert_eq!((page.status, page.set_cookie(SESSION)), (401, None));
    browser.sign_in(&hub).await;
    assert!(browser.me().await.is_some());
}

#[actix_web::test]
async fn a_session_in_redis_that_cannot_be_read_counts_as_none() {
    let (_hub, redis, _space, mut browser) = signed_in().await;
    let mut connection = redis.connection().unwrap();
    let keys: Vec<String> = connection.keys("*:login:*").unwrap();
    let _: () = connection.set(&keys[0], "no session").unwrap();
    assert_eq!(browser.get("/api/me").await.status, 401);
}

/// The program as a Space with its sessions in Redis, which it reaches over TLS with this password.
fn over_tls(hub: &FakeHub, tls: &Tls, password: &str) -> Program {
    let url = format!("rediss://default:{password}@localhost:{}", tls.port);
    let mut vars = space_vars(&hub.url).to_vec();
    vars.extend([("REDIS_URL", &*url), ("SSL_CERT_FILE", tls.certificate.to_str().unwrap())]);
    Program::start(&vars)
}

#[actix_web::test]
async fn redis_is_spoken_to_over_tls_and_with_a_password() {
    let hub = FakeHub::start(user());
    let (redis, tls) = Redis::start_with_tls("of-this-redis");
    let space = over_tls(&hub, &tls, "of-this-redis");
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    assert!(browser.me().await.is_some());
    assert_eq!(everything_in(&redis).len(), 1);

    let space = over_tls(&hub, &tls, "another-password");
    browser.move_to(&space.address);
    assert_unavailable(&open(&mut browser, "/api/me").await);
    until("the reason in the log", || space.log().contains("Redis does not answer")).await;
    assert!(!space.log().contains("another-password"), "{}", space.log());
}

#[test]
fn the_url_of_redis_is_checked_and_never_shown() {
    let url = "redis://user:made-up-password@127.0.0.1:6379/1";
    let shown = format!("{:?}", settings(&[("REDIS_URL", url)]).unwrap());
    assert!(shown.contains("Redis") && !shown.contains("made-up-password"), "{shown}");

    let error = settings(&[("REDIS_URL", "http://user:made-up-password@example.org")]).unwrap_err();
    let shown = format!("{error:?} {error:#}");
    assert!(shown.contains("REDIS_URL") && !shown.contains("made-up-password"), "{shown}");
}
