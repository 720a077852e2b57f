//! Gates: middleware that lets some in, and nobody else. What a handler forgets, a gate does not.

mod audience;
mod cache;
mod gated;
mod middleware;
mod rule;

pub use audience::Audience;
pub use middleware::{
    Gate, require_login, require_membership, require_space_owner, say_that_there_is_no_owner,
};
