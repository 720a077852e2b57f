//! Programs with bearer tokens: which count, and what a handler learns.

use std::fmt::Write as _;
use std::time::Duration;

use actix_huggingface_oauth::{Bearer, Limits};
#[cfg(feature = "test-util")]
use actix_huggingface_oauth::{
    Gate, HuggingFaceOAuth, OAuthSettings, OAuthUserInfo, SignIn, attach_huggingface_oauth,
    require_login, require_membership, test_util,
};
#[cfg(feature = "test-util")]
use actix_web::App;
#[cfg(feature = "test-util")]
use actix_web::test::{TestRequest, call_service, init_service};
#[cfg(feature = "test-util")]
use chrono::Utc;
use reqwest::Method;
use serde_json::{Value, json};

#[cfg(feature = "test-util")]
use crate::helpers::calling::configure;
use crate::helpers::calling::{
    SUB, claims, own_token, settings_at, start, start_with, token_of, token_saying,
};
use crate::helpers::{Endpoint, FakeHub, Fault, Program, until, user};

#[actix_web::test]
async fn a_program_with_a_token_of_this_app_is_served_as_its_user() {
    let hub = FakeHub::start(user());
    let space = start(&hub);
    let claims = claims();
    let token = token_saying(&claims);
    hub.accept_token(&token, user());
    let page = space.browser().call("/caller", &token).await;
    assert_eq!(page.status, 200, "{page:?}");
    let caller = page.json();
    assert_eq!(caller["user_info"]["sub"], SUB);
    assert_eq!(caller["user_info"]["preferred_username"], "hub.js");
    assert_eq!(caller["is_by_bearer"], true);
    assert_eq!(caller["scope"], "openid profile inference-api");
    assert_eq!(caller["ends"], claims["exp"]);
    assert_eq!(page.headers.get("set-cookie"), None);
    assert_eq!(space.browser().call("/caller/members/acme", &token).await.body, "Acme Corporation");
    assert_eq!(space.browser().call("/caller/members/old-guard", &token).await.status, 403);
}

#[actix_web::test]
async fn one_who_is_signed_in_is_served_as_by_a_handler_for_them() {
    let hub = FakeHub::start(user());
    let space = start(&hub);
    let mut browser = space.browser();
    let stranger = browser.get_json("/caller").await;
    assert_eq!((stranger.status, stranger.header("www-authenticate")), (401, "Bearer"));
    browser.sign_in(&hub).await;
    let caller = browser.get_json("/caller").await.json();
    assert_eq!(caller["user_info"]["sub"], SUB);
    assert_eq!(caller["is_by_bearer"], false);
    assert_eq!(caller["scope"], "openid profile email");
    assert_eq!(browser.get("/caller/hub").await.json()["sub"], SUB);
}

#[actix_web::test]
async fn a_handler_calls_the_hub_as_the_caller_within_its_scopes() {
    let hub = FakeHub::start(user());
    let space = start(&hub);
    let token = own_token(&hub);
    let mut program = space.browser();
    assert_eq!(program.call("/caller/hub", &token).await.json()["sub"], SUB);
    assert_eq!(program.call("/caller/scope/inference-api", &token).await.body, "granted");
    let refused = program.call("/caller/scope/write-repos", &token).await;
    let challenge = "Bearer error=\"insufficient_scope\", scope=\"write-repos\"";
    assert_eq!((refused.status, refused.header("www-authenticate")), (403, challenge));

    let mut says_a_text = claims();
    says_a_text["scope"] = json!("openid inference-api");
    let token = token_saying(&says_a_text);
    hub.accept_token(&token, user());
    assert_eq!(program.call("/caller/scope/inference-api", &token).await.body, "granted");

    let mut says_none = claims();
    says_none["scope"] = Value::Null;
    let token = token_saying(&says_none);
    hub.accept_token(&token, user());
    assert_eq!(program.call("/caller/scope/openid", &token).await.status, 403);
}

