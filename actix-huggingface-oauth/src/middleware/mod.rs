//! Middleware: authentication, CSRF and host checks, gates, the request log, HEAD as GET, the body timeout.

mod authenticate;
mod body_timeout;
pub mod erased;
mod gate;
pub mod guard;
mod head_as_get;
mod misdirected;
mod oauth_middleware;
mod refused;
mod request_log;

pub use body_timeout::BodyTimeout;
pub use gate::{Audience, Gate, require_login, require_membership, require_space_owner};
pub use head_as_get::HeadAsGet;
pub use oauth_middleware::OAuthMiddleware;
pub use request_log::RequestLog;

erased::middleware!(BodyTimeout, HeadAsGet, RequestLog);
erased::transform!(Gate, OAuthMiddleware);
