//! Connections to the Hub that the Hub closes while a request is on its way: one retry on a new connection if the connection
//! was reused and no response began, and no retry otherwise.

use serde_json::{Value, json};

use crate::helpers::calling::{settings_at, start_with};
use crate::helpers::{
    Browser, Close, Endpoint, FakeHub, FakeRouter, Fault, Page, Relay, Space, Visitor, question,
    settings, space_vars, user,
};
use actix_huggingface_oauth::Bearer;

/// A Hub behind a relay that closes connections under requests for an endpoint.
fn hub_behind_relay(endpoint: Endpoint, close: Close) -> (FakeHub, Relay) {
    let mut hub = FakeHub::start(user());
    let path = endpoint.path().split('{').next().unwrap();
    let relay = Relay::to(&hub.url, path, close);
    hub.is_reached_at(&relay.url);
    (hub, relay)
}

/// Logs in, and gives the response to the callback.
async fn log_in(hub: &FakeHub, browser: &mut Browser) -> Page {
    let callback = browser.consent(hub, "/oauth/huggingface/login").await;
    browser.get(&callback).await
}

/// How often a test tries to have a connection reused: the pool has an idle connection only some time after a response.
const TRIES: usize = 100;

/// Logs in until the relay closed a reused connection under this endpoint. Gives the response to the callback, and how many
/// logins were before.
async fn log_in_until_closed(hub: &FakeHub, space: &Space, relay: &Relay) -> (Page, usize) {
    for logins in 0..TRIES {
        let page = log_in(hub, &mut space.browser()).await;
        if relay.closed() > 0 {
            return (page, logins);
        }
        assert_eq!(page.location(), "/");
    }
    panic!("no connection was reused");
}

#[actix_web::test]
async fn a_login_survives_connections_that_the_hub_closes() {
    for endpoint in [Endpoint::Token, Endpoint::UserInfo] {
        let (hub, relay) = hub_behind_relay(endpoint, Close::Reused);
        let space = Space::on(&hub);
        let (page, logins) = log_in_until_closed(&hub, &space, &relay).await;
        assert_eq!(page.location(), "/", "{endpoint:?}");
        assert_eq!(hub.requests(endpoint), logins + 1, "{endpoint:?}: sent twice to the Hub");
        let mut browser = space.browser();
        assert_eq!(log_in(&hub, &mut browser).await.location(), "/", "{endpoint:?}");
        assert!(browser.me().await.is_some());
    }
}

#[actix_web::test]
async fn the_metadata_are_read_over_a_new_connection_if_the_hub_closes_the_reused_one() {
    let (hub, relay) = hub_behind_relay(Endpoint::Metadata, Close::Reused);
    for _ in 0..TRIES {
        // They are read once a process.
        let space = Space::on(&hub);
        hub.fail(Endpoint::Metadata, Fault::Status(500));
        assert_eq!(space.browser().get("/oauth/huggingface/login").await.status, 502);
        hub.recover();
        assert_eq!(log_in(&hub, &mut space.browser()).await.location(), "/");
        if relay.closed() > 0 {
            return;
        }
    }
    panic!("no connection was reused");
}

#[actix_web::test]
async fn a_new_connection_that_the_hub_closes_is_not_tried_again() {
    for endpoint in [Endpoint::Token, Endpoint::UserInfo] {
        let (hub, relay) = hub_behind_relay(endpoint, Close::Always);
        let space = Space::on(&hub);
        let page = log_in(&hub, &mut space.browser()).await;
        assert_eq!(page.status, 502, "{endpoint:?}");
        // The new one, and one that was reused, if one was.
        assert!((1..=2).contains(&relay.closed()), "{endpoint:?}: {}", relay.closed());
        assert_eq!(hub.requests(endpoint), 0, "{endpoint:?}");
    }
    let (hub, relay) = hub_behind_relay(Endpoint::Metadata, Close::Always);
    let space = Space::on(&hub);
    assert_eq!(space.browser().get("/oauth/huggingface/login").await.status, 502);
    assert_eq!(relay.closed(), 1);
}

