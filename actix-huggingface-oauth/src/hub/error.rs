//! What can go wrong between this app and the Hub. `Display` is for the log and free of secrets.

use actix_web::http::StatusCode;

use super::refused_by::RefusedBy;

/// Why the Hub could not do its part of a sign-in.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// No connection, or it broke.
    #[error("the Hub cannot be reached")]
    Unreachable(#[source] reqwest::Error),
    /// Longer than [`Limits`](crate::Limits) allow.
    #[error("the Hub takes too long")]
    Timeout,
    /// 429 or 503.
    #[error("the Hub is busy ({0})")]
    Busy(StatusCode),
    /// 5xx, or another status that does not belong there.
    #[error("the Hub failed ({0})")]
    Failed(StatusCode),
    /// 3xx where an answer was expected.
    #[error("the Hub redirects ({0})")]
    Redirect(StatusCode),
    /// Larger than what is read.
    #[error("the Hub's answer is too large")]
    TooLarge,
    /// Not what the standards say. The text names the part, never its content.
    #[error("the Hub's answer cannot be understood: {0}")]
    Malformed(&'static str),
    /// The authorization code was used already, or too old. RFC 6749 §5.2.
    #[error("the authorization code was used already, or is too old")]
    InvalidGrant,
    /// The authorization or the token endpoint refused.
    #[error("the Hub refuses the sign-in: {0}")]
    Refused(RefusedBy),
    /// The access token does not hold (any more).
    #[error("the Hub does not accept the access token")]
    Unauthorized,
}

impl HubError {
    /// From reqwest's error, without its URL.
    pub(super) fn from_request(error: reqwest::Error) -> Self {
        if error.is_timeout() { Self::Timeout } else { Self::Unreachable(error.without_url()) }
    }
}
