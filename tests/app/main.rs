//! The app over HTTP, as `main` starts it, with users of the mock Hub.
//!
//! `helpers.rs` has what a test needs: `start` the app, open a page with a `Browser`, sign a user in.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod errors;
mod headers;
mod helpers;
#[cfg(feature = "mock-hub")]
mod pages;
mod process;
mod settings;
#[cfg(feature = "mock-hub")]
mod sign_in;
