//! A chat completion in an app that does not pass it on as events.

use serde_json::{Value, json};

use crate::helpers::{
    Answer, Browser, FakeHub, FakeRouter, Page, Space, Then, chatting, chunk, question,
};

struct Chat {
    hub: FakeHub,
    router: FakeRouter,
    _space: Space,
    browser: Browser,
}

impl Chat {
    async fn start() -> Self {
        let (hub, router, space, browser) = chatting().await;
        Self { hub, router, _space: space, browser }
    }

    async fn ask(&mut self, path: &str, said: &str) -> Page {
        self.browser.post_json(path, &question(said)).await
    }

    fn refuse(&self, status: u16) {
        self.router.answers(Answer::Refuse(status, ("x-nothing", ""), String::new()));
    }
}

#[actix_web::test]
async fn a_page_grows_by_the_answer_and_ends_by_what_was_said() {
    let mut chat = Chat::start().await;
    let page = chat.ask("/chat-page", "a <b> & c").await;
    assert_eq!(page.body, "<p>a &lt;b&gt; &amp; c</p>a <b> & c, None");
    for (header, value) in [
        ("content-type", "text/html; charset=utf-8"),
        ("cache-control", "no-store, no-transform"),
        ("x-accel-buffering", "no"),
    ] {
        assert_eq!(page.header(header), value);
    }
    let word = format!("data: {}\n\n", chunk("word"));
    chat.router.answers(Answer::Parts(vec![word.into()], Then::BreakOff));
    assert_eq!(chat.ask("/chat-page", "x").await.body, "<p>word</p>word, Some(Failed)");
}

#[actix_web::test]
async fn a_page_that_has_no_answer_says_why_with_its_status() {
    let mut chat = Chat::start().await;
    for (refused, status, heading) in [
        (402, 402, "No credit left"),
        (404, 404, "Hugging Face refuses this"),
        (429, 429, "Hugging Face is busy"),
        (500, 503, "Hugging Face does not answer as it should"),
        (504, 504, "Hugging Face takes too long"),
    ] {
        chat.refuse(refused);
        let page = chat.ask("/chat-page", "x").await;
        assert_eq!((page.status, &*page.body), (status, heading));
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    }
    chat.router.answers(Answer::Echo);
    chat.hub.revoke_tokens();
    let page = chat.ask("/chat-page", "x").await;
    assert_eq!((page.status, &*page.body), (401, "Please sign in"));
}

#[actix_web::test]
async fn an_app_can_collect_an_answer_and_answer_by_json() {
    let mut chat = Chat::start().await;
    let end = json!({ "choices": [{ "delta": { "content": "!" }, "finish_reason": "length" }] });
    chat.router.answers(Answer::events(&[chunk("one "), chunk("two"), end]));
    let answer = chat.ask("/chat-json", "x").await.json();
    assert_eq!(answer, json!({ "debug": "ChatStream", "text": "one two!", "ends": ["length"] }));

    chat.refuse(402);
    let page = chat.ask("/chat-json", "x").await;
    let billing: Value = "https://huggingface.co/settings/billing".into();
    assert_eq!((page.status, &page.json()["billing"]), (402, &billing));
    chat.router.answers(Answer::Echo);
    chat.hub.revoke_tokens();
    let page = chat.ask("/chat-json", "x").await;
    let sign_in: Value = "/oauth/huggingface/login?_target_url=%2Fchat-json".into();
    assert_eq!((page.status, &page.json()["sign_in"]), (401, &sign_in));
}
