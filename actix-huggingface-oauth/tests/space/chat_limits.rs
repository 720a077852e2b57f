//! What a chat completion may cost: time, bytes, and how many a user has at once.

use std::time::Duration;

use actix_huggingface_oauth::Limits;
use serde_json::{Value, json};

use crate::helpers::{
    Answer, Browser, FakeHub, FakeRouter, Space, Then, Visitor, chatting_at, chunk, until, user,
};

/// For what never comes.
const MOMENT: Duration = Duration::from_millis(100);

async fn chatting(set: impl Fn(&mut Limits)) -> (FakeHub, FakeRouter, Space, Browser) {
    let mut limits = Limits::default();
    set(&mut limits);
    chatting_at(FakeHub::start(user()), limits).await
}

fn word() -> Vec<u8> {
    format!("data: {}\n\n", chunk("word")).into_bytes()
}

fn last_error(events: &[Value]) -> &str {
    events.last().unwrap()["error"].as_str().unwrap_or_else(|| panic!("no error: {events:?}"))
}

#[test]
fn they_are_those_of_the_documentation() {
    let limits = Limits::default();
    assert_eq!(limits.connect, Duration::from_secs(3));
    assert_eq!(limits.call, Duration::from_secs(10));
    assert_eq!(limits.chat_first_byte, Duration::from_mins(1));
    assert_eq!(limits.chat_silence, Duration::from_mins(1));
    assert_eq!(limits.chat_whole, Duration::from_mins(10));
    assert_eq!(limits.chat_line, 1024 * 1024);
    assert_eq!(limits.chat_stream, 10 * 1024 * 1024);
    assert_eq!(limits.chats_per_user, 4);
    assert_eq!(limits.keep_alive, Duration::from_secs(15));
}

#[actix_web::test]
async fn a_router_that_does_not_begin_is_a_gateway_timeout() {
    for set in [(|limits| limits.chat_first_byte = MOMENT) as fn(&mut Limits), |limits| {
        limits.chat_whole = MOMENT;
    }] {
        let (_hub, router, space, browser) = chatting(set).await;
        router.answers(Answer::Nothing);
        let answer = Visitor::ask(&space, &browser, "x").await;
        assert_eq!(answer.status(), 504);
        until("the request to end", || router.open() == 0).await;
    }
}

#[actix_web::test]
async fn a_router_that_falls_silent_is_given_up_on() {
    let (_hub, router, space, browser) = chatting(|limits| limits.chat_silence = MOMENT).await;
    router.answers(Answer::Parts(vec![word()], Then::Silence));
    let events = Visitor::ask(&space, &browser, "x").await.read().await;
    assert!(last_error(&events).contains("too long"), "{events:?}");
    until("the request to end", || router.open() == 0).await;
}

#[actix_web::test]
async fn an_answer_without_end_is_ended_by_time_or_by_bytes() {
    for (set, told) in [
        ((|limits| limits.chat_whole = MOMENT) as fn(&mut Limits), "too long"),
        (|limits| limits.chat_stream = 10_000, "too long for this app"),
    ] {
        let (_hub, router, space, browser) = chatting(|limits| {
            limits.chat_stream = usize::MAX;
            set(limits);
        })
        .await;
        router.answers(Answer::Endless(b": nothing that a page shows\n\n".repeat(10)));
        let answer = Visitor::ask(&space, &browser, "x").await;
        if answer.status() == 200 {
            let events = answer.read().await;
            assert!(last_error(&events).contains(told), "{events:?}");
        } else {
            // On a busy machine the time is over before the answer begins.
            assert_eq!((answer.status(), told), (504, "too long"));
        }
        until("the request to end", || router.open() == 0).await;
    }
}

#[actix_web::test]
async fn a_line_and_the_data_of_an_event_are_bounded() {
    let (_hub, router, space, browser) = chatting(|_| {}).await;
    let line = [b"data: {\"choices\":[], \"x\": \"".to_vec(), b"x".repeat(10 * 1024 * 1024)];
    let lines = b"data: xxxxxxxx\n".repeat(200_000);
    let comment = [b":".to_vec(), b"x".repeat(2 * 1024 * 1024)];
    for too_long in [line.concat(), lines, comment.concat()] {
        router.answers(Answer::Parts(vec![word(), too_long], Then::Silence));
        let events = Visitor::ask(&space, &browser, "x").await.read().await;
        assert!(last_error(&events).contains("too long for this app"), "{events:?}");
        until("the request to end", || router.open() == 0).await;
    }
    let padded = json!({ "choices": [{ "delta": { "content": "y".repeat(1_000_000) } }] });
    router.answers(Answer::events(&[padded]));
    let events = Visitor::ask(&space, &browser, "x").await.read().await;
    assert_eq!(events.last().unwrap(), &json!({ "done": true }), "a long line is none too long");
}

