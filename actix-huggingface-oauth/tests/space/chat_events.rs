//! The events of a chat completion, however the network cuts them.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::helpers::{Answer, Browser, FakeHub, FakeRouter, Space, Then, Visitor, chatting, chunk};

/// All that an event stream may hold. Its texts are `zero`, `one`, `zwei: ü`, `three` and `four`.
const STREAM: &str = "\u{feff}data: {\"choices\":[{\"delta\":{\"content\":\"zero \"}}]}\r\n\
    \r\n\
    : a comment\r\n\
    \r\n\
    retry: 1000\n\
    id: 7\n\
    event: message\n\
    data: {\"choices\":[{\"delta\":{\"content\":\"one \"}}]}\n\
    \n\
    data:{\"choices\":[{\"delta\":\r\n\
    data: {\"content\":\"zwei: ü \"}\r\n\
    data:}]}\r\n\
    \r\n\
    :\r\
    data: {\"choices\":[{\"delta\":{\"content\":\"three \"}}]}\r\
    \r\
    event: empty\n\
    \n\
    data: {\"choices\":null,\"usage\":null,\"id\":7}\n\
    \n\
    unknown\n\
    data: {\"choices\":[{\"delta\":{\"content\":\"four\",\"role\":null}}]}\r\n\
    \n\
    data: [DONE]\n\
    \n\
    data: {\"choices\":[{\"delta\":{\"content\":\"too late\"}}]}\n\
    \n";

struct Chat {
    _hub: FakeHub,
    router: FakeRouter,
    space: Space,
    browser: Browser,
}

impl Chat {
    async fn start() -> Self {
        let (hub, router, space, browser) = chatting().await;
        Self { _hub: hub, router, space, browser }
    }

    /// What comes of these parts.
    async fn read(&self, parts: Vec<Vec<u8>>, then: Then) -> Vec<Value> {
        self.router.answers(Answer::Parts(parts, then));
        Visitor::ask(&self.space, &self.browser, "x").await.read().await
    }
}

fn expected() -> Vec<Value> {
    let texts = ["zero ", "one ", "zwei: ü ", "three ", "four"].map(|text| json!({ "text": text }));
    texts.into_iter().chain([json!({ "done": true })]).collect()
}

/// The stream, cut after these bytes.
fn cut(places: &[usize]) -> Vec<Vec<u8>> {
    let mut places = places.to_vec();
    places.extend([0, STREAM.len()]);
    places.sort_unstable();
    places.dedup();
    places.windows(2).map(|ends| STREAM.as_bytes()[ends[0]..ends[1]].to_vec()).collect()
}

#[test]
fn wherever_the_network_cuts_them_they_are_the_same() {
    let system = actix_web::rt::System::new();
    let chat = system.block_on(Chat::start());
    let places = prop::collection::vec(0..STREAM.len(), 0..20);
    proptest!(ProptestConfig::with_cases(64), |(places in places)| {
        let events = system.block_on(chat.read(cut(&places), Then::End));
        prop_assert_eq!(events, expected());
    });
    let bytes: Vec<_> = (0..STREAM.len()).collect();
    assert_eq!(system.block_on(chat.read(cut(&bytes), Then::End)), expected(), "byte by byte");
    assert_eq!(system.block_on(chat.read(cut(&[]), Then::End)), expected(), "all at once");
}

#[actix_web::test]
async fn an_answer_is_whole_where_the_model_says_so() {
    let chat = Chat::start().await;
    let word = format!("data: {}\n\n", chunk("word"));
    let stopped = r#"data: {"choices":[{"delta":{},"finish_reason":"stop"}]}"#;
    let usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1}}\n\n";
    for (end, is_whole) in [
        ("data: [DONE]\n\n".to_owned(), true),
        ("data: [DONE]".to_owned(), true),
        (format!("{stopped}\n\n"), true),
        (stopped.to_owned(), true),
        (format!("{stopped}\n\n{usage}"), true),
        (String::new(), false),
        (usage.to_owned(), false),
        ("data: [DO".to_owned(), false),
    ] {
        let events = chat.read(vec![word.clone().into(), end.clone().into()], Then::End).await;
        let last = events.last().unwrap();
        assert_eq!(last.get("done").is_some(), is_whole, "{end}: {events:?}");
        assert_eq!(last.get("error").is_none(), is_whole, "{end}: {events:?}");
    }
    let events = chat.read(vec![word.into(), stopped.into()], Then::BreakOff).await;
    assert!(events.last().unwrap().get("error").is_some(), "it broke off: {events:?}");
}

#[actix_web::test]
async fn an_answer_that_is_no_stream_of_events_is_none() {
    let mut chat = Chat::start().await;
    let header = ("content-type", "application/json");
    chat.router.answers(Answer::Refuse(200, header, json!({ "choices": [] }).to_string()));
    let question = json!({ "model": "m", "messages": [{ "role": "user", "content": "x" }] });
    let page = chat.browser.post_json("/chat", &question).await;
    assert_eq!(page.status, 503, "{page:?}");
}
