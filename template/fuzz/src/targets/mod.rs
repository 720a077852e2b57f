//! What is fuzzed.

pub mod auth_cookie;
pub mod bearer;
pub mod callback;
pub mod events;
pub mod user_info;
pub mod way_back;
