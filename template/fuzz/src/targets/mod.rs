//! What is fuzzed.

pub mod callback;
pub mod session;
pub mod user_info;
pub mod way_back;
