//! Inference Providers of the tests' own. They refuse what the router refuses: an unknown token, a scope that is
//! missing, a body that is none. And they can be slow, broken or endless, and tell who is still waiting.

use std::collections::HashMap;
use std::io;
use std::net::TcpListener;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::task::{Context, Poll};

use actix_web::dev::ServerHandle;
use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use actix_web::{App, HttpRequest, HttpResponse, web};
use futures_util::Stream;
use serde_json::{Value, json};

use super::fake_hub::Tokens;
use super::{FakeHub, server};

/// What the router does with a request that it does not refuse.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Says what the last message said, word by word.
    Echo,
    /// Refuses with this status, header and body, whoever asks.
    Refuse(u16, (&'static str, &'static str), String),
    /// Never begins to answer.
    Nothing,
    /// Sends these parts, and then what follows.
    Parts(Vec<Vec<u8>>, Then),
    /// Sends this without end.
    Endless(Vec<u8>),
}

/// What follows on the last part.
#[derive(Clone, Copy, Debug)]
pub enum Then {
    End,
    BreakOff,
    Silence,
}

impl Answer {
    /// A whole stream of these events.
    pub fn events(events: &[Value]) -> Self {
        let done = [b"data: [DONE]\n\n".to_vec()];
        let events = events.iter().map(|event| format!("data: {event}\n\n").into_bytes());
        Self::Parts(events.chain(done).collect(), Then::End)
    }
}

/// A chunk with a text.
pub fn chunk(text: &str) -> Value {
    json!({ "choices": [{ "index": 0, "delta": { "content": text }, "finish_reason": null }] })
}

pub struct FakeRouter {
    /// What `HF_ROUTER_URL` is.
    pub url: String,
    state: web::Data<State>,
    server: ServerHandle,
}

struct State {
    tokens: Tokens,
    answer: Mutex<Answer>,
    /// Headers and body of each request.
    seen: Mutex<Vec<(HashMap<String, String>, Value)>>,
    /// How many requests are not ended.
    open: AtomicUsize,
}

impl FakeRouter {
    /// The router for the users of a Hub.
    pub fn of(hub: &FakeHub) -> Self {
        let state = web::Data::new(State {
            tokens: hub.tokens(),
            answer: Mutex::new(Answer::Echo),
            seen: Mutex::default(),
            open: AtomicUsize::new(0),
        });
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let data = state.clone();
        let server = server(listener, 1, move || {
            App::new()
                .app_data(data.clone())
                .route("/v1/chat/completions", web::post().to(chat_completions))
        });
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { url, state, server: handle }
    }

    /// From now on it answers so.
    pub fn answers(&self, answer: Answer) {
        *self.state.answer.lock().unwrap() = answer;
    }

    /// How many requests wait for more.
    pub fn open(&self) -> usize {
        self.state.open.load(Ordering::SeqCst)
    }

    /// The headers and the body of all requests.
    pub fn seen(&self) -> MutexGuard<'_, Vec<(HashMap<String, String>, Value)>> {
        self.state.seen.lock().unwrap()
    }
}

impl Drop for FakeRouter {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

/// A request, until it is dropped.
struct Open(web::Data<State>);

impl Open {
    fn new(state: &web::Data<State>) -> Self {
        state.open.fetch_add(1, Ordering::SeqCst);
        Self(state.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn chat_completions(
    state: web::Data<State>,
    request: HttpRequest,
    body: Bytes,
) -> HttpResponse {
    let open = Open::new(&state);
    let header = |name| request.headers().get(name).map_or("", |value| value.to_str().unwrap());
    let refuse = |status: u16, message: &str| {
        let status = StatusCode::from_u16(status).unwrap();
        HttpResponse::build(status).json(json!({ "error": { "message": message } }))
    };
    let json: Value = serde_json::from_slice(&body).unwrap_or_default();
    let headers = request.headers().iter();
    let headers =
        headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    state.seen.lock().unwrap().push((headers.collect(), json.clone()));

    let answer = state.answer.lock().unwrap().clone();
    if let Answer::Refuse(status, header, body) = answer {
        let status = StatusCode::from_u16(status).unwrap();
        return HttpResponse::build(status).insert_header(header).body(body);
    }
    let Some(scope) = state.tokens.scope_of(header("authorization").trim_start_matches("Bearer "))
    else {
        return refuse(401, "Invalid username or password.");
    };
    if !scope.split(' ').any(|scope| scope == "inference-api") {
        return refuse(403, "This authentication method does not have sufficient permissions");
    }
    let is_request = header("content-type") == "application/json"
        && json["model"].is_string()
        && json["stream"] == true
        && json["messages"].as_array().is_some_and(|messages| !messages.is_empty());
    if !is_request {
        return refuse(400, "malformed request");
    }
    let stream = |parts, then, open| {
        HttpResponse::Ok().content_type("text/event-stream").streaming(Body {
            parts,
            then,
            is_sent: false,
            _open: open,
        })
    };
    match answer {
        Answer::Echo => {
            let said = json["messages"].as_array().unwrap().last().unwrap()["content"].clone();
            let words: Vec<_> = said.as_str().unwrap().split_inclusive(' ').map(chunk).collect();
            let Answer::Parts(parts, _) = Answer::events(&words) else { unreachable!() };
            stream(parts, Some(Then::End), open)
        }
        Answer::Refuse(..) => unreachable!(),
        Answer::Nothing => {
            let _open = open;
            std::future::pending().await
        }
        Answer::Parts(parts, then) => stream(parts, Some(then), open),
        Answer::Endless(part) => stream(vec![part], None, open),
    }
}

struct Body {
    parts: Vec<Vec<u8>>,
    /// `None` for the last part once more.
    then: Option<Then>,
    is_sent: bool,
    _open: Open,
}

impl Stream for Body {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.then.is_none() {
            return Poll::Ready(Some(Ok(self.parts[0].clone().into())));
        }
        if !self.parts.is_empty() {
            return Poll::Ready(Some(Ok(self.parts.remove(0).into())));
        }
        match self.then {
            Some(Then::Silence) => Poll::Pending,
            Some(Then::BreakOff) if !self.is_sent => {
                // What came before has to be on its way.
                self.is_sent = true;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Some(Then::BreakOff) => Poll::Ready(Some(Err(io::Error::other("broken off")))),
            _ => Poll::Ready(None),
        }
    }
}
