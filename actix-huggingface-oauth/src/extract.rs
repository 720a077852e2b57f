//! What a handler learns about the one who is signed in, and how it asks.

use std::future::Future;
use std::pin::Pin;

use actix_session::SessionExt;
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, HttpResponse, ResponseError, web};
use chrono::{DateTime, Utc};
use oauth2::{AccessToken, CsrfToken};

use super::errors::as_json;
use super::org_lists::OrgList;
use super::{HuggingFaceOAuth, OAuthUserInfo, session};

/// A sign-in with Hugging Face. As a handler's argument it asks for one and answers 401 without;
/// as `Option<OAuthInfo>` it serves both.
///
/// `Debug` shows neither token nor state.
#[derive(Clone, Debug)]
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

/// Nobody is signed in, where somebody has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Please sign in with Hugging Face.")]
pub struct NotSignedIn;

impl ResponseError for NotSignedIn {
    fn status_code(&self) -> StatusCode {
        StatusCode::UNAUTHORIZED
    }

    fn error_response(&self) -> HttpResponse {
        as_json(self)
    }
}

impl FromRequest for OAuthInfo {
    type Error = NotSignedIn;
    type Future = Pin<Box<dyn Future<Output = Result<Self, NotSignedIn>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { parse_huggingface_oauth(&request).await.ok_or(NotSignedIn) })
    }
}

/// The sign-in behind a request; `None` where nobody is signed in or the token has ended.
///
/// Where the organizations are not in memory (after a restart) or older than ten minutes, the Hub
/// is asked for them, for three seconds at most. The Hub's word that the token does not hold any
/// more ends the sign-in.
pub async fn parse_huggingface_oauth(request: &HttpRequest) -> Option<OAuthInfo> {
    let oauth = request.app_data::<web::Data<HuggingFaceOAuth>>()?;
    let session = request.get_session();
    let mut info = session::load(&session)?;
    match oauth.orgs_of(&info).await {
        OrgList::Known(orgs) => info.user_info.orgs = Some(orgs),
        OrgList::Unknown => {}
        OrgList::SignInEnded => {
            session.purge();
            return None;
        }
    }
    Some(info)
}

/// Who is signed in, without organizations: for pages that must not wait for the Hub.
#[must_use]
pub fn signed_in_user(request: &HttpRequest) -> Option<OAuthUserInfo> {
    session::load(&request.get_session()).map(|info| info.user_info)
}
