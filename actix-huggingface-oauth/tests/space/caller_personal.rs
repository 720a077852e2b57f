//! Personal access tokens, where an owner lets them in: whose they are, and what they may not claim.

use actix_huggingface_oauth::{Bearer, require_membership, require_space_owner};
use serde_json::{Value, json};

use crate::helpers::calling::{SUB, own_token, settings_at, start_behind, start_with};
use crate::helpers::{Endpoint, FakeHub, Fault, Space, user};

const TOKEN: &str = "hf_abcdefghijklmnopqrstuvwxyzABCDEF01";

/// What the Hub says of a token with this role.
fn whoami(role: &Value) -> Value {
    let org = |name: &str, role: Value, restrictions: Value| {
        json!({
            "type": "org", "id": format!("id-of-{name}"), "name": name, "fullname": "An organization",
            "avatarUrl": "/avatars/org.svg", "plan": "team", "roleInOrg": role,
            "canPay": true, "securityRestrictions": restrictions, "isEnterprise": true,
        })
    };
    json!({
        "type": "user", "id": SUB, "name": "hub.js", "fullname": "Hub CI bot",
        "avatarUrl": "/avatars/user.svg", "email": "bot@example.org", "emailVerified": true,
        "isPro": true, "canPay": false, "periodEnd": null, "sub": "not this one",
        "orgs": [
            org("acme", json!("admin"), json!([])),
            org("writes", json!("write"), json!([])),
            org("contributes", json!("contributor"), json!([])),
            org("reads", json!("read"), json!([])),
            org("custom", json!("owner"), json!([])),
            org("untold", json!(null), json!([])),
            org("strict", json!("admin"), json!(["token-policy"])),
        ],
        "auth": { "type": "access_token", "accessToken": { "displayName": "t", "role": role } },
    })
}

fn start(hub: &FakeHub) -> Space {
    start_with(settings_at(hub).bearer(Bearer::own_app().or_personal()))
}

#[actix_web::test]
async fn the_owner_of_a_personal_token_is_served_where_they_are_let_in() {
    let hub = FakeHub::start(user());
    hub.accept_personal(TOKEN, whoami(&json!("write")));
    let space = start(&hub);
    for _ in 0..3 {
        let caller = space.browser().call("/caller", TOKEN).await.json();
        let user = &caller["user_info"];
        assert_eq!(user["sub"], SUB);
        assert_eq!(user["preferred_username"], "hub.js");
        assert_eq!(user["name"], "Hub CI bot");
        assert_eq!(user["picture"], format!("{}/avatars/user.svg", hub.url));
        assert_eq!(user["profile"], format!("{}/hub.js", hub.url));
        assert_eq!(
            (&user["email"], &user["email_verified"]),
            (&json!("bot@example.org"), &json!(true))
        );
        assert_eq!((&user["is_pro"], &user["can_pay"]), (&json!(true), &json!(false)));
        let org = &user["orgs"][0];
        assert_eq!(
            (&org["sub"], &org["preferred_username"]),
            (&json!("id-of-acme"), &json!("acme"))
        );
        assert_eq!((&org["name"], &org["plan"]), (&json!("An organization"), &json!("team")));
        assert_eq!((&org["role_in_org"], &org["can_pay"]), (&json!("admin"), &json!(true)));
        assert_eq!(caller["is_by_bearer"], true);
        assert_eq!(caller["scope"], Value::Null);
    }
    assert_eq!(hub.requests(Endpoint::Whoami), 1);
    assert_eq!(hub.requests(Endpoint::UserInfo), 0);
    assert_eq!(space.browser().call("/caller", &own_token(&hub)).await.status, 200);
    assert_eq!(hub.requests(Endpoint::Whoami), 1);
}

