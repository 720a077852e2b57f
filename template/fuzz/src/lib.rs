//! Hostile input for the app, and what has to hold whatever comes in. Each target panics where it does not.
//!
//! | module | owns |
//! |---|---|
//! | `targets` | one file per target |
//! | `space` | the app with a Hub, in this process |
//! | `hub` | that Hub, which answers what it is told to |
//! | `http` | requests byte for byte |
#![forbid(unsafe_code)]

mod http;
mod hub;
mod space;
mod targets;

/// Takes one input.
pub type Target = fn(&[u8]);

/// All targets, each with a corpus of its own name.
pub const TARGETS: [(&str, Target); 6] = [
    ("auth_cookie", targets::auth_cookie::auth_cookie),
    ("bearer", targets::bearer::bearer),
    ("callback", targets::callback::callback),
    ("events", targets::events::events),
    ("user_info", targets::user_info::user_info),
    ("way_back", targets::way_back::way_back),
];

/// The target of this name.
#[must_use]
pub fn target(name: &str) -> Option<Target> {
    TARGETS.iter().find(|(known, _)| *known == name).map(|(_, target)| *target)
}
