//! Login, callback, logout and handoff, and the files of their pages.

mod callback;
mod handoff;
mod leftover;
mod login;
mod logout;
mod provider_calls;
mod routes;
mod unmeant;

pub use routes::configure;
