//! Redis that fails: it is down, silent, full, loading, a replica, or a node of a cluster.

use std::time::{Duration, Instant};

use ::redis::Commands;
use reqwest::Method;
use serde_json::json;

use super::redis::{replica, replica_at, signed_in};
use crate::helpers::frame::{FRAME, Frame, NAVIGATION, frame_and_tab, sign_in_tab};
use crate::helpers::{Browser, FakeHub, Page, Redis, RedisProxy, Space, free_port, until, user};

const AUTH: &str = "__Host-hf-auth";

async fn open(browser: &mut Browser, path: &str) -> Page {
    browser.send(Method::GET, path, &[NAVIGATION]).await
}

/// A page that says that Redis is unavailable, and changes no login.
fn assert_unavailable(page: &Page) {
    assert_eq!(page.status, 503, "{page:?}");
    assert!(page.body.contains("Temporarily unavailable"), "{}", page.body);
    assert!(page.header("content-security-policy").contains("frame-ancestors"));
    assert_eq!(page.set_cookie(AUTH), None);
}

/// Waits until Redis answers this browser again.
async fn until_available(browser: &mut Browser) -> Page {
    let begun = Instant::now();
    loop {
        let page = browser.get("/api/me").await;
        if page.status != 503 {
            return page;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "it stays unavailable");
    }
}

fn set_another_user(hub: &FakeHub) {
    let mut another = user();
    another["sub"] = json!("another-user");
    hub.set_user(another);
}

/// A signed-in browser at a Space that reaches Redis through a proxy.
async fn behind_a_proxy() -> (FakeHub, Redis, RedisProxy, Space, Browser) {
    let hub = FakeHub::start(user());
    let redis = Redis::start();
    let proxy = RedisProxy::to(redis.address());
    let space = replica_at(&hub, &proxy.url());
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    (hub, redis, proxy, space, browser)
}

