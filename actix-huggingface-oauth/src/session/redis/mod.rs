//! Redis, for sessions and hand-offs that all replicas share.

mod connection;
mod hand_offs;
mod sessions;

pub use connection::Redis;
