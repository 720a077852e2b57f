//! Extractors and functions for the signed-in user of a request.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use crate::auth::Auth;
use crate::hub::OrgList;
use crate::oauth::{HuggingFaceOAuth, log_not_attached};
use crate::user::{OAuthInfo, OAuthOrgs, Refusal, SignedInUser};

impl FromRequest for OAuthInfo {
    type Error = Refusal;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refusal>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { require_info(&request).await })
    }
}

/// The login of a request; `None` for anonymous requests, and if the token has expired or was revoked.
///
/// If the organizations are not in memory (after a restart) or older than ten minutes, they are read from the Hub, within three
/// seconds. If the Hub no longer accepts the token, the login ends.
pub async fn parse_huggingface_oauth(request: &HttpRequest) -> Option<OAuthInfo> {
    #[cfg(feature = "test-util")]
    if let Some(info) = crate::test_util::signed_in(request) {
        return Some(info);
    }
    let (auth, oauth) = attached(request)?;
    let record = auth.record()?;
    let orgs = match &oauth.shared.provider {
        Some(provider) => {
            let org_lists = &oauth.shared.org_lists;
            org_lists.of(record.token_hash(), record.access_token(), record.sub(), provider).await
        }
        None => OrgList::Of(OAuthOrgs::Unknown),
    };
    match orgs {
        OrgList::Of(orgs) => Some(record.with_orgs(orgs)),
        OrgList::TokenRevoked => {
            let revocations = &oauth.shared.revocations;
            revocations.revoke_token(record.token_hash(), record.expires_at()).await;
            None
        }
    }
}

/// The signed-in user, without organizations: for middleware and layouts, which must not wait for the Hub.
#[must_use]
pub fn signed_in_user(request: &HttpRequest) -> Option<SignedInUser> {
    #[cfg(feature = "test-util")]
    if let Some(info) = crate::test_util::signed_in(request) {
        return Some((&info.user_info).into());
    }
    let (auth, _) = attached(request)?;
    Some(auth.record()?.user())
}

/// Logs the user of a request out, as the logout endpoint does: the response removes the auth cookie, and the login ends in the
/// tab, in the iframe and in copies of the cookie. From now on the request is signed out.
///
/// The head of the response must not have been sent: otherwise the browser keeps its cookie, and the log says so. A handler
/// that does this on a GET lets any page log its user out.
///
/// ```
/// use actix_huggingface_oauth::sign_out;
/// use actix_web::{HttpRequest, post};
///
/// #[post("/account/delete")]
/// async fn delete_account(request: HttpRequest) -> &'static str {
///     // … delete what the app stores of the user.
///     sign_out(&request);
///     "Your account is deleted."
/// }
/// ```
pub fn sign_out(request: &HttpRequest) {
    if let Some((auth, _)) = attached(request) {
        auth.log_out();
    }
}

/// The login of a request, as a handler requires it.
///
/// # Errors
/// [`Refusal::NotSignedIn`] for anonymous requests, and [`Refusal::NotAttached`].
pub async fn require_info(request: &HttpRequest) -> Result<OAuthInfo, Refusal> {
    match parse_huggingface_oauth(request).await {
        Some(info) => Ok(info),
        None if attached(request).is_none() => Err(Refusal::NotAttached),
        None => Err(Refusal::NotSignedIn),
    }
}

/// What [`HuggingFaceOAuth::middleware`] and [`HuggingFaceOAuth::routes`] gave a request. If one of them did not, the log says so.
pub fn attached(request: &HttpRequest) -> Option<(Auth, &HuggingFaceOAuth)> {
    let oauth = HuggingFaceOAuth::of(request)?;
    let auth = Auth::of(request);
    if auth.is_none() {
        log_not_attached();
    }
    Some((auth?, oauth))
}
