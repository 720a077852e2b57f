//! The Hub as the one who is signed in.

mod acting_as;
mod chat_history;
mod chat_request;
mod chat_stream;
mod chunk;
mod error;
mod event_stream;
mod events;
mod exchange;
mod hub_client;
mod page_stream;
mod path;
mod reason;
mod visitor_error;

pub use chat_history::ChatHistory;
pub use chat_request::{ChatContent, ChatMessage, ChatRequest, ChatRole};
pub use chat_stream::ChatStream;
pub use chunk::{Chunk, ChunkChoice, ChunkDelta, TokenUsage};
pub use error::HubCallError;
pub use hub_client::HubClient;
pub use visitor_error::VisitorError;
