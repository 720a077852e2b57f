//! For whom a Space is, as a constant of its owner's.

use super::middleware::{Gate, require_login, require_membership, require_space_owner};

/// Whom an app, or a part of it, is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everybody. Pages may still ask for a sign-in.
    Everybody,
    /// Everybody who signs in with Hugging Face.
    SignedIn,
    /// Members of any of these organizations, as for [`require_membership`].
    Members(&'static [&'static str]),
    /// The owner of the Space, as for [`require_space_owner`].
    SpaceOwner,
}

impl Audience {
    /// The gate that lets these in.
    ///
    /// # Panics
    /// Where no organization is named.
    #[must_use]
    pub fn gate(self) -> Gate {
        match self {
            Self::Everybody => Gate::default(),
            Self::SignedIn => require_login(),
            Self::Members(organizations) => require_membership(organizations.iter().copied(), None),
            Self::SpaceOwner => require_space_owner(),
        }
    }
}
