//! A chat completion as the user: what is asked, what comes, and who goes before it has.

use std::rc::Rc;

use actix_web::rt::spawn;
use serde_json::{Value, json};

use crate::helpers::{
    Answer, Browser, FakeHub, FakeRouter, Page, Space, Then, Visitor, chatting, chunk, settings,
    space_vars, until, user,
};

async fn post(browser: &mut Browser, request: &Value) -> Page {
    browser.post_json("/chat", request).await
}

/// The text that events add up to.
fn text(events: &[Value]) -> String {
    events.iter().filter_map(|event| event["text"].as_str()).collect()
}

#[actix_web::test]
async fn an_answer_comes_word_by_word_and_says_that_it_is_whole() {
    let (_hub, _router, space, browser) = chatting().await;
    let answer = Visitor::ask(&space, &browser, "What a day, so süß!").await;
    assert_eq!(answer.status(), 200);
    for (header, value) in [
        ("content-type", "text/event-stream; charset=utf-8"),
        ("cache-control", "no-store, no-transform"),
        ("content-encoding", "identity"),
        ("x-accel-buffering", "no"),
    ] {
        assert_eq!(answer.header(header), value);
    }
    let events = answer.read().await;
    assert_eq!(text(&events), "What a day, so süß!");
    assert_eq!(events.len(), 6, "{events:?}");
    assert_eq!(events[5], json!({ "done": true }));
}

#[actix_web::test]
async fn a_word_is_there_before_the_next_one_is() {
    let (_hub, router, space, browser) = chatting().await;
    let first = format!("data: {}\n\n", chunk("first")).into_bytes();
    router.answers(Answer::Parts(vec![first], Then::Silence));
    let mut answer = Visitor::ask(&space, &browser, "x").await;
    answer.read_until("first").await;
}

#[actix_web::test]
async fn the_router_is_asked_as_the_user_and_gets_what_it_takes() {
    let (hub, router, _space, mut browser) = chatting().await;
    let token = browser.get("/token").await.body;
    let token = token.split_once(' ').unwrap().0;
    let mut request = json!({
        "model": "some/model:fastest",
        "messages": [
            { "role": "system", "content": "Be short." },
            { "role": "user", "content": [{ "type": "text", "text": "Hello" }], "name": "Ada" },
            { "role": "assistant", "content": null, "tool_calls": [{ "id": "1" }] },
            { "role": "tool", "content": "4", "tool_call_id": "1" },
            { "role": "user", "content": "So?" },
        ],
        "max_tokens": 10, "temperature": 0.5, "top_p": 0.9, "frequency_penalty": 1.0,
        "presence_penalty": -1.0, "stop": ["."], "seed": 7, "tools": [{ "type": "function" }],
        "response_format": { "type": "json_object" },
        "stream_options": { "include_usage": true }, "reasoning_effort": "low",
    });
    assert_eq!(post(&mut browser, &request).await.status, 200);
    let (headers, body) = router.seen()[0].clone();
    assert_eq!(headers["authorization"], format!("Bearer {token}"));
    assert_eq!(headers.get("x-hf-bill-to"), None);
    request["stream"] = json!(true);
    assert_eq!(body, request);

    // Nobody has it otherwise than as a stream.
    request["stream"] = json!(false);
    assert_eq!(post(&mut browser, &request).await.status, 200);
    assert_eq!(router.seen()[1].1["stream"], true);
    drop(hub);
}

#[actix_web::test]
async fn an_organization_may_pay() {
    let hub = FakeHub::start(user());
    let router = FakeRouter::of(&hub);
    let mut vars = space_vars(&hub.url).to_vec();
    vars.extend([
        ("OAUTH_SCOPES", "inference-api"),
        ("HF_ROUTER_URL", &router.url),
        ("HF_BILL_TO", "acme"),
    ]);
    let space = Space::start_with(settings(&vars).unwrap());
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    Visitor::ask(&space, &browser, "Hello").await.read().await;
    assert_eq!(router.seen()[0].0["x-hf-bill-to"], "acme");
}

#[actix_web::test]
async fn who_is_not_signed_in_asks_nothing() {
    let (_hub, router, space, _browser) = chatting().await;
    let page = post(&mut space.browser(), &json!({ "model": "m", "messages": [] })).await;
    assert_eq!(page.status, 401);
    assert_eq!(router.seen().len(), 0);
}

#[actix_web::test]
async fn who_goes_while_the_model_is_silent_or_speaks_ends_the_request() {
    let (_hub, router, space, browser) = chatting().await;
    let event = format!("data: {}\n\n", chunk("word")).into_bytes();
    for answer in [Answer::Parts(vec![event.clone()], Then::Silence), Answer::Endless(event)] {
        let is_endless = matches!(answer, Answer::Endless(_));
        router.answers(answer);
        let mut visitor = Visitor::ask(&space, &browser, "x").await;
        visitor.read_until("word").await;
        assert!(is_endless || router.open() == 1);
        drop(visitor);
        until("the request to end", || router.open() == 0).await;
    }
}

#[actix_web::test]
async fn who_goes_before_the_model_begins_ends_the_request() {
    let (_hub, router, space, browser) = chatting().await;
    router.answers(Answer::Nothing);
    let asking = spawn({
        let (address, browser) = (space.browser(), browser.clone());
        async move {
            drop(address);
            let mut browser = browser;
            let question =
                json!({ "model": "m", "messages": [{ "role": "user", "content": "x" }] });
            post(&mut browser, &question).await
        }
    });
    until("the router to be asked", || router.open() == 1).await;
    asking.abort();
    until("the request to end", || router.open() == 0).await;
}

#[actix_web::test]
async fn two_hundred_chat_at_once_each_with_their_own_answer() {
    let hub = FakeHub::start(user());
    let router = FakeRouter::of(&hub);
    let space = Rc::new(Space::chatting(&hub, &router));
    let mut browsers = Vec::new();
    for number in 0..200 {
        let mut browser = space.browser();
        let login = browser.get("/oauth/huggingface/login").await;
        let back = hub.authorize_as(&format!("user-{number}"), login.location()).await;
        let callback = browser.path_of(&back);
        browser.get(&callback).await;
        browsers.push(browser);
    }
    let chats = browsers.into_iter().enumerate().map(|(number, browser)| {
        let space = space.clone();
        spawn(async move {
            let said = format!("I am number {number}");
            let events = Visitor::ask(&space, &browser, &said).await.read().await;
            assert_eq!(text(&events), said);
        })
    });
    for chat in chats.collect::<Vec<_>>() {
        chat.await.unwrap();
    }
    until("all requests to end", || router.open() == 0).await;
    assert_eq!(router.seen().len(), 200);
}
