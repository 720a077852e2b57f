//! The pages of sign-in itself, with the templates in `templates/`. They look right in an app of any dress.

mod login_control;
mod message;
mod resources;
mod response;
mod site;

pub use login_control::{HandOffForm, LoginControl, SIGN_IN};
pub use message::{Action, LogoutPage, MessagePage};
pub use resources::{HAND_OFF_SCRIPT, STYLESHEET};
#[cfg(feature = "mock-hub")]
pub use response::respond;
pub use response::see_other;
pub use site::{Site, content_security_policy};
