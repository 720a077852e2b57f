//! What access tokens are told apart by, wherever something is remembered of one.

use std::fmt;

use oauth2::AccessToken;
use sha2::digest::Output;
use sha2::{Digest, Sha256};

/// The SHA-256 of an access token. Only this is kept, so that neither memory nor Redis holds a token.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash(Output<Sha256>);

impl TokenHash {
    pub fn of(access_token: &AccessToken) -> Self {
        Self(Sha256::digest(access_token.secret()))
    }
}

impl fmt::LowerHex for TokenHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::LowerHex::fmt(&self.0, formatter)
    }
}