#[actix_web::test]
async fn bounds_of_bytes_are_those_that_are_set_and_no_less() {
    let done = b"data: [DONE]\n\n";
    let word = word();
    let in_two_lines = String::from_utf8(word.clone()).unwrap().replace(":[", ":\ndata: [");
    // What is bounded: a line, and the data of an event in several lines but for what is between them.
    let data = word.len() - "data: \n\n".len();
    for (event, longest) in [(word, data + "data: ".len()), (in_two_lines.into(), data)] {
        let stream = [event, done.to_vec()].concat();
        let whole = stream.len();
        for (chat_line, chat_stream, is_whole) in
            [(longest, whole, true), (longest - 1, whole, false), (longest, whole - 1, false)]
        {
            let (_hub, router, space, browser) = chatting(|limits| {
                limits.chat_line = chat_line;
                limits.chat_stream = chat_stream;
            })
            .await;
            router.answers(Answer::Parts(vec![stream.clone()], Then::End));
            let events = Visitor::ask(&space, &browser, "x").await.read().await;
            let end = events.last().unwrap();
            assert_eq!(
                *end == json!({ "done": true }),
                is_whole,
                "{chat_line} {chat_stream} {end}"
            );
        }
    }
}

#[actix_web::test]
async fn four_are_under_way_at_once_and_the_next_waits_for_one_of_them() {
    let (hub, router, space, browser) = chatting(|_| {}).await;
    router.answers(Answer::Parts(vec![word()], Then::Silence));
    let mut under_way = Vec::new();
    for _ in 0..4 {
        under_way.push(Visitor::ask(&space, &browser, "x").await);
    }
    let fifth = Visitor::ask(&space, &browser, "x").await;
    assert_eq!((fifth.status(), fifth.header("retry-after")), (429, "5"));
    assert_eq!(router.seen().len(), 4, "the router is not asked");

    // Another user has four of their own, and the same one in another browser has none.
    let mut other = space.browser();
    let login = other.get("/oauth/huggingface/login").await;
    let back = hub.authorize_as("somebody-else", login.location()).await;
    let callback = other.path_of(&back);
    other.get(&callback).await;
    assert_eq!(Visitor::ask(&space, &other, "x").await.status(), 200);
    let mut again = space.browser();
    again.sign_in(&hub).await;
    assert_eq!(Visitor::ask(&space, &again, "x").await.status(), 429);

    under_way.pop();
    until("one of them to end", || router.open() <= 3).await;
    // The router may notice the end before the app has counted it.
    for _ in 0..100 {
        if under_way.len() < 4 {
            let next = Visitor::ask(&space, &browser, "x").await;
            under_way.extend(Some(next).filter(|next| next.status() == 200));
        }
    }
    assert_eq!(under_way.len(), 4);
    assert_eq!(Visitor::ask(&space, &browser, "x").await.status(), 429, "others are still written");
}

#[actix_web::test]
async fn those_that_failed_are_not_under_way() {
    let (_hub, router, space, browser) = chatting(|limits| limits.chats_per_user = 1).await;
    for status in [400, 402, 403, 429, 500] {
        router.answers(Answer::Refuse(status, ("x-nothing", ""), String::new()));
        assert_ne!(Visitor::ask(&space, &browser, "x").await.status(), 200);
    }
    router.answers(Answer::Echo);
    for _ in 0..5 {
        let events = Visitor::ask(&space, &browser, "again").await.read().await;
        assert_eq!(events.last().unwrap(), &json!({ "done": true }));
    }
}

#[actix_web::test]
async fn a_silent_answer_is_kept_alive() {
    let (_hub, router, space, browser) = chatting(|limits| limits.keep_alive = MOMENT).await;
    router.answers(Answer::Parts(vec![word()], Then::Silence));
    let mut answer = Visitor::ask(&space, &browser, "x").await;
    answer.read_until("word\"}\n\n: keep-alive\n\n: keep-alive\n\n").await;
}
