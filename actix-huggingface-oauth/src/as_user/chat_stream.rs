//! A chat completion as it comes: chunks, until the model is done or something goes wrong.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use futures_util::Stream;
use futures_util::stream::unfold;
use reqwest::Response;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use super::acting_as::{ActingAs, Refused, failed};
use super::events::{Event, Events, TooLong};
use super::exchange::broken;
use super::{Chunk, HubCallError, reason};
use crate::hub::Chat;
use crate::settings::Limits;

/// What ends a stream that is whole.
const DONE: &[u8] = b"[DONE]";

/// An answer, chunk by chunk. After an error nothing follows. Dropping it ends the request at the Hub.
pub struct ChatStream {
    chunks: Pin<Box<dyn Stream<Item = Result<Chunk, HubCallError>> + Send>>,
    pub(super) keep_alive: Duration,
}

impl ChatStream {
    pub(super) fn new(response: Response, acting_as: ActingAs, chat: Chat, end: Instant) -> Self {
        let Limits { chat_line, keep_alive, .. } = *acting_as.limits();
        let events = Events::new(chat_line);
        let reader =
            Reader { response, acting_as, _chat: chat, events, end, read: 0, is_whole: false };
        let chunks = unfold(Some(reader), async |reader: Option<Reader>| {
            let mut reader = reader?;
            match reader.next().await {
                Ok(Some(chunk)) => Some((Ok(chunk), Some(reader))),
                Ok(None) => None,
                Err(error) => Some((Err(error), None)),
            }
        });
        Self { chunks: Box::pin(chunks), keep_alive }
    }

    /// The next chunk; `None` where the model is done. It may be dropped before it is there, and asked for again.
    pub async fn next(&mut self) -> Option<Result<Chunk, HubCallError>> {
        std::future::poll_fn(|context| self.chunks.as_mut().poll_next(context)).await
    }
}

impl Stream for ChatStream {
    type Item = Result<Chunk, HubCallError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.chunks.as_mut().poll_next(context)
    }
}

impl fmt::Debug for ChatStream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ChatStream")
    }
}

struct Reader {
    response: Response,
    acting_as: ActingAs,
    /// One of those that the user may have under way.
    _chat: Chat,
    events: Events,
    /// When the whole answer has to be there.
    end: Instant,
    /// In bytes.
    read: usize,
    /// Whether the model has said that it is done.
    is_whole: bool,
}

impl Reader {
    async fn next(&mut self) -> Result<Option<Chunk>, HubCallError> {
        loop {
            while let Some(event) = self.events.next()? {
                if event.data == DONE {
                    return Ok(None);
                }
                if let Some(chunk) = self.chunk(event).await? {
                    return Ok(Some(chunk));
                }
            }
            match self.bytes().await? {
                Some(bytes) => self.events.push(bytes),
                None => return self.last().await,
            }
        }
    }

    async fn bytes(&mut self) -> Result<Option<Bytes>, HubCallError> {
        let Limits { chat_silence, chat_stream, .. } = *self.acting_as.limits();
        let until = self.end.min(Instant::now() + chat_silence);
        let bytes = timeout_at(until, self.response.chunk()).await;
        let bytes = bytes.map_err(|_| HubCallError::Timeout)?.map_err(broken)?;
        self.read += bytes.as_ref().map_or(0, Bytes::len);
        if self.read > chat_stream { Err(HubCallError::TooLarge) } else { Ok(bytes) }
    }

    /// What there is where the stream ends without saying so: some providers do, when the model is done.
    async fn last(&mut self) -> Result<Option<Chunk>, HubCallError> {
        let chunk = match self.events.end()? {
            Some(event) if event.data == DONE => return Ok(None),
            Some(event) => self.chunk(event).await?,
            None => None,
        };
        match chunk {
            None if !self.is_whole => Err(failed(&BrokenOff)),
            chunk => Ok(chunk),
        }
    }

    /// The chunk in an event; `None` for JSON that is none.
    async fn chunk(&mut self, event: Event) -> Result<Option<Chunk>, HubCallError> {
        let json: Value = serde_json::from_slice(&event.data).map_err(|_| failed(&NoChunk))?;
        if event.is_error || json.get("error").is_some_and(|error| !error.is_null()) {
            return Err(self.error(&json).await);
        }
        let chunk: Chunk = serde_json::from_value(json).map_err(|_| failed(&NoChunk))?;
        self.is_whole |= chunk.choices.iter().any(|choice| choice.finish_reason.is_some());
        Ok(Some(chunk))
    }

    /// What is in an event in place of a chunk. Some say with which status they would have answered.
    async fn error(&self, json: &Value) -> HubCallError {
        let error = &json["error"];
        let codes = [&error["code"], &error["status"], &error["http_status_code"], &json["status"]];
        let codes = codes.into_iter().filter_map(Value::as_u64);
        let statuses =
            codes.filter_map(|code| StatusCode::from_u16(u16::try_from(code).ok()?).ok());
        let status = statuses.into_iter().find(|status| status.as_u16() >= 400);
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let reason = reason::of_json(json, &self.acting_as.access_token);
        self.acting_as.refusal(Refused { status, retry_after: None, reason }).await
    }
}

impl From<TooLong> for HubCallError {
    fn from(_: TooLong) -> Self {
        Self::TooLarge
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the chat completion breaks off")]
struct BrokenOff;

#[derive(Debug, thiserror::Error)]
#[error("an event of the chat completion is no chunk")]
struct NoChunk;
