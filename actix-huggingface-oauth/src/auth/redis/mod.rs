//! Redis, for logins, handoffs and revoked tokens that all replicas share.

mod connection;
mod handoffs;
mod records;
mod revocations;

pub use connection::Redis;
