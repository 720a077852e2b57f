//! What a visitor is told where a chat completion comes to nothing, at once or in the middle.

use actix_huggingface_oauth::Limits;
use serde_json::{Value, json};

use crate::helpers::{
    Answer, Browser, Endpoint, FakeHub, FakeRouter, Fault, Page, Space, Then, Visitor, chatting,
    chatting_at, chunk, user,
};

const SESSION: &str = "__Host-hf-auth";

const NO_HEADER: (&str, &str) = ("x-nothing", "");

async fn ask(browser: &mut Browser) -> Page {
    let question = json!({ "model": "m", "messages": [{ "role": "user", "content": "x" }] });
    browser.post_json("/chat", &question).await
}

fn error(page: &Page) -> String {
    page.json()["error"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn each_refusal_says_what_one_can_do() {
    let refusals = [
        (402, 402, "credit", ""),
        (400, 422, "refuses this: no such model", ""),
        (403, 403, "refuses this: no such model", ""),
        (404, 404, "refuses this: no such model", ""),
        (422, 422, "refuses this: no such model", ""),
        (408, 504, "try again", ""),
        (429, 429, "busy. Please try again in 7 seconds", "7"),
        (500, 503, "try again", ""),
        (502, 503, "try again", ""),
        (503, 503, "busy. Please try again in 7 seconds", "7"),
        (504, 504, "try again", ""),
        (307, 503, "try again", ""),
        (599, 503, "try again", ""),
    ];
    let (hub, router, _space, mut browser) = chatting().await;
    let asked = hub.requests(Endpoint::UserInfo);
    for (status, answered, told, retry_after) in refusals {
        for body in [r#"{"error":{"message":"no such model"}}"#, r#"{"error":"no such model"}"#] {
            let header = ("retry-after", "7");
            router.answers(Answer::Refuse(status, header, body.to_owned()));
            let page = ask(&mut browser).await;
            assert_eq!(page.status, answered, "{status}: {page:?}");
            assert!(error(&page).contains(told), "{status}: {page:?}");
            assert_eq!(page.header("retry-after"), retry_after, "{status}");
            assert_eq!(page.set_cookie(SESSION), None, "{status}");
        }
    }
    router.answers(Answer::Refuse(402, NO_HEADER, String::new()));
    let page = ask(&mut browser).await;
    assert_eq!(page.json()["billing"], "https://huggingface.co/settings/billing");
    assert!(browser.me().await.is_some());
    assert_eq!(hub.requests(Endpoint::UserInfo), asked, "the Hub is asked for nothing");
}

#[actix_web::test]
async fn when_to_try_again_is_a_number_a_date_or_not_said() {
    let (_hub, router, _space, mut browser) = chatting().await;
    for (said, seconds, told) in [
        ("", "30", "try again in 30 seconds."),
        ("soon", "30", "try again in 30 seconds."),
        ("-1", "30", "try again in 30 seconds."),
        ("0", "0", "try again now."),
        ("1", "1", "try again in a second."),
        ("121", "121", "try again in 3 minutes."),
        ("Wed, 21 Oct 2015 07:28:00 GMT", "0", "try again now."),
        ("Fri, 01 Jan 2100 00:00:00 GMT", "3600", "try again in 60 minutes."),
        ("99999999999", "3600", "try again in 60 minutes."),
    ] {
        router.answers(Answer::Refuse(429, ("retry-after", said), String::new()));
        let page = ask(&mut browser).await;
        assert_eq!((page.header("retry-after"), page.status), (seconds, 429), "{said}");
        assert!(error(&page).ends_with(told), "{said}: {page:?}");
    }
}

#[actix_web::test]
async fn a_missing_scope_is_told_by_what_was_granted() {
    let hub = FakeHub::start(user());
    hub.set_token_field("scope", json!("openid profile"));
    let (_hub, router, _space, mut browser) = chatting_at(hub, Limits::default()).await;
    let page = ask(&mut browser).await;
    assert_eq!(page.status, 403);
    assert!(error(&page).contains("inference-api"), "{page:?}");
    assert!(page.header("www-authenticate").contains("insufficient_scope"), "{page:?}");
    assert_eq!(router.seen().len(), 1, "the router decides");
    assert!(browser.me().await.is_some());

    // That is what 403 means, and nothing else.
    router.answers(Answer::Refuse(404, NO_HEADER, r#"{"error":"no such model"}"#.to_owned()));
    let page = ask(&mut browser).await;
    assert_eq!((page.status, &*error(&page)), (404, "Hugging Face refuses this: no such model"));
}

#[actix_web::test]
async fn a_token_that_ended_ends_the_sign_in_in_this_answer() {
    let (hub, router, _space, mut browser) = chatting().await;
    let mut copy = browser.clone();
    hub.revoke_tokens();
    let asked = hub.requests(Endpoint::UserInfo);
    let page = ask(&mut browser).await;
    assert_eq!(page.status, 401);
    assert!(error(&page).contains("sign in"), "{page:?}");
    assert_eq!(page.set_cookie(SESSION), None, "{page:?}");
    assert_eq!(hub.requests(Endpoint::UserInfo), asked + 1);

    let page = ask(&mut copy).await;
    assert_eq!(page.status, 401);
    assert_eq!(page.set_cookie(SESSION), None, "{page:?}");
    assert_eq!((router.seen().len(), hub.requests(Endpoint::UserInfo)), (1, asked + 1));
}

#[actix_web::test]
async fn a_401_of_the_router_alone_ends_nothing() {
    let (hub, router, _space, mut browser) = chatting().await;
    router.answers(Answer::Refuse(401, NO_HEADER, r#"{"error":"This model is gated."}"#.into()));
    let page = ask(&mut browser).await;
    assert_eq!((page.status, page.set_cookie(SESSION)), (403, None));
    assert!(error(&page).contains("This model is gated."), "{page:?}");
    assert!(browser.me().await.is_some());

    // Where the Hub does not say either, nobody knows.
    for (fault, status) in [(Fault::Status(500), 503), (Fault::Status(429), 429)] {
        hub.fail(Endpoint::UserInfo, fault);
        let page = ask(&mut browser).await;
        assert_eq!((page.status, page.set_cookie(SESSION)), (status, None));
        hub.recover();
    }
    assert!(browser.me().await.is_some());
}

/// The events of an answer that goes wrong after a word.
async fn after_a_word(
    router: &FakeRouter,
    space: &Space,
    browser: &Browser,
    event: &str,
) -> Vec<Value> {
    let parts = [format!("data: {}\n\n", chunk("word")), event.to_owned()];
    router.answers(Answer::Parts(parts.map(String::into_bytes).to_vec(), Then::BreakOff));
    let events = Visitor::ask(space, browser, "x").await.read().await;
    assert_eq!(events[0], json!({ "text": "word" }));
    events
}

#[actix_web::test]
async fn an_error_in_the_middle_is_the_last_event() {
    let (_hub, router, space, browser) = chatting().await;
    for (event, told) in [
        ("event: error\ndata: {\"error\":\"out of memory\"}\n\n", "does not answer as it should"),
        ("event: error\ndata: {\"message\":\"slowly\",\"status\":429}\n\n", "busy"),
        ("data: {\"error\":{\"message\":\"out of memory\"}}\n\n", "does not answer as it should"),
        ("data: {\"error\":{\"message\":\"slowly\",\"code\":429}}\n\n", "busy"),
        ("data: {\"error\":{\"message\":\"late\",\"http_status_code\":504}}\n\n", "too long"),
        ("data: {\"error\":{\"message\":\"too hot\",\"code\":400}}\n\n", "refuses this: too hot"),
        ("data: {\"error\":{\"message\":\"pay\",\"status\":402}}\n\n", "credit"),
        ("data: [1, 2]\n\n", "does not answer as it should"),
        ("data: {\"choices\": 7}\n\n", "does not answer as it should"),
        ("data: no JSON\n\n", "does not answer as it should"),
        ("data: {\"choi", "does not answer as it should"),
        ("", "does not answer as it should"),
    ] {
        let events = after_a_word(&router, &space, &browser, event).await;
        assert_eq!(events.len(), 2, "{event}: {events:?}");
        assert!(events[1]["error"].as_str().unwrap().contains(told), "{event}: {events:?}");
        assert_eq!(events[1].get("sign_in"), None, "{event}");
    }
}

#[actix_web::test]
async fn a_token_that_ends_in_the_middle_ends_the_sign_in_with_the_next_answer() {
    let (hub, router, space, mut browser) = chatting().await;
    let event = "data: {\"error\":{\"message\":\"expired\",\"code\":401}}\n\n";
    let token = browser.get("/token").await.body.split_once(' ').unwrap().0.to_owned();
    hub.fail(Endpoint::UserInfo, Fault::Status(401));
    let events = after_a_word(&router, &space, &browser, event).await;
    assert!(events[1]["error"].as_str().unwrap().contains("sign in"), "{events:?}");
    assert_eq!(events[1]["sign_in"], "/oauth/huggingface/login?_target_url=%2Fchat");
    let page = browser.get("/who").await;
    assert_eq!(page.body, "nobody");
    assert_eq!(page.set_cookie(SESSION), None, "{page:?}");
    assert!(!format!("{events:?}").contains(&token));
}

#[actix_web::test]
async fn a_reason_is_short_printable_and_holds_no_token() {
    let (_hub, router, _space, mut browser) = chatting().await;
    let token = browser.get("/token").await.body.split_once(' ').unwrap().0.to_owned();
    for (reason, shown) in [
        ("é".repeat(500), format!("Hugging Face refuses this: {}", "é".repeat(200))),
        ("a\nb\u{202e}c\u{0}d\u{200b}".to_owned(), "Hugging Face refuses this: a bcd".to_owned()),
        (format!("bad token {token}"), "Hugging Face refuses this.".to_owned()),
        (format!("bad token {}…", &token[..20]), "Hugging Face refuses this.".to_owned()),
        ("\n".to_owned(), "Hugging Face refuses this.".to_owned()),
    ] {
        let body = json!({ "error": { "message": reason } }).to_string();
        router.answers(Answer::Refuse(403, NO_HEADER, body));
        assert_eq!(error(&ask(&mut browser).await), shown);
    }
    for body in ["", "<!doctype html>", "[]", "{\"error\":7}", &"x".repeat(100_000)] {
        router.answers(Answer::Refuse(403, NO_HEADER, body.to_owned()));
        assert_eq!(error(&ask(&mut browser).await), "Hugging Face refuses this.");
    }
}
