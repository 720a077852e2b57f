//! How a handler asks who is signed in.

use std::future::Future;
use std::pin::Pin;

use actix_session::SessionExt;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use crate::auth::CurrentSignIn;
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

/// The sign-in behind a request; `None` where nobody is signed in or the token has ended.
///
/// Where the organizations are not in memory (after a restart) or older than ten minutes, the Hub
/// is asked for them, for three seconds at most. The Hub's word that the token does not hold any
/// more ends the sign-in.
pub async fn parse_huggingface_oauth(request: &HttpRequest) -> Option<OAuthInfo> {
    #[cfg(feature = "test-util")]
    if let Some(info) = crate::test_util::signed_in(request) {
        return Some(info);
    }
    let current = CurrentSignIn::of(request)?;
    let stored = current.get()?;
    let oauth = request.app_data::<HuggingFaceOAuth>()?;
    let orgs = match &oauth.shared.provider {
        Some(provider) => {
            let org_lists = &oauth.shared.org_lists;
            org_lists.of(stored.token_hash(), stored.access_token(), stored.sub(), provider).await
        }
        None => OrgList::Of(OAuthOrgs::Unknown),
    };
    match orgs {
        OrgList::Of(orgs) => Some(stored.with_orgs(orgs)),
        OrgList::SignInEnded => {
            let ended_tokens = &oauth.shared.ended_tokens;
            ended_tokens.note(stored.token_hash(), stored.expires_at()).await;
            current.sign_out(&request.get_session());
            None
        }
    }
}

/// Who is signed in, without organizations: for what stands around pages, which must not wait for the Hub.
#[must_use]
pub fn signed_in_user(request: &HttpRequest) -> Option<SignedInUser> {
    #[cfg(feature = "test-util")]
    if let Some(info) = crate::test_util::signed_in(request) {
        return Some((&info.user_info).into());
    }
    Some(CurrentSignIn::of(request)?.get()?.user())
}
