//! What every request passes, and gates, which let some pass.

mod authenticate;
mod bodies;
mod erased;
mod gate;
pub mod guard;
mod head;
mod misdirected;
mod oauth_middleware;
mod refused;
mod request_log;

pub use gate::{Audience, Gate, require_login, require_membership, require_space_owner};
pub use oauth_middleware::OAuthMiddleware;
pub use request_log::RequestLog;