/// Tokens that the Hub would accept, and that are not for this app, with why.
fn not_for_this_app() -> Vec<(&'static str, String)> {
    let own = claims();
    let exp = own["exp"].as_i64().unwrap();
    let with = |field: &str, value: Value| {
        let mut claims = own.clone();
        claims[field] = value;
        token_saying(&claims)
    };
    let without = |field: &str| {
        let mut claims = own.clone();
        claims.as_object_mut().unwrap().remove(field);
        token_saying(&claims)
    };
    let twice = |first: &str, second: &str| {
        token_of(&format!(
            r#"{{"sub":"{SUB}","exp":{exp},"oauthApp":"{first}","oauthApp":"{second}"}}"#
        ))
    };
    let whole = token_saying(&own);
    let parts: Vec<&str> = whole.split('.').collect();
    vec![
        ("of another app", with("oauthApp", json!("other-client"))),
        ("of an app with a longer id", with("oauthApp", json!("client-id-2"))),
        ("of an app with another case", with("oauthApp", json!("Client-Id"))),
        ("of no app", without("oauthApp")),
        ("of the audience alone", {
            let mut claims = own.clone();
            claims["oauthApp"].take();
            claims["aud"] = json!("client-id");
            token_saying(&claims)
        }),
        ("of a list of apps", with("oauthApp", json!(["client-id"]))),
        ("of an app that is no text", with("oauthApp", json!({ "id": "client-id" }))),
        ("of two apps, the first this", twice("client-id", "other-client")),
        ("of two apps, the second this", twice("other-client", "client-id")),
        ("of this app twice", twice("client-id", "client-id")),
        ("of nobody", without("sub")),
        ("without an end", without("exp")),
        ("that ended", with("exp", json!(exp - 3_601))),
        ("with an end that is no number", with("exp", json!(exp.to_string()))),
        ("with an end beyond time", with("exp", json!(i64::MAX))),
        ("that is a list", token_of(&json!([SUB, "client-id", exp, "openid"]).to_string())),
        ("that is no JSON", token_of("client-id")),
        ("without a signature", format!("{}.{}.", parts[0], parts[1])),
        ("whose header is no JSON", format!("hf_oauth_{}.{}.{}", parts[2], parts[1], parts[2])),
        ("of two parts", format!("{}.{}", parts[0], parts[1])),
        ("of four parts", format!("{whole}.{}", parts[2])),
        ("of parts that are not base64url", whole.replace('.', ".+")),
        ("with padding", format!("{whole}=")),
        ("of the JWT alone", whole.trim_start_matches("hf_oauth_").to_owned()),
        ("of another beginning", whole.replace("hf_oauth_", "hf_OAUTH_")),
        ("of a token exchange", "hf_jwt_eyJhbGciOiJFZERTQSJ9.e30.c2ln".to_owned()),
        ("of a token exchange of this app", whole.replace("hf_oauth_", "hf_jwt_")),
        ("that is personal", "hf_abcdefghijklmnopqrstuvwxyzABCDEFGH".to_owned()),
        ("of the mock Hub", "hf_mock_pro".to_owned()),
        ("that is no JWT", "hf_oauth_1hf_oauth_1".to_owned()),
        ("that is anything", "anything".to_owned()),
        ("of 9,000 bytes", "x".repeat(9_000)),
        ("of this app and 9,000 bytes", with("padding", json!("x".repeat(9_000)))),
    ]
}

#[actix_web::test]
async fn a_token_that_was_not_made_for_this_app_is_refused_without_asking() {
    let hub = FakeHub::start(user());
    let space = start(&hub);
    for (what, token) in not_for_this_app() {
        hub.accept_token(&token, user());
        hub.accept_personal(&token, json!({ "type": "user", "id": SUB, "name": "hub.js" }));
        space.browser().call("/caller", &token).await.assert_invalid_token(what);
    }
    for endpoint in [Endpoint::UserInfo, Endpoint::Whoami, Endpoint::Metadata] {
        assert_eq!(hub.requests(endpoint), 0, "{endpoint:?} was asked");
    }
}

#[actix_web::test]
async fn tokens_of_apps_that_the_owner_names_count_and_no_others() {
    let hub = FakeHub::start(user());
    let bearer = Bearer::own_app().or_client("the-cli").or_client("another");
    let space = start_with(settings_at(&hub).bearer(bearer));
    for (client_id, status) in
        [("client-id", 200), ("the-cli", 200), ("another", 200), ("the-cl", 401), ("", 401)]
    {
        let mut claims = claims();
        claims["oauthApp"] = json!(client_id);
        let token = token_saying(&claims);
        hub.accept_token(&token, user());
        assert_eq!(space.browser().call("/caller", &token).await.status, status, "{client_id}");
    }
}

