//! The callback: only a sign-in that this browser began ends here, and only once.

use crate::helpers::{Endpoint, FakeHub, Program, Space, space_vars, until, user};

#[actix_web::test]
async fn a_callback_with_another_state_is_refused_with_ways_to_go_on() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    browser.get("/oauth/huggingface/login").await;
    for callback in [
        "?code=code-1&state=another",
        "?code=code-1",
        "?state=",
        "",
        "?error=access_denied&state=no",
    ] {
        let page = browser.get(&format!("/oauth/huggingface/callback{callback}")).await;
        assert_eq!(page.status, 400, "{callback}");
        assert!(page.body.contains("cookies may be blocked"), "{}", page.body);
        assert!(page.body.contains("href=\"/oauth/huggingface/login\""), "{}", page.body);
        assert!(page.body.contains("href=\"https://me-app.hf.space/\""), "{}", page.body);
    }
    assert_eq!(hub.requests(Endpoint::Token), 0);
    assert_eq!(browser.me().await, None);
}

#[actix_web::test]
async fn a_callback_in_another_browser_is_refused() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let callback = space.browser().consent(&hub, "/oauth/huggingface/login").await;
    let mut other = space.browser();
    assert_eq!(other.get(&callback).await.status, 400);
    assert_eq!(hub.requests(Endpoint::Token), 0);
}

#[actix_web::test]
async fn a_used_callback_starts_nothing() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    let callback = browser.consent(&hub, "/oauth/huggingface/login?_target_url=/profile").await;
    assert_eq!(browser.get(&callback).await.location(), "/profile");
    assert_eq!(browser.get(&callback).await.location(), "/", "somebody signed in goes on");
    assert_eq!(hub.requests(Endpoint::Token), 1);

    browser.get("/oauth/huggingface/logout").await;
    assert_eq!(browser.get(&callback).await.status, 400);
}

#[actix_web::test]
async fn a_sign_in_cookie_from_elsewhere_counts_as_none() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    for cookie in ["", "nonsense", "%%%", "AAAA"] {
        let mut browser = space.browser();
        browser.cookies.insert("__Host-hf-login".to_owned(), cookie.to_owned());
        assert_eq!(browser.get("/oauth/huggingface/callback?code=c&state=s").await.status, 400);
        browser.sign_in(&hub).await;
    }
}

#[actix_web::test]
async fn one_who_says_no_sees_a_friendly_page_and_a_way_back() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    let callback = browser.consent(&hub, "/oauth/huggingface/login?_target_url=/profile").await;
    let (_, state) = callback.split_once("&state=").unwrap();
    let denied = format!(
        "/oauth/huggingface/callback?error=access_denied&error_description=The+user+denied+the+request&state={state}"
    );
    let page = browser.get(&denied).await;
    assert_eq!(page.status, 403);
    assert!(page.body.contains("You are not signed in"), "{}", page.body);
    assert!(page.body.contains("href=\"/\""), "{}", page.body);
    assert_eq!(browser.get(&denied).await.status, 400, "it is used once");
    assert_eq!(browser.me().await, None);
}

#[actix_web::test]
async fn a_callback_without_a_code_or_with_another_error_is_a_bad_request() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    for answer in [
        "",
        "error=server_error&",
        "error=&",
        "code=a&error=invalid_scope&",
        "code=a&code=b&",
        "code=a&iss=https%3A%2F%2Fevil.test&",
    ] {
        let callback = browser.consent(&hub, "/oauth/huggingface/login").await;
        let (_, state) = callback.split_once("&state=").unwrap();
        let page = browser.get(&format!("/oauth/huggingface/callback?{answer}state={state}")).await;
        assert_eq!(page.status, 400, "{answer}");
        assert!(page.header("content-type").starts_with("text/html"));
    }
    assert_eq!(hub.requests(Endpoint::Token), 0);
    assert_eq!(browser.me().await, None);
}