#[actix_web::test]
async fn the_app_starts_without_redis_and_logs_in_once_it_is_there() {
    let hub = FakeHub::start(user());
    let mut redis = Redis::down();
    let space = replica(&hub, &redis);
    let mut browser = space.browser();
    assert_eq!(browser.get("/").await.status, 200, "anonymous requests need no Redis");
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
async fn while_redis_is_down_logins_are_neither_valid_nor_lost() {
    let (_hub, mut redis, space, mut browser) = signed_in().await;
    assert!(browser.me().await.is_some());

    redis.shut_down();
    for path in ["/", "/profile", "/api/me", "/oauth/huggingface/logout"] {
        assert_unavailable(&open(&mut browser, path).await);
    }
    let response = browser.get("/api/me").await;
    assert_eq!((response.status, response.set_cookie(AUTH)), (503, None));
    assert!(response.json()["error"].as_str().unwrap().contains("try again"), "{response:?}");
    let page = open(&mut browser, "/profile").await.body;
    let stylesheet = page.split('"').find(|part| part.ends_with("/sign-in.css")).unwrap();
    assert_eq!(browser.get(stylesheet).await.status, 200, "the page is styled");
    let framed = browser.send(Method::GET, "/", &[NAVIGATION, FRAME]).await;
    assert_unavailable(&framed);
    assert_eq!(space.browser().get("/").await.status, 200, "others see the app");

    redis.up();
    assert!(browser.me().await.is_some());
}

#[actix_web::test]
async fn after_a_crash_and_a_restart_the_first_request_works() {
    let hub = FakeHub::start(user());
    let mut redis = Redis::start_with(&["--appendonly", "yes", "--appendfsync", "always"]);
    let space = replica(&hub, &redis);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    for _ in 0..3 {
        redis.kill();
        redis.up();
        assert!(browser.me().await.is_some());
        redis.kill();
        assert_unavailable(&open(&mut browser, "/profile").await);
        redis.up();
        browser.sign_in(&hub).await;
        assert!(browser.me().await.is_some());
    }
}

#[actix_web::test]
async fn after_a_failover_and_back_nobody_sees_an_error() {
    let (hub, one, proxy, space, mut browser) = behind_a_proxy().await;
    let two = Redis::start();
    two.follow(&one);
    let mut before = space.browser();
    before.sign_in(&hub).await;
    for (old, new) in [(&one, &two), (&two, &one)] {
        old.wait_for_replica();
        new.lead();
        proxy.move_to(new.address());
        // It keeps its connections.
        old.follow(new);
        let connections = proxy.connections();
        assert!(before.me().await.is_some());
        browser.sign_in(&hub).await;
        assert!(browser.me().await.is_some());
        assert_eq!(browser.get("/oauth/huggingface/logout").await.location(), "/");
        assert!(browser.me().await.is_none());
        assert!(before.me().await.is_some());
        assert_eq!(proxy.connections(), connections + 1, "one connection is made for all");
    }
}

#[actix_web::test]
async fn a_dropped_connection_costs_one_request_a_wait_and_no_error() {
    let (hub, _redis, proxy, space, mut browser) = behind_a_proxy().await;
    for _ in 0..2 {
        proxy.swallow_open();
        for _ in 0..10 {
            assert!(browser.me().await.is_some());
        }
        proxy.swallow_open();
        let mut other = space.browser();
        other.sign_in(&hub).await;
        assert!(other.me().await.is_some());
    }
}

#[actix_web::test]
async fn a_silent_redis_costs_the_requests_in_flight_one_timeout_and_later_ones_none() {
    let (_hub, redis, space, mut browser) = signed_in().await;
    redis.hang();
    let in_flight = (0..10).map(|_| {
        let mut browser = browser.clone();
        async move { open(&mut browser, "/profile").await }
    });
    for page in futures_util::future::join_all(in_flight).await {
        assert_unavailable(&page);
    }
    let begun = Instant::now();
    for _ in 0..30 {
        assert_unavailable(&open(&mut browser, "/profile").await);
        assert_unavailable(&open(&mut browser, "/oauth/huggingface/logout").await);
    }
    // They would be 60 timeouts of two seconds.
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    assert_eq!(open(&mut space.browser(), "/gated").await.status, 401, "others see the app");
    redis.go_on();
    assert_eq!(until_available(&mut browser).await.status, 200);
}

#[actix_web::test]
async fn a_redis_behind_a_proxy_that_swallows_packets_is_reached_again() {
    let (_hub, redis, proxy, _space, mut browser) = behind_a_proxy().await;
    proxy.swallow_all();
    for _ in 0..10 {
        assert_unavailable(&open(&mut browser, "/profile").await);
    }
    proxy.swallow_open();
    proxy.move_to(redis.address());
    assert_eq!(until_available(&mut browser).await.status, 200);
}

/// Has Redis refuse all writes, or none.
type Refuse = fn(&Redis, bool);

fn full(redis: &Redis, refuses: bool) {
    redis.command::<()>(&["CONFIG", "SET", "maxmemory", if refuses { "1" } else { "0" }]);
}

fn read_only(redis: &Redis, refuses: bool) {
    if refuses {
        // A replica of a server that is not there.
        redis.command::<()>(&["REPLICAOF", "127.0.0.1", "9"]);
    } else {
        redis.lead();
    }
}

#[actix_web::test]
async fn a_login_that_cannot_be_stored_leaves_the_old_one() {
    for refuse in [full as Refuse, read_only] {
        let (hub, redis, space, mut browser) = signed_in().await;
        let before = redis.keys();
        set_another_user(&hub);
        refuse(&redis, true);

        let mut other = space.browser();
        for browser in [&mut other, &mut browser] {
            let callback = browser.consent(&hub, "/oauth/huggingface/login").await;
            assert_unavailable(&open(browser, &callback).await);
        }
        assert_eq!(browser.me().await.unwrap()["user_info"]["sub"], user()["sub"], "it is kept");
        assert!(other.me().await.is_none());

        refuse(&redis, false);
        assert_eq!(redis.keys(), before, "something was written after all");
        assert_eq!(browser.me().await.unwrap()["user_info"]["sub"], user()["sub"]);
        browser.sign_in(&hub).await;
        assert_eq!(browser.me().await.unwrap()["user_info"]["sub"], "another-user");
        assert_eq!(redis.keys().len(), 1, "the login from before is left");
    }
}

#[actix_web::test]
async fn a_redis_that_hangs_writes_nothing_when_it_goes_on() {
    let (hub, redis, _space, mut browser) = signed_in().await;
    let before = redis.keys();
    let callback = browser.consent(&hub, "/oauth/huggingface/login").await;
    // It hangs when the login is stored, and not before.
    let mut anonymous = browser.clone();
    anonymous.cookies.remove(AUTH);
    redis.hang();
    assert_unavailable(&open(&mut anonymous, &callback).await);
    redis.go_on();
    assert_eq!(until_available(&mut browser).await.status, 200);
    assert_eq!(redis.keys(), before);
}

#[actix_web::test]
async fn a_handoff_whose_response_is_lost_is_not_redeemed_twice() {
    let (hub, redis, proxy, space, _browser) = behind_a_proxy().await;
    let (mut frame, mut tab) = frame_and_tab(&space, &hub).await;
    redis.reset_commands();
    proxy.close_after("GETDEL");
    assert_eq!(frame.claim().await.status, 503);
    assert_eq!(redis.commands(), ["getdel 1", "ping 1"], "it may have been executed");
    assert_eq!(frame.claim().await.status, 202);
    assert!(tab.me().await.is_some());
}

#[actix_web::test]
async fn while_redis_is_full_logout_works() {
    let (_hub, redis, _space, mut browser) = signed_in().await;
    full(&redis, true);
    assert_eq!(browser.get("/oauth/huggingface/logout").await.location(), "/");
    assert!(browser.me().await.is_none());
    assert_eq!(redis.keys(), Vec::<String>::new());
}

#[actix_web::test]
async fn while_redis_loads_its_data_logins_are_neither_valid_nor_lost() {
    let (_hub, mut redis, space, mut browser) = signed_in().await;
    let value = "x".repeat(4_096);
    let keys = (0..600).map(|index| format!("filler-{index}"));
    let values: Vec<_> = keys.map(|key| (key, &value)).collect();
    redis.connection().unwrap().mset::<_, _, ()>(&values).unwrap();
    redis.shut_down();
    redis.up_loading();
    assert_unavailable(&open(&mut browser, "/profile").await);
    assert_unavailable(&open(&mut browser, "/oauth/huggingface/logout").await);
    assert_eq!(space.browser().get("/").await.status, 200, "others see the app");
    redis.load();
    assert_eq!(until_available(&mut browser).await.status, 200);
}

#[actix_web::test]
async fn a_node_of_a_cluster_names_the_one_that_has_the_keys_until_that_is_silent() {
    let hub = FakeHub::start(user());
    let buses = [(); 2].map(|()| free_port().to_string());
    let nodes = buses
        .each_ref()
        .map(|bus| Redis::start_with(&["--cluster-enabled", "yes", "--cluster-port", bus]));
    let port = nodes[1].address().port().to_string();
    nodes[0].command::<()>(&["CLUSTER", "MEET", "127.0.0.1", &port, &buses[1]]);
    nodes[0].command::<()>(&["CLUSTER", "ADDSLOTSRANGE", "0", "8191"]);
    nodes[1].command::<()>(&["CLUSTER", "ADDSLOTSRANGE", "8192", "16383"]);
    until("the cluster is up", || {
        let info = |node: &Redis| node.command::<String>(&["CLUSTER", "INFO"]);
        nodes.iter().all(|node| info(node).contains("cluster_state:ok"))
    })
    .await;
    // One of them does not have the keys.
    let spaces = nodes.each_ref().map(|node| replica(&hub, node));
    let mut browsers = spaces.each_ref().map(Space::browser);
    for browser in &mut browsers {
        browser.sign_in(&hub).await;
        assert!(browser.me().await.is_some());
    }
    let [owner, other] = if nodes[0].keys().is_empty() { [1, 0] } else { [0, 1] };
    assert_eq!((nodes[owner].keys().len(), nodes[other].keys().len()), (2, 0));

    // The node with the keys stops answering, and the other one gets them.
    nodes[owner].hang();
    let browser = &mut browsers[other];
    assert_unavailable(&open(browser, "/profile").await);
    nodes[other].command::<()>(&["CONFIG", "SET", "cluster-require-full-coverage", "no"]);
    let slots = [["0", "8191"], ["8192", "16383"]][owner];
    nodes[other].command::<()>(&["CLUSTER", "DELSLOTSRANGE", slots[0], slots[1]]);
    nodes[other].command::<()>(&["CLUSTER", "ADDSLOTSRANGE", slots[0], slots[1]]);
    assert_eq!(until_available(browser).await.status, 401, "it has none of the logins");
    browser.sign_in(&hub).await;
    assert_eq!(browser.get("/oauth/huggingface/logout").await.location(), "/");
    assert!(browser.me().await.is_none());
}

#[actix_web::test]
async fn a_login_whose_response_is_lost_leaves_the_earlier_one() {
    let (hub, redis, proxy, _space, mut browser) = behind_a_proxy().await;
    set_another_user(&hub);
    let callback = browser.consent(&hub, "/oauth/huggingface/login").await;
    proxy.close_after("EXEC");
    assert_unavailable(&open(&mut browser, &callback).await);
    assert_eq!(redis.keys().len(), 2, "both are stored");
    assert_eq!(browser.me().await.unwrap()["user_info"]["sub"], user()["sub"]);
}
