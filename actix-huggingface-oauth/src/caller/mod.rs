//! Programs that say with a bearer token who they are: where a handler takes them, and behind gates that are told to.

mod authorization;
mod by_bearer;
mod claims;
mod extractor;
mod info;
mod token;

pub use by_bearer::{by_bearer, close_to_bearers, sends_bearer, set_session_aside};
pub use info::Caller;
