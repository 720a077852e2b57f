//! The app over HTTP, as `main` starts it, with users of the mock Hub.
//!
//! `helpers.rs` has what a test needs. `start(&[…])` starts the app with variables, and `app.browser()` is a browser at it;
//! `sign_in("writer")` is both with a user of the mock Hub, who may have a role in an organization; `app.sign_in("pro")` is one
//! more. The browser can `open` a
//! path, `post_form`, `post_file`, read a `stream`, and `send` anything else; a `Page` has status, headers, `body` and `bytes`.
//! `what_helpers_send.rs` has an example of each.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod audience;
#[cfg(all(feature = "chat", feature = "mock-hub"))]
mod chat;
mod errors;
mod headers;
mod helpers;
#[cfg(feature = "mock-hub")]
mod pages;
#[cfg(feature = "mock-hub")]
mod sign_in;
mod what_helpers_send;
