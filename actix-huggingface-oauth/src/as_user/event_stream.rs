//! A chat completion on its way to the page that asked for it, as server-sent events.

use std::convert::Infallible;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_ENCODING, HeaderName};
use actix_web::web::Bytes;
use futures_util::stream::unfold;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::ChatStream;
use crate::oauth::HuggingFaceOAuth;

/// What tells a proxy not to wait for more.
pub const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

impl ChatStream {
    /// The answer to a page's script, as `text/event-stream`: a text is `data: {"text": "…"}`. A last event says how it
    /// ended: `{"done": true}` where the answer is whole, else [`HubCallError::to_json`](super::HubCallError::to_json) with
    /// this way back.
    ///
    /// ```
    /// # use actix_huggingface_oauth::actix_web::{HttpResponse, web};
    /// use actix_huggingface_oauth::{ChatRequest, HubCallError, HubClient, HuggingFaceOAuth, OAuthInfo};
    ///
    /// async fn chat(
    ///     oauth: HuggingFaceOAuth,
    ///     hub: HubClient,
    ///     info: OAuthInfo,
    ///     request: web::Json<ChatRequest>,
    /// ) -> Result<HttpResponse, HubCallError> {
    ///     let answer = hub.chat_completion(&info, &request).await?;
    ///     Ok(answer.into_event_stream(oauth, "/chat"))
    /// }
    /// ```
    #[must_use]
    pub fn into_event_stream(self, oauth: HuggingFaceOAuth, target: &str) -> HttpResponse {
        let target = target.to_owned();
        let keep_alive = self.keep_alive;
        let events = unfold(Some(self), move |answer| {
            let (oauth, target) = (oauth.clone(), target.clone());
            async move {
                let mut answer = answer?;
                let next = loop {
                    match timeout(keep_alive, answer.next()).await {
                        Err(_) => break Err(Bytes::from_static(b": keep-alive\n\n")),
                        // Nothing that a page shows.
                        Ok(Some(Ok(chunk))) if chunk.text().is_empty() => {}
                        Ok(next) => break Ok(next),
                    }
                };
                let (bytes, answer) = match next {
                    Err(comment) => (comment, Some(answer)),
                    Ok(Some(Ok(chunk))) => (event(&json!({ "text": chunk.text() })), Some(answer)),
                    Ok(Some(Err(error))) => (event(&error.to_json(&oauth, &target)), None),
                    Ok(None) => (event(&json!({ "done": true })), None),
                };
                Some((Ok::<_, Infallible>(bytes), answer))
            }
        });
        HttpResponse::Ok()
            .content_type("text/event-stream; charset=utf-8")
            .insert_header((CACHE_CONTROL, "no-store, no-transform"))
            .insert_header((CONTENT_ENCODING, "identity"))
            .insert_header((X_ACCEL_BUFFERING, "no"))
            .streaming(events)
    }
}

fn event(data: &Value) -> Bytes {
    Bytes::from(format!("data: {data}\n\n"))
}
