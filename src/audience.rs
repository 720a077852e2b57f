//! Who may see this Space.

use actix_huggingface_oauth::Audience;

/// Everybody, whether signed in or not.
pub const AUDIENCE: Audience = Audience::Everybody;
