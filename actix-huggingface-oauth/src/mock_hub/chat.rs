//! Inference Providers: an echo, word by word, and models that fail.

use std::io;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use futures_util::stream::unfold;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::hub::MockHub;
use super::token::bearer;

/// The scope that it takes.
const INFERENCE_API: &str = "inference-api";

/// The models that fail.
pub const FAILING_MODELS: [&str; 5] =
    ["mock/revoked", "mock/no-credit", "mock/forbidden", "mock/busy", "mock/broken"];

/// Between two words, so that one sees them come.
const PAUSE: Duration = Duration::from_millis(40);

/// After how many words the model that breaks does.
const BREAKS_AFTER: usize = 3;

#[derive(Deserialize)]
struct Asked {
    model: String,
    messages: Vec<Message>,
    #[serde(default)]
    stream: bool,
}

#[derive(Deserialize)]
struct Message {
    content: Value,
}

/// Answers with what was asked, or as the name of one of the [`FAILING_MODELS`] says.
pub async fn complete(hub: web::Data<MockHub>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let token = bearer(&request);
    let Some(access) = hub.access(token) else {
        return refuse(HttpResponse::Unauthorized(), "Invalid username or password.");
    };
    if !access.scope.split_whitespace().any(|granted| granted == INFERENCE_API) {
        return refuse(HttpResponse::Forbidden(), "This token lacks the scope inference-api.");
    }
    let asked = serde_json::from_slice::<Asked>(&body).ok().filter(|asked| asked.stream);
    let Some(asked) = asked else {
        return refuse(HttpResponse::BadRequest(), "This is no request that the mock can stream.");
    };
    let words = words(&asked);
    match asked.model.as_str() {
        "mock/revoked" => {
            hub.end(token).await;
            refuse(HttpResponse::Unauthorized(), "Invalid username or password.")
        }
        "mock/no-credit" => {
            refuse(HttpResponse::build(StatusCode::PAYMENT_REQUIRED), "You have no credit left.")
        }
        "mock/forbidden" => refuse(HttpResponse::Forbidden(), "You may not use this model."),
        "mock/busy" => {
            let mut busy = HttpResponse::TooManyRequests();
            busy.insert_header((RETRY_AFTER, 30));
            refuse(busy, "Too many requests.")
        }
        "mock/broken" => stream(&words[..BREAKS_AFTER.min(words.len())], false),
        _ => stream(&words, true),
    }
}

fn refuse(mut with: HttpResponseBuilder, message: &str) -> HttpResponse {
    with.json(json!({ "error": { "message": message } }))
}

/// The words of the answer: what the last message says.
fn words(asked: &Asked) -> Vec<String> {
    let said = asked.messages.last().and_then(|message| message.content.as_str());
    let answer = format!("{} says: {}", asked.model, said.unwrap_or_default());
    answer.split_inclusive(' ').map(str::to_owned).collect()
}

/// Sends them one by one, and then the end, or breaks off.
fn stream(words: &[String], ends: bool) -> HttpResponse {
    let chunk = |delta: &Value, finish_reason: Option<&str>| {
        let choice = json!({ "index": 0, "delta": delta, "finish_reason": finish_reason });
        format!("data: {}\n\n", json!({ "object": "chat.completion.chunk", "choices": [choice] }))
    };
    let mut parts: Vec<_> =
        words.iter().map(|word| Ok(chunk(&json!({ "content": word }), None))).collect();
    parts.push(if ends {
        Ok(chunk(&json!({}), Some("stop")) + "data: [DONE]\n\n")
    } else {
        Err("the mock model breaks off")
    });
    let parts = unfold(parts.into_iter(), async |mut parts| {
        let part = parts.next()?;
        sleep(PAUSE).await;
        Some((part.map(Bytes::from).map_err(io::Error::other), parts))
    });
    HttpResponse::Ok().content_type("text/event-stream").streaming(parts)
}