#[actix_web::test]
async fn a_token_claims_no_more_than_its_own_role_allows() {
    for (role, may_write) in [
        (json!("write"), true),
        (json!("read"), false),
        (json!("fineGrained"), false),
        (json!("Write"), false),
        (json!("admin"), false),
        (json!(["write"]), false),
        (json!(null), false),
    ] {
        let hub = FakeHub::start(user());
        hub.accept_personal(TOKEN, whoami(&role));
        let space = start(&hub);
        for (organization, writes) in [
            ("acme", true),
            ("writes", true),
            ("contributes", false),
            ("reads", false),
            ("custom", false),
            ("untold", false),
            ("strict", false),
            ("elsewhere", false),
        ] {
            let path = format!("/caller/members/{organization}");
            let status = space.browser().call(&path, TOKEN).await.status;
            let expected = if writes && may_write { 200 } else { 403 };
            assert_eq!(status, expected, "{organization} {role}");
        }
        let caller = space.browser().call("/caller", TOKEN).await.json();
        let orgs = caller["user_info"]["orgs"].as_array().unwrap();
        let roles: Vec<&Value> = orgs.iter().map(|org| &org["role_in_org"]).collect();
        let told = if may_write {
            json!(["admin", "write", "contributor", "read", "owner", null, "admin"])
        } else {
            json!(["read", "read", "read", "read", "owner", null, "read"])
        };
        assert_eq!(json!(roles), told, "{role}");
        let bearer = Bearer::own_app().or_personal();
        let settings = settings_at(&hub).bearer(bearer);
        for owner in ["hub.js", "acme"] {
            let gate = || require_space_owner().or_bearer();
            let space = start_behind(settings.clone().space_owner(owner), gate);
            let page = space.browser().call("/caller", TOKEN).await;
            assert_eq!(page.status, if may_write { 200 } else { 403 }, "{owner} {role}");
            if !may_write {
                assert!(page.body.contains("token that may write"), "{owner}: {}", page.body);
                let challenge = "Bearer error=\"insufficient_scope\"";
                assert_eq!(page.header("www-authenticate"), challenge);
            }
        }
        for (organization, at_least, status) in [
            ("acme", None, 200),
            ("acme", Some(actix_huggingface_oauth::Role::Read), 200),
            ("elsewhere", None, 403),
        ] {
            let gate = move || require_membership([organization], at_least).or_bearer();
            let space = start_behind(settings.clone(), gate);
            assert_eq!(space.browser().call("/caller", TOKEN).await.status, status);
        }
    }
}

#[actix_web::test]
async fn without_auth_a_token_may_only_read() {
    let hub = FakeHub::start(user());
    let mut says = whoami(&json!("write"));
    says["auth"].take();
    hub.accept_personal(TOKEN, says);
    assert_eq!(start(&hub).browser().call("/caller/members/acme", TOKEN).await.status, 403);
}

#[actix_web::test]
async fn a_personal_token_has_no_scope_and_calls_nobody() {
    let hub = FakeHub::start(user());
    hub.accept_personal(TOKEN, whoami(&json!("write")));
    let space = start(&hub);
    for scope in ["openid", "inference-api", "write"] {
        let path = format!("/caller/scope/{scope}");
        assert_eq!(space.browser().call(&path, TOKEN).await.status, 403, "{scope}");
    }
    assert_eq!(space.browser().call("/caller/hub", TOKEN).await.status, 401);
    assert_eq!(hub.requests(Endpoint::Api), 0);
}

#[actix_web::test]
async fn a_token_of_an_organization_or_an_app_is_refused() {
    for kind in [json!("org"), json!("app"), json!("User"), json!(null), json!(["user"])] {
        let hub = FakeHub::start(user());
        let mut says = whoami(&json!("write"));
        says["type"] = kind.clone();
        hub.accept_personal(TOKEN, says);
        let space = start(&hub);
        for _ in 0..2 {
            let page = space.browser().call("/caller", TOKEN).await;
            page.assert_invalid_token(&kind.to_string());
        }
        assert_eq!(hub.requests(Endpoint::Whoami), 1);
    }
}

#[actix_web::test]
async fn one_who_has_no_id_is_nobody() {
    let hub = FakeHub::start(user());
    let mut says = whoami(&json!("write"));
    says["id"].take();
    hub.accept_personal(TOKEN, says);
    start(&hub).browser().call("/caller", TOKEN).await.assert_invalid_token("without an id");
}

#[actix_web::test]
async fn what_is_no_personal_token_is_refused_without_asking() {
    let hub = FakeHub::start(user());
    let space = start(&hub);
    for token in [
        "hf_",
        "hf_jwt_abcdefghijklmnop",
        "hf_mock_pro",
        "hf_abc-def",
        "hf_abc.def.ghi",
        "hf_oauth_abc",
        "hf_oauth_",
        "api_org_abcdefghijklmnop",
        "HF_abcdefghijklmnop",
        "abcdefghijklmnop",
    ] {
        hub.accept_personal(token, whoami(&json!("write")));
        hub.accept_token(token, user());
        space.browser().call("/caller", token).await.assert_invalid_token(token);
    }
    assert_eq!(hub.requests(Endpoint::Whoami) + hub.requests(Endpoint::UserInfo), 0);
}

#[actix_web::test]
async fn what_the_hub_says_of_a_personal_token_counts() {
    let hub = FakeHub::start(user());
    let space = start(&hub);
    space.browser().call("/caller", TOKEN).await.assert_invalid_token("unknown");
    for (fault, status) in [
        (Fault::Status(429), 503),
        (Fault::Status(500), 503),
        (Fault::Redirect("http://127.0.0.1:9/".to_owned()), 503),
        (Fault::Body("no JSON".to_owned()), 503),
        (Fault::Status(403), 401),
    ] {
        let hub = FakeHub::start(user());
        hub.accept_personal(TOKEN, whoami(&json!("write")));
        hub.fail(Endpoint::Whoami, fault.clone());
        let page = start(&hub).browser().call("/caller", TOKEN).await;
        assert_eq!(page.status, status, "{fault:?}");
    }
}
