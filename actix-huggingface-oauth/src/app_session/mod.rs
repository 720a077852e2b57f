//! State of the app's own, in a cookie: actix-session's `Session` beside the login, and flash messages.

mod flash;
mod middleware;
mod state;

pub use flash::{flash, flash_if_wrapped, take_flash};
pub use middleware::AppSession;
