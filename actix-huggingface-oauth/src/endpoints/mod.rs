//! Login, callback, logout and claim, and the files of their pages.

mod callback;
mod claim;
mod login;
mod logout;
mod provider_calls;
mod routes;
mod unmeant;

pub use routes::configure;