#[actix_web::test]
async fn what_a_token_says_is_not_believed_before_the_hub_accepts_it() {
    let hub = FakeHub::start(user());
    let space = start(&hub);
    let token = token_saying(&claims());
    space.browser().call("/caller", &token).await.assert_invalid_token("a made-up one");
    assert_eq!(hub.requests(Endpoint::UserInfo), 1);
}

#[actix_web::test]
async fn a_token_of_another_user_than_it_says_is_refused() {
    let hub = FakeHub::start(user());
    let space = start(&hub);
    let token = token_saying(&claims());
    let mut other = user();
    other["sub"] = json!("somebody-else");
    hub.accept_token(&token, other);
    for _ in 0..2 {
        space.browser().call("/caller", &token).await.assert_invalid_token("another user's");
    }
    assert_eq!(hub.requests(Endpoint::UserInfo), 1);
}

#[actix_web::test]
async fn while_the_hub_does_not_answer_it_is_nobodys_fault() {
    let hub = FakeHub::start(user());
    let mut limits = Limits::default();
    limits.read_bearer = Duration::from_millis(200);
    let impatient = start_with(settings_at(&hub).limits(limits));
    let space = start(&hub);
    let token = own_token(&hub);
    for endpoint in [Endpoint::Metadata, Endpoint::UserInfo] {
        for fault in [
            Fault::Status(429),
            Fault::Status(500),
            Fault::Status(503),
            Fault::Status(404),
            Fault::Redirect("http://127.0.0.1:9/".to_owned()),
            Fault::Body("{\"name\": \"no sub\"}".to_owned()),
            Fault::Hang,
            Fault::Trickle,
            Fault::Drop,
        ] {
            hub.fail(endpoint, fault.clone());
            let is_slow = matches!(fault, Fault::Hang | Fault::Trickle);
            let asked = if is_slow { &impatient } else { &space };
            let page = asked.browser().call("/caller", &token).await;
            assert_eq!(page.status, 503, "{endpoint:?} {fault:?}: {page:?}");
            assert_eq!(page.header("retry-after"), "30", "{endpoint:?} {fault:?}");
            assert_eq!(page.header("www-authenticate"), "");
            assert!(page.json()["error"].as_str().unwrap().contains("right now"));
        }
        hub.recover();
    }
    assert_eq!(space.browser().call("/caller", &token).await.status, 200, "it is not tried again");
}

#[actix_web::test]
async fn what_the_hub_refuses_in_another_way_is_refused() {
    for status in [400, 401, 403] {
        let hub = FakeHub::start(user());
        let space = start(&hub);
        let token = own_token(&hub);
        hub.fail(Endpoint::UserInfo, Fault::Status(status));
        space.browser().call("/caller", &token).await.assert_invalid_token(&status.to_string());
    }
}

#[actix_web::test]
async fn a_token_that_ends_while_the_hub_is_called_is_over_at_once() {
    let hub = FakeHub::start(user());
    let space = start(&hub);
    let token = own_token(&hub);
    let mut program = space.browser();
    assert_eq!(program.call("/caller", &token).await.status, 200);
    hub.revoke_tokens();
    assert_eq!(program.call("/caller", &token).await.status, 200, "it was asked a moment ago");
    assert_eq!(program.call("/caller/hub", &token).await.status, 401);
    program.call("/caller", &token).await.assert_invalid_token("the Hub has said so");
}

#[actix_web::test]
async fn a_token_in_a_query_or_a_form_is_none() {
    let hub = FakeHub::start(user());
    let space = start(&hub);
    let token = own_token(&hub);
    let mut program = space.browser();
    let page = program.get_json(&format!("/caller?access_token={token}")).await;
    assert_eq!((page.status, page.header("www-authenticate")), (401, "Bearer"));
    let form = [("content-type", "application/x-www-form-urlencoded"), ("accept", "*/*")];
    let body = format!("access_token={token}");
    let page = program.send_body(Method::POST, "/caller", &form, body).await;
    assert_eq!((page.status, page.header("www-authenticate")), (401, "Bearer"));
    assert_eq!(hub.requests(Endpoint::UserInfo), 0);
}

