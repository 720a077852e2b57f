//! What is left of chats that nobody reads to their end: nothing that grows.
//! For Linux, which tells of a process in /proc.

use serde_json::json;

use crate::helpers::{
    Answer, Browser, FakeHub, FakeRouter, Program, Then, Visitor, chunk, space_vars, until, user,
};

/// In KiB: less than what hundreds leave behind where each leaves something. The memory of a process that reuses its
/// own grows by chance now and then, so the least of several rounds is what counts.
const GROWTH: usize = 128;

/// In KiB: what a chat may hold of a line and of an event, each with the room in which it grows, and what comes of it.
const MOST_OF_A_CHAT: usize = 8 * 1024;

const ROUNDS: usize = 20;

struct Chats {
    hub: FakeHub,
    router: FakeRouter,
    program: Program,
}

impl Chats {
    fn start() -> Self {
        let hub = FakeHub::start(user());
        let router = FakeRouter::of(&hub);
        let mut vars = space_vars(&hub.url).to_vec();
        vars.extend([("OAUTH_SCOPES", "inference-api"), ("HF_ROUTER_URL", &*router.url)]);
        let program = Program::start(&vars);
        Self { hub, router, program }
    }

    async fn sign_in(&self, name: &str) -> Browser {
        let mut browser = self.program.browser();
        let login = browser.get("/oauth/huggingface/login").await;
        let back = self.hub.authorize_as(name, login.location()).await;
        let callback = browser.path_of(&back);
        browser.get(&callback).await;
        browser
    }

    async fn ask(&self, browser: &Browser) -> Visitor {
        Visitor::ask_at(&self.program.address, browser, "x").await
    }

    async fn until_all_have_ended(&self) {
        until("the requests to end", || self.router.open() == 0).await;
    }
}

fn word() -> Vec<u8> {
    format!("data: {}\n\n", chunk("word")).into_bytes()
}

#[actix_web::test]
async fn two_hundred_who_go_in_the_middle_leave_nothing_behind() {
    let chats = Chats::start();
    let mut browsers = Vec::new();
    for number in 0..50 {
        browsers.push(chats.sign_in(&format!("user-{number}")).await);
    }
    chats.router.answers(Answer::Parts(vec![word()], Then::Silence));
    let round = async || {
        let mut visitors = Vec::new();
        for browser in browsers.iter().cycle().take(200) {
            let mut visitor = chats.ask(browser).await;
            visitor.read_until("word").await;
            visitors.push(visitor);
        }
        assert_eq!(chats.router.open(), 200);
        drop(visitors);
        chats.until_all_have_ended().await;
    };
    let (files, threads) = (chats.program.open_files(), chats.program.threads());
    round().await;
    let mut least = usize::MAX;
    // It takes some rounds until a process has all the memory that it reuses.
    for _ in 0..ROUNDS {
        let memory = chats.program.memory();
        round().await;
        least = least.min(chats.program.memory().saturating_sub(memory));
        if least < GROWTH {
            break;
        }
    }
    assert!(least < GROWTH, "grows by {least} KiB");
    until("connections to end", || chats.program.open_files() <= files).await;
    until("threads to end", || chats.program.threads() <= threads).await;
    assert!(!chats.program.log().contains("panicked"), "{}", chats.program.log());
}

#[actix_web::test]
async fn a_line_that_is_too_long_is_not_kept() {
    let chats = Chats::start();
    let browser = chats.sign_in("somebody").await;
    let text = json!({ "choices": [], "x": "x".repeat(10 * 1024 * 1024) });
    let answer = Answer::Parts(vec![word(), format!("data: {text}\n\n").into()], Then::End);
    chats.router.answers(answer);
    chats.ask(&browser).await.read().await;
    let warm = chats.program.memory();
    for _ in 0..3 {
        let events = chats.ask(&browser).await.read().await;
        assert!(events[1]["error"].is_string(), "{events:?}");
    }
    let most = chats.program.peak_memory().saturating_sub(warm);
    assert!(most < MOST_OF_A_CHAT, "grew by {most} KiB");
}
