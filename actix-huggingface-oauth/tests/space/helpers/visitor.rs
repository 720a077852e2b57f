//! Somebody who reads a chat as it comes, and may go in the middle.

use actix_huggingface_oauth::Limits;
use reqwest::Response;
use serde_json::{Value, json};

use super::{Browser, FakeHub, FakeRouter, HOST, Space, http_client, settings, space_vars, user};

/// One who reads an answer.
pub struct Visitor {
    response: Response,
    pub seen: String,
}

impl Visitor {
    /// Asks a model, and waits until the answer begins.
    pub async fn ask(space: &Space, browser: &Browser, said: &str) -> Self {
        Self::ask_at(&space.address, browser, said).await
    }

    /// As [`Self::ask`], of an app that listens there.
    pub async fn ask_at(address: &str, browser: &Browser, said: &str) -> Self {
        let cookies = browser.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        let request = http_client().post(format!("{address}/chat"));
        let request = request.header("host", HOST).header("origin", browser.origin());
        let request = request.header("cookie", cookies.collect::<Vec<_>>().join("; "));
        let request = request.header("content-type", "application/json");
        let response = request.body(question(said).to_string()).send().await.unwrap();
        Self { response, seen: String::new() }
    }

    pub fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    pub fn header(&self, name: &str) -> &str {
        self.response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Reads until a text has come.
    pub async fn read_until(&mut self, text: &str) {
        while !self.seen.contains(text) {
            let part = self.response.chunk().await.unwrap();
            let part = part.unwrap_or_else(|| panic!("it ended without {text}: {}", self.seen));
            self.seen.push_str(str::from_utf8(&part).unwrap());
        }
    }

    /// Reads to the end: all that came.
    pub async fn text(self) -> String {
        self.seen + &self.response.text().await.unwrap()
    }

    /// Reads to the end: the events.
    pub async fn read(self) -> Vec<Value> {
        events(&self.text().await)
    }
}

/// The data of events.
fn events(text: &str) -> Vec<Value> {
    let data = text.lines().filter_map(|line| line.strip_prefix("data: "));
    data.map(|data| serde_json::from_str(data).unwrap()).collect()
}

/// A request with one message.
pub fn question(said: &str) -> Value {
    json!({ "model": "some/model", "messages": [{ "role": "user", "content": said }] })
}

/// A user who is signed in, and all that a chat takes.
pub async fn chatting() -> (FakeHub, FakeRouter, Space, Browser) {
    chatting_at(FakeHub::start(user()), Limits::default()).await
}

/// The same at this Hub, within these limits.
pub async fn chatting_at(hub: FakeHub, limits: Limits) -> (FakeHub, FakeRouter, Space, Browser) {
    let router = FakeRouter::of(&hub);
    let space = Space::chatting_with(&hub, &router, limits);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    (hub, router, space, browser)
}

impl Space {
    /// The app as a Space whose users may call Inference Providers.
    pub fn chatting(hub: &FakeHub, router: &FakeRouter) -> Self {
        Self::chatting_with(hub, router, Limits::default())
    }

    fn chatting_with(hub: &FakeHub, router: &FakeRouter, limits: Limits) -> Self {
        let mut vars = space_vars(&hub.url).to_vec();
        vars.extend([
            ("OAUTH_SCOPES", "openid profile inference-api"),
            ("HF_ROUTER_URL", &router.url),
        ]);
        Self::start_with(settings(&vars).unwrap().limits(limits))
    }
}
