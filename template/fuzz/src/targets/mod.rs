//! What is fuzzed.

pub mod bearer;
pub mod callback;
pub mod events;
pub mod session;
pub mod user_info;
pub mod way_back;
