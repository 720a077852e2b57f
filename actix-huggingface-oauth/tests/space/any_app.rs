//! Sign-in in an app that is no Space: under a prefix, with settings of its own.

use std::time::Duration;

use actix_huggingface_oauth::{Limits, OAuthClient, OAuthSettings, SignIn};
use serde_json::json;

use crate::helpers::{Browser, Endpoint, FakeHub, Fault, Space, user};

/// An app that signs in under this prefix, and the browser of its visitor.
fn start(hub: &FakeHub, route_prefix: &str, limits: Limits) -> (Space, Browser) {
    let client = OAuthClient::new("client-id").provider_url(&hub.url);
    let settings = OAuthSettings::new(SignIn::HuggingFace(client));
    let space = Space::start_with(settings.route_prefix(route_prefix).limits(limits));
    let browser = Browser::on_laptop(&space);
    (space, browser)
}

/// Signs in under a prefix.
async fn sign_in(browser: &mut Browser, hub: &FakeHub, prefix: &str) {
    hub.make_public(&format!("{}{prefix}/oauth/huggingface/callback", browser.origin()));
    let callback = browser.consent(hub, &format!("{prefix}/oauth/huggingface/login")).await;
    assert_eq!(browser.get(&callback).await.location(), "/");
}

#[actix_web::test]
async fn slashes_at_the_ends_of_the_prefix_do_not_matter() {
    for (given, prefix) in [
        ("", ""),
        ("/", ""),
        ("auth", "/auth"),
        ("/auth", "/auth"),
        ("auth/", "/auth"),
        ("//a/b//", "/a/b"),
    ] {
        let hub = FakeHub::start(user());
        let (_space, mut browser) = start(&hub, given, Limits::default());
        let login = format!("href=\"{prefix}/oauth/huggingface/login\"");
        assert!(browser.get("/").await.body.contains(&login), "{given}");
        sign_in(&mut browser, &hub, prefix).await;
        assert_eq!(browser.get("/by-hand").await.body, "62f264b9f3c90f4b6514a269");
        browser.get(&format!("{prefix}/oauth/huggingface/logout")).await;
        assert_eq!(browser.get("/by-hand").await.body, "nobody", "{given}");
    }
}

#[actix_web::test]
async fn a_handler_may_ask_by_hand() {
    let hub = FakeHub::start(user());
    let (_space, mut browser) = start(&hub, "", Limits::default());
    assert_eq!(browser.get("/by-hand").await.body, "nobody");
    sign_in(&mut browser, &hub, "").await;
    assert_eq!(browser.get("/by-hand").await.body, "62f264b9f3c90f4b6514a269");
}

#[actix_web::test]
async fn a_handler_has_token_and_state() {
    let hub = FakeHub::start(user());
    hub.set_token_field("access_token", json!("the-token"));
    let (_space, mut browser) = start(&hub, "", Limits::default());
    hub.make_public(&format!("{}/oauth/huggingface/callback", browser.origin()));
    let callback = browser.consent(&hub, "/oauth/huggingface/login").await;
    let (_, state) = callback.split_once("&state=").unwrap();
    browser.get(&callback).await;
    assert_eq!(browser.get("/token").await.body, format!("the-token {state}"));
}

#[actix_web::test]
async fn without_the_apps_error_pages_a_stranger_gets_a_page_or_json() {
    let hub = FakeHub::start(user());
    let (_space, mut browser) = start(&hub, "", Limits::default());
    let page = browser.get("/token?a=1").await;
    assert_eq!((page.status, page.header("www-authenticate")), (401, "Bearer"));
    let login = "href=\"/oauth/huggingface/login?_target_url=%2Ftoken%3Fa%3D1\"";
    assert!(page.body.contains(login), "{}", page.body);
    let json = browser.get_json("/token").await;
    assert_eq!((json.status, json.header("www-authenticate")), (401, "Bearer"));
    assert_eq!(json.json(), json!({"error": "Please sign in with Hugging Face."}));
}

#[actix_web::test]
async fn members_are_let_in_and_others_learn_why_not() {
    let mut member = user();
    member["orgs"][1]["roleInOrg"] = json!("admin");
    member["orgs"].as_array_mut().unwrap().push(json!({
        "sub": "65a1f0c0e4b0d3a2b1c00003", "preferred_username": "readers", "roleInOrg": "read", "securityRestrictions": [],
    }));
    let hub = FakeHub::start(member);
    let (_space, mut browser) = start(&hub, "", Limits::default());
    assert_eq!(browser.get("/members/acme").await.status, 401);
    sign_in(&mut browser, &hub, "").await;
    for organization in ["acme", "65a1f0c0e4b0d3a2b1c00001"] {
        assert_eq!(browser.get(&format!("/members/{organization}")).await.body, "Acme Corporation");
    }
    for (organization, reason) in [
        ("elsewhere", "not a member of elsewhere, or this app does not see"),
        ("readers", "at least the role write"),
        ("old-guard", "more security first: sso"),
    ] {
        let path = format!("/members/{organization}");
        assert!(browser.get(&path).await.body.contains(reason));
        let page = browser.get_json(&path).await;
        assert_eq!(page.status, 403);
        assert!(page.json()["error"].as_str().unwrap().contains(reason), "{}", page.body);
    }
}

#[actix_web::test]
async fn while_the_hub_is_down_nobody_is_a_member() {
    let hub = FakeHub::start(user());
    let mut limits = Limits::default();
    limits.orgs_fresh = Duration::ZERO;
    let (_space, mut browser) = start(&hub, "", limits);
    sign_in(&mut browser, &hub, "").await;
    hub.fail(Endpoint::UserInfo, Fault::Status(500));
    let page = browser.get_json("/members/acme").await;
    assert_eq!(page.status, 503);
    assert!(page.json()["error"].as_str().unwrap().contains("does not tell"), "{}", page.body);
}
