//! A sign-in, as a handler has it.

use chrono::{DateTime, Utc};
use oauth2::{AccessToken, CsrfToken};

use super::{OAuthUserInfo, Refusal};

/// A sign-in with Hugging Face. As a handler's argument it asks for one and answers 401 without;
/// as `Option<OAuthInfo>` it serves both.
///
/// If it is too large for a cookie, website, email, picture, profile and name of the user are left out, in this order.
///
/// `Debug` shows neither token nor state.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OAuthInfo {
    /// Token for the Hub's API, with the rights in `scope`. RFC 6749 §1.4.
    pub access_token: AccessToken,
    /// When the token ends, and the sign-in with it.
    pub access_token_expires_at: DateTime<Utc>,
    /// Who signed in.
    pub user_info: OAuthUserInfo,
    /// The state of the authorization request. RFC 6749 §4.1.1.
    pub state: Option<CsrfToken>,
    /// Granted scopes, separated by spaces. RFC 6749 §3.3.
    pub scope: String,
}

impl OAuthInfo {
    /// Refuses one who has not granted a scope, as `inference-api`.
    ///
    /// # Errors
    /// [`Refusal::MissingScope`].
    pub fn require_scope(&self, scope: &str) -> Result<(), Refusal> {
        if self.scope.split_whitespace().any(|granted| granted == scope) {
            Ok(())
        } else {
            Err(Refusal::MissingScope { scope: scope.to_owned() })
        }
    }
}
