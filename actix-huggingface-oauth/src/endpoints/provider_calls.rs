//! What login and callback share when they ask the Hub.

use oauth2::RedirectUrl;

use crate::failure::Failure;
use crate::hub::HubError;
use crate::oauth::HuggingFaceOAuth;

/// Exactly the same at login and at the code exchange. RFC 6749 §4.1.3.
pub fn redirect_uri(oauth: &HuggingFaceOAuth, origin: &str) -> Result<RedirectUrl, Failure> {
    RedirectUrl::new(format!("{origin}{}", oauth.shared.paths.callback))
        .map_err(|_| Failure::BadCallback)
}

/// Bounds what the Hub may take of a visitor's time.
pub async fn in_time<T, E>(
    oauth: &HuggingFaceOAuth,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, Failure>
where
    Failure: From<E>,
{
    match tokio::time::timeout(oauth.shared.limits.sign_in, work).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(HubError::Timeout.into()),
    }
}
