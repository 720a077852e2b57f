//! What tells one request from all others, in the log and on pages.

use std::fmt;
use std::sync::Arc;

use oauth2::CsrfToken;

/// Bytes of randomness.
const LENGTH: u32 = 9;

/// The id of a request. An app that puts one into a request's extensions has it on the pages of sign-in that say what failed,
/// too. One that a client sends is not looked at: it could be anybody's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// Another one for each request: 12 characters, for a header, a log and a page.
    #[must_use]
    pub fn new_random() -> Self {
        Self(CsrfToken::new_random_len(LENGTH).into_secret().into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