#[actix_web::test]
async fn the_log_says_once_why_and_nothing_of_a_token() {
    let hub = FakeHub::start(user());
    let program = Program::on(&hub);
    let mut browser = program.browser();
    let mut tokens = not_for_this_app();
    let mut other = user();
    other["sub"] = json!("somebody-else");
    let token = token_saying(&claims());
    hub.accept_token(&token, other);
    tokens.push(("of another user", token));
    let unknown = format!("{}x", token_saying(&claims()));
    tokens.push(("that the Hub does not know", unknown));
    let mut seen = String::new();
    for (_, token) in tokens.iter().chain(&tokens) {
        let page = browser.call("/caller", token).await;
        assert_eq!(page.status, 401);
        let _ = write!(seen, "{page:?}");
    }
    hub.fail(Endpoint::UserInfo, Fault::Status(500));
    let accepted = token_saying(&{
        let mut claims = claims();
        claims["n"] = json!(1);
        claims
    });
    tokens.push(("of a Hub that fails", accepted.clone()));
    assert_eq!(browser.call("/caller", &accepted).await.status, 503);
    hub.recover();
    hub.accept_token(&accepted, user());
    seen += &browser.call("/caller/debug", &accepted).await.body;
    assert!(seen.contains("hub.js"), "nothing was accepted: {seen}");

    // The last that it says.
    until("the log", || program.log().contains("it is unknown whose")).await;
    let log = program.log();
    for reason in
        ["is no JWT after that", "oauthApp, sub and exp", "another OAuth app", "another user's"]
    {
        assert_eq!(log.matches(reason).count(), 1, "{reason}: {log}");
    }
    for (what, token) in &tokens {
        let parts = token.split('.').filter(|part| part.len() >= 24);
        for part in parts.chain([token.as_str()]).filter(|part| part.len() >= 24) {
            // What says that it is a JWT is no secret, and all of them begin with it.
            if part != "hf_oauth_eyJhbGciOiJFZERTQSJ9" {
                assert!(!log.contains(part), "the log shows one {what}");
                assert!(!seen.contains(part), "an answer shows one {what}");
            }
        }
    }
}

#[cfg(feature = "test-util")]
#[actix_web::test]
async fn a_test_can_have_a_program_send_a_request() {
    let user = OAuthUserInfo::from_json(user().to_string().as_bytes()).unwrap();
    assert!(test_util::oauth_info(user.clone()).access_token_expires_at > Utc::now());
    let gates: [fn() -> Gate; 3] =
        [Gate::default, require_login, || require_membership(["acme"], None).or_bearer()];
    for (gate, (status, of_session)) in gates.into_iter().zip([(200, 200), (401, 200), (200, 401)])
    {
        let oauth = HuggingFaceOAuth::new(OAuthSettings::new(SignIn::Off)).unwrap();
        let app = attach_huggingface_oauth(App::new().wrap(gate()), oauth).configure(configure);
        let app = init_service(app).await;
        let request = TestRequest::get().uri("/caller/sub").to_request();
        test_util::send_bearer(&request, test_util::oauth_info(user.clone()));
        assert_eq!(call_service(&app, request).await.status(), status);
        let both = TestRequest::get().uri("/caller/sub").to_request();
        test_util::send_bearer(&both, test_util::oauth_info(user.clone()));
        test_util::sign_in(&both, test_util::oauth_info(user.clone()));
        assert_eq!(call_service(&app, both).await.status(), status);
        let both = TestRequest::get().uri("/oauth-info").to_request();
        test_util::send_bearer(&both, test_util::oauth_info(user.clone()));
        test_util::sign_in(&both, test_util::oauth_info(user.clone()));
        assert_eq!(call_service(&app, both).await.status(), of_session);
        let signed_in = TestRequest::get().uri("/caller/sub").to_request();
        test_util::sign_in(&signed_in, test_util::oauth_info(user.clone()));
        assert_eq!(call_service(&app, signed_in).await.status(), 200);
    }
}
