//! A stand-in for the Hub inside the app, so that sign-in on a laptop runs the code that runs in a
//! Space, without an account, a token or a network.
//!
//! It is an OpenID provider with metadata, a consent page, PKCE, code exchange and user info. Its
//! users are in `users.json`, in the Hub's own format. It checks what the Hub checks, but it
//! protects nothing: whoever reaches it may be anybody, so it must only be reached over loopback.

mod authorize;
mod avatar;
mod chat;
mod frame;
mod hub;
mod routes;
mod token;
mod users;

pub use chat::FAILING_MODELS;
pub use hub::{CLIENT_ID, MockHub, MockRules, USER_TOKEN};
pub use routes::{configure, serves};
pub use users::{MockUserError, MockUsers};
