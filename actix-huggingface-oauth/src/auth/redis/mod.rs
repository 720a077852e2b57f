//! Redis: logins, handoffs and revoked tokens that all replicas share.

mod connection;
mod logins;

pub use logins::{Redis, Reference};
