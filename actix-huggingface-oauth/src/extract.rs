//! Extractors and functions for the signed-in user of a request.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use crate::auth::Auth;
use crate::hub::OrgList;
use crate::oauth::HuggingFaceOAuth;
use crate::user::{OAuthInfo, OAuthOrgs, Refusal, SignedInUser};

impl FromRequest for OAuthInfo {
    type Error = Refusal;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refusal>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { parse_huggingface_oauth(&request).await.ok_or(Refusal::NotSignedIn) })
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
    let record = Auth::of(request)?.record()?;
    let oauth = request.app_data::<HuggingFaceOAuth>()?;
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
    Some(Auth::of(request)?.record()?.user())
}
