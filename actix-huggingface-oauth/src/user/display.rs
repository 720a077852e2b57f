//! How users and organizations are named on a page.

use super::{OAuthOrgInfo, OAuthUserInfo, SignedInUser};

impl OAuthUserInfo {
    /// The full name, else the username, else `sub`.
    #[must_use]
    pub fn display_name(&self) -> &str {
        first_filled([&self.name, &self.preferred_username]).unwrap_or(&self.sub)
    }

    /// What stands where there is no picture.
    #[must_use]
    pub fn initials(&self) -> String {
        initials(self.display_name())
    }
}

impl SignedInUser {
    /// As [`OAuthUserInfo::display_name`].
    #[must_use]
    pub fn display_name(&self) -> &str {
        first_filled([&self.name, &self.preferred_username]).unwrap_or(&self.sub)
    }

    /// As [`OAuthUserInfo::initials`].
    #[must_use]
    pub fn initials(&self) -> String {
        initials(self.display_name())
    }
}

impl OAuthOrgInfo {
    /// The full name, else the name on the Hub, else `sub`.
    #[must_use]
    pub fn display_name(&self) -> &str {
        first_filled([&self.name, &self.preferred_username, &self.sub]).unwrap_or("Organization")
    }

    /// What stands where there is no picture.
    #[must_use]
    pub fn initials(&self) -> String {
        initials(self.display_name())
    }
}

/// The first letters of the first two words, in upper case.
fn initials(name: &str) -> String {
    let letters = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|letter| letter.is_alphanumeric()));
    letters.take(2).flat_map(char::to_uppercase).collect()
}

fn first_filled<const N: usize>(fields: [&Option<String>; N]) -> Option<&str> {
    fields.into_iter().flatten().map(String::as_str).find(|text| !text.trim().is_empty())
}