#[actix_web::test]
async fn the_issuer_of_the_callback_has_to_be_the_provider() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    let callback = browser.consent(&hub, "/oauth/huggingface/login").await;
    assert_eq!(browser.get(&format!("{callback}&iss={}", hub.url)).await.location(), "/");
    assert!(browser.me().await.is_some());
}

#[actix_web::test]
async fn a_callback_without_the_issuer_that_the_metadata_promise_is_refused() {
    let hub = FakeHub::start(user());
    hub.promise_issuer();
    let space = Space::on(&hub);
    let mut browser = space.browser();
    let callback = browser.consent(&hub, "/oauth/huggingface/login").await;
    assert_eq!(browser.get(&callback).await.status, 400);
    assert_eq!(hub.requests(Endpoint::Token), 0);

    let callback = browser.consent(&hub, "/oauth/huggingface/login").await;
    assert_eq!(browser.get(&format!("{callback}&iss={}", hub.url)).await.location(), "/");
}

#[actix_web::test]
async fn a_code_that_the_hub_refuses_signs_nobody_in_and_the_next_try_works() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    let callback = browser.consent(&hub, "/oauth/huggingface/login").await;
    let (_, state) = callback.split_once("&state=").unwrap();
    let page =
        browser.get(&format!("/oauth/huggingface/callback?code=made-up&state={state}")).await;
    assert_eq!(page.status, 400);
    assert!(page.body.contains("was used already, or took too long"), "{}", page.body);
    assert!(!page.body.contains("Hugging Face does not"), "nobody is to blame");
    assert!(page.body.contains("Sign in with Hugging Face"), "{}", page.body);
    assert_eq!(browser.me().await, None);
    browser.sign_in(&hub).await;
}

#[actix_web::test]
async fn the_log_says_what_to_check_when_the_hub_refuses_a_sign_in() {
    let hub = FakeHub::start(user());
    let program = Program::on(&hub);
    let mut browser = program.browser();
    for (error, logged) in [
        ("invalid_scope", "invalid_scope; check hf_oauth_scopes in README.md, or OAUTH_SCOPES"),
        ("unauthorized_client", "unauthorized_client; check OAUTH_CLIENT_ID"),
        ("invalid_request", "invalid_request; check that the OAuth app has"),
        ("server_error", "server_error; it may be well again in a minute"),
        ("temporarily_unavailable", "temporarily_unavailable; it may be well"),
        ("unsupported_response_type", "unsupported_response_type; this app asked"),
        ("interaction_required", "interaction_required; the Hub asked for more"),
        ("request_not_supported", "request_not_supported; this app asked"),
        ("made-up+code", "another error"),
        ("invalid_scope%0Afake+line", "another error"),
    ] {
        let callback = browser.consent(&hub, "/oauth/huggingface/login").await;
        let (_, state) = callback.split_once("&state=").unwrap();
        let path = format!("/oauth/huggingface/callback?error={error}&state={state}");
        let page = browser.get(&path).await;
        assert_eq!(page.status, 400, "{error}");
        assert!(page.body.contains("The sign-in failed"), "{}", page.body);
        until(logged, || program.log().contains(logged)).await;
    }
    let log = program.log();
    assert!(!log.contains("made-up") && !log.contains("fake line"), "{log}");
    assert!(!log.contains("code=") && !log.contains("state="), "{log}");
}

#[actix_web::test]
async fn a_wrong_secret_is_named_in_the_log() {
    let hub = FakeHub::start(user());
    let mut vars = space_vars(&hub.url).to_vec();
    vars[4].1 = "another-secret";
    let program = Program::start(&vars);
    let mut browser = program.browser();
    let callback = browser.consent(&hub, "/oauth/huggingface/login").await;
    assert_eq!(browser.get(&callback).await.status, 400);
    let logged = "invalid_client; check OAUTH_CLIENT_ID and OAUTH_CLIENT_SECRET";
    until(logged, || program.log().contains(logged)).await;
    assert!(!program.log().contains("another-secret"));
}
