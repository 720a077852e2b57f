//! Calls to the Hub as the one who is signed in.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{Error, FromRequest, HttpRequest};
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, timeout};

use super::acting_as::{ActingAs, failed};
use super::exchange::{read, send};
use super::{ChatRequest, ChatStream, HubCallError, path};
use crate::oauth::HuggingFaceOAuth;
use crate::user::OAuthInfo;

/// What a chat completion needs.
const INFERENCE_API: &str = "inference-api";

/// The largest answer of the Hub's API that is read, in bytes.
const MAX_ANSWER: usize = 4 * 1024 * 1024;

/// The Hub as the one who is signed in, who pays. A handler takes it as an argument; a clone is cheap.
///
/// ```
/// use actix_huggingface_oauth::{ChatMessage, ChatRequest, HubCallError, HubClient, OAuthInfo};
///
/// async fn joke(hub: HubClient, info: OAuthInfo) -> Result<String, HubCallError> {
///     let request = ChatRequest::new("openai/gpt-oss-120b", vec![ChatMessage::user("Tell me a joke.")]);
///     let mut answer = hub.chat_completion(&info, &request).await?;
///     let mut joke = String::new();
///     while let Some(chunk) = answer.next().await {
///         joke += chunk?.text();
///     }
///     Ok(joke)
/// }
/// ```
///
/// If the Hub no longer accepts the token, the login ends: in this request, and in all that present it.
#[derive(Clone, Debug)]
pub struct HubClient(HuggingFaceOAuth);

impl HubClient {
    /// For what is no handler: whoever has a sign-in can call the Hub with it, for as long as the token holds.
    #[must_use]
    pub fn new(oauth: &HuggingFaceOAuth) -> Self {
        Self(oauth.clone())
    }

    /// Asks the Hub's API, as `/api/models?author=me`. <https://huggingface.co/docs/hub/api>
    ///
    /// # Errors
    /// [`HubCallError`]; `NoPath` where the path could lead elsewhere than to the Hub.
    pub async fn get<T: DeserializeOwned>(
        &self,
        info: &OAuthInfo,
        path: &str,
    ) -> Result<T, HubCallError> {
        understood(&self.call(info, Method::GET, path, None).await?)
    }

    /// Has the Hub's API do something. What it answers without a body is null.
    ///
    /// # Errors
    /// As [`HubClient::get`].
    pub async fn post<T: DeserializeOwned>(
        &self,
        info: &OAuthInfo,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, HubCallError> {
        let body = serde_json::to_string(body).map_err(|error| failed(&error))?;
        understood(&self.call(info, Method::POST, path, Some(body)).await?)
    }

    /// Has a model answer, by Inference Providers. The user needs the scope `inference-api`. What the Hub says at once
    /// is an error here; what comes later is one of the stream.
    ///
    /// # Errors
    /// [`HubCallError`].
    pub async fn chat_completion(
        &self,
        info: &OAuthInfo,
        request: &ChatRequest,
    ) -> Result<ChatStream, HubCallError> {
        let acting_as = ActingAs::of(&self.0, info, Some(INFERENCE_API))?;
        let shared = &self.0.shared;
        let limits = &shared.limits;
        let router = shared.router.as_ref().ok_or_else(|| failed(&NoHub))?;
        let chat = shared.chats.begin(&info.user_info.sub, limits.chats_per_user);
        let chat = chat.ok_or(HubCallError::TooManyChats)?;
        let end = Instant::now() + limits.chat_whole;
        let request = request.to_json().map_err(|error| failed(&error))?;
        let call = router.chat_completion(&info.access_token, request);
        let response =
            send(router.http(), call, &acting_as, limits.chat_first_byte.min(limits.chat_whole))
                .await?;
        let content_type = response.headers().get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
        if !content_type.is_some_and(|it| it.starts_with("text/event-stream")) {
            return Err(failed(&NoStream));
        }
        Ok(ChatStream::new(response, acting_as, chat, end))
    }

    async fn call(
        &self,
        info: &OAuthInfo,
        method: Method,
        path: &str,
        body: Option<String>,
    ) -> Result<Vec<u8>, HubCallError> {
        let provider = self.0.shared.provider.as_ref().ok_or_else(|| failed(&NoHub))?;
        let url = path::on(&provider.api_url(), path).ok_or(HubCallError::NoPath)?;
        let acting_as = ActingAs::of(&self.0, info, None)?;
        let token = info.access_token.secret();
        let http = provider.http();
        let mut request = http.request(method, url).bearer_auth(token);
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, "application/json").body(body);
        }
        let time = acting_as.limits().call;
        let end = Instant::now() + time;
        let mut response = send(http, request, &acting_as, time).await?;
        let left = end.saturating_duration_since(Instant::now());
        timeout(left, read(&mut response, MAX_ANSWER)).await.map_err(|_| HubCallError::Timeout)?
    }
}

impl FromRequest for HubClient {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(HuggingFaceOAuth::from_request(request, payload).into_inner().map(Self))
    }
}

fn understood<T: DeserializeOwned>(body: &[u8]) -> Result<T, HubCallError> {
    let body = if body.is_empty() { b"null" } else { body };
    serde_json::from_slice(body).map_err(|_| failed(&NoJson))
}

#[derive(Debug, thiserror::Error)]
#[error("there is no Hub to call: sign-in is off")]
struct NoHub;

#[derive(Debug, thiserror::Error)]
#[error("the answer is no stream of events")]
struct NoStream;

#[derive(Debug, thiserror::Error)]
#[error("the answer is not the JSON that this app expects")]
struct NoJson;
