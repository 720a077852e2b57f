//! Codes, states and tokens appear in no log, page, error or `Debug`.

use actix_huggingface_oauth::{OAuthSettings, SignIn};
#[cfg(feature = "test-util")]
use actix_huggingface_oauth::{OAuthUserInfo, test_util};
#[cfg(feature = "test-util")]
use oauth2::{AccessToken, CsrfToken};
use serde_json::json;

use crate::helpers::calling;
use crate::helpers::{
    Answer, Browser, Endpoint, FakeHub, FakeRouter, Fault, Log, Space, Then, Visitor, user,
};

#[actix_web::test]
async fn no_secret_is_ever_shown() {
    let log = Log::default();
    log.begin_everywhere();

    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut seen = String::new();
    let mut secrets = vec!["client-secret/+&".to_owned(), "TOKEN-".repeat(90)];
    hub.set_token_field("access_token", json!(secrets[1]));

    let echo = "{\"error\": \"TOKEN-TOKEN-\", \"access_token\": \"TOKEN-TOKEN-\"}".to_owned();
    let faults = [None, Some(Fault::Body(echo)), Some(Fault::Status(500)), Some(Fault::Drop)];
    for fault in faults {
        for endpoint in [Endpoint::Token, Endpoint::UserInfo] {
            let mut browser = space.browser();
            let callback = browser.consent(&hub, "/oauth/huggingface/login").await;
            let (code, state) =
                callback.split_once("code=").unwrap().1.split_once("&state=").unwrap();
            secrets.extend([format!("code={code}"), state.to_owned()]);
            if let Some(fault) = &fault {
                hub.fail(endpoint, fault.clone());
            }
            seen.push_str(&browser.get(&callback).await.body);
            hub.recover();
            seen.push_str(&browser.get(&callback).await.body);
            for path in ["/", "/profile", "/api/me"] {
                seen.push_str(&browser.get(path).await.body);
            }
            secrets.extend(browser.cookies.into_values());
        }
    }

    let router = FakeRouter::of(&hub);
    let space = Space::chatting(&hub, &router);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    let echo = json!({ "error": { "message": secrets[1] } }).to_string();
    let event = format!("data: {echo}\n\n").into_bytes();
    for answer in [
        Answer::Refuse(403, ("x-nothing", ""), echo.clone()),
        Answer::Refuse(500, ("x-nothing", ""), echo.clone()),
        Answer::Parts(vec![event], Then::Silence),
    ] {
        router.answers(answer);
        seen.push_str(&Visitor::ask(&space, &browser, "x").await.text().await);
    }
    for fault in [Fault::Refuse(403, ("x-nothing", ""), echo), Fault::Status(500), Fault::Drop] {
        hub.fail(Endpoint::Api, fault);
        seen.push_str(&browser.get("/hub?path=/api/models").await.body);
    }
    secrets.extend(browser.cookies.into_values());

    let space = calling::start(&hub);
    for (number, fault) in [None, Some(401), Some(500)].into_iter().enumerate() {
        let mut claims = calling::claims();
        claims["number"] = json!(number);
        let token = calling::token_saying(&claims);
        hub.accept_token(&token, user());
        if let Some(status) = fault {
            hub.fail(Endpoint::UserInfo, Fault::Status(status));
        }
        for path in ["/caller/debug", "/caller/hub", "/caller", "/oauth-info", "/"] {
            seen.push_str(&space.browser().call(path, &token).await.body);
        }
        hub.recover();
        secrets.extend(token.split('.').skip(1).map(str::to_owned));
    }

    let log = log.lines().join("\n");
    assert!(log.contains("sign-in failed"), "the log has nothing of this: {log}");
    for secret in secrets.iter().map(String::as_str).chain(["TOKEN-TOKEN-"]) {
        assert!(!log.contains(secret), "the log shows {secret}");
        assert!(!seen.contains(secret), "a page shows {secret}");
    }
}

#[actix_web::test]
async fn a_refresh_token_is_not_kept() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    let length = |browser: &Browser| browser.cookie("__Host-hf-auth").unwrap().len();
    let without = length(&browser);

    hub.set_token_field("refresh_token", json!("r".repeat(100)));
    browser.sign_in(&hub).await;
    assert_eq!(length(&browser), without, "the session holds more than before");
}

#[test]
fn debug_hides_the_session_secret() {
    let settings = OAuthSettings::new(SignIn::Off).session_secret("the-secret".repeat(4));
    let debug = format!("{settings:?}");
    assert!(debug.contains("SessionSecret([redacted])"), "{debug}");
    assert!(!debug.contains("the-secret"), "{debug}");
}

#[cfg(feature = "test-util")]
#[test]
fn debug_hides_token_and_state() {
    let user_info = OAuthUserInfo::from_json(user().to_string().as_bytes()).unwrap();
    let mut info = test_util::oauth_info(user_info);
    info.access_token = AccessToken::new("the-token".to_owned());
    info.state = Some(CsrfToken::new("the-state".to_owned()));
    let debug = format!("{info:?}");
    assert!(debug.contains("hub.js") && debug.contains("openid"));
    assert!(!debug.contains("the-token") && !debug.contains("the-state"), "{debug}");
}
