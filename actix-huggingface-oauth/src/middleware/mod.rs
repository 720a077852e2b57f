//! What every request passes, and gates, which let some pass.

mod around;
mod bodies;
mod erased;
mod gate;
pub mod guard;
mod head;
mod misdirected;
mod refused;
mod request_log;
mod session;

pub use around::AroundApp;
pub use gate::{Audience, Gate, require_login, require_membership, require_space_owner};
pub use request_log::RequestLog;
