//! What every request passes.

pub mod guard;
pub mod head;
pub mod session;