#[actix_web::test]
async fn a_response_that_began_is_not_asked_for_again() {
    for (close, requests) in [(Close::InBody, 1), (Close::Garbage, 0)] {
        for endpoint in [Endpoint::Token, Endpoint::UserInfo] {
            let (hub, relay) = hub_behind_relay(endpoint, close);
            let space = Space::on(&hub);
            let (page, logins) = log_in_until_closed(&hub, &space, &relay).await;
            assert_eq!(page.status, 502, "{endpoint:?}: {close:?}");
            let seen = (relay.closed(), hub.requests(endpoint));
            assert_eq!(seen, (1, logins + requests), "{endpoint:?}: {close:?}");
        }
    }
}

#[actix_web::test]
async fn calls_as_the_user_survive_connections_that_the_hub_closes() {
    let (hub, relay) = hub_behind_relay(Endpoint::Api, Close::Reused);
    let space = Space::on(&hub);
    let mut browser = space.browser();
    assert_eq!(log_in(&hub, &mut browser).await.location(), "/");
    let path = "/hub?path=/api/repos/create";
    assert_eq!(browser.get(path).await.status, 200);
    for name in 0..TRIES {
        let body = json!({ "name": name });
        assert_eq!(browser.post_json(path, &body).await.json()["body"], body);
        assert_eq!(hub.requests(Endpoint::Api), name + 2, "sent twice to the Hub");
        if relay.closed() > 0 {
            return;
        }
    }
    panic!("no connection was reused");
}

#[actix_web::test]
async fn the_retry_does_not_use_another_idle_connection() {
    let (hub, relay) = hub_behind_relay(Endpoint::Api, Close::Reused);
    let space = Space::on(&hub);
    let mut browser = space.browser();
    assert_eq!(log_in(&hub, &mut browser).await.location(), "/");
    for _ in 0..3 {
        let calls = (0..16).map(|_| {
            let mut browser = browser.clone();
            actix_web::rt::spawn(async move { browser.get("/hub?path=/api/models").await.status })
        });
        for call in calls.collect::<Vec<_>>() {
            assert_eq!(call.await.unwrap(), 200);
        }
    }
    assert!(relay.closed() > 0, "no connection was closed");
}

#[actix_web::test]
async fn a_personal_token_is_checked_over_a_new_connection_if_the_hub_closes_the_reused_one() {
    let (hub, relay) = hub_behind_relay(Endpoint::Whoami, Close::Reused);
    let whoami = json!({
        "type": "user", "id": "1", "name": "hub.js", "orgs": [],
        "auth": { "type": "access_token", "accessToken": { "displayName": "t", "role": "read" } },
    });
    let space = start_with(settings_at(&hub).bearer(Bearer::own_app().or_personal()));
    for number in 0..TRIES {
        // Another one each time, since a token is checked once.
        let token = format!("hf_abcdefghijklmnopqrstuvwxyzABCDEF{number:02}");
        hub.accept_personal(&token, whoami.clone());
        let caller = space.browser().call("/caller", &token).await;
        assert_eq!(caller.json()["user_info"]["preferred_username"], "hub.js");
        assert_eq!(hub.requests(Endpoint::Whoami), number + 1, "sent twice to the Hub");
        if relay.closed() > 0 {
            return;
        }
    }
    panic!("no connection was reused");
}

#[actix_web::test]
async fn a_chat_survives_a_connection_that_the_router_closes() {
    let hub = FakeHub::start(user());
    let router = FakeRouter::of(&hub);
    let relay = Relay::to(&router.url, "/v1/chat", Close::Reused);
    let url = format!("{}/v1", relay.url);
    let mut vars = space_vars(&hub.url).to_vec();
    vars.extend([("OAUTH_SCOPES", "openid profile inference-api"), ("HF_ROUTER_URL", &url)]);
    let space = Space::start_with(settings(&vars).unwrap());
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    for number in 1..=TRIES {
        let mut visitor = Visitor::ask(&space, &browser, "good morning").await;
        assert_eq!(visitor.status(), 200);
        visitor.read_until("morning").await;
        let events: Vec<Value> = visitor.read().await;
        assert!(events.iter().all(|event| event.get("error").is_none()), "{events:?}");
        assert_eq!(router.seen().len(), number, "sent twice to the router");
        if relay.closed() > 0 {
            assert_eq!(
                router.seen()[number - 1].1["messages"],
                question("good morning")["messages"]
            );
            return;
        }
    }
    panic!("no connection was reused");
}
