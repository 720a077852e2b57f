//! What every request passes.

mod around;
pub mod guard;
mod head;
mod misdirected;
mod session;

pub use around::AroundApp;
