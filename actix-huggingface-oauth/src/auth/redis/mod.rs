//! Redis, for sessions, hand-offs and ended tokens that all replicas share.

mod connection;
mod ended_tokens;
mod hand_offs;
mod sessions;

pub use connection::Redis;
