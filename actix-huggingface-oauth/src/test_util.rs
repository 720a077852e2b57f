//! Users who are signed in without a Hub, in an app's own tests. With the feature `test-util`, for dev-dependencies
//! alone: nothing that a browser sends can do it.
//!
//! ```
//! use actix_huggingface_oauth::{
//!     HuggingFaceOAuth, OAuthInfo, OAuthSettings, OAuthUserInfo, SignIn, attach_huggingface_oauth, test_util,
//! };
//! use actix_web::{App, get, test};
//!
//! #[get("/")]
//! async fn name(info: OAuthInfo) -> String {
//!     info.user_info.display_name().to_owned()
//! }
//!
//! # #[actix_web::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let oauth = HuggingFaceOAuth::new(OAuthSettings::new(SignIn::Off))?;
//! let app = test::init_service(attach_huggingface_oauth(App::new(), oauth).service(name)).await;
//! let request = test::TestRequest::get().uri("/").to_request();
//! let user = OAuthUserInfo::from_json(br#"{"sub": "1", "name": "Ada"}"#).expect("a user");
//! test_util::sign_in(&request, test_util::oauth_info(user));
//! assert_eq!(test::call_and_read_body(&app, request).await, "Ada");
//! # Ok(())
//! # }
//! ```

use actix_web::{HttpMessage, HttpRequest};
use chrono::{TimeDelta, Utc};
use oauth2::AccessToken;

use crate::user::{OAuthInfo, OAuthUserInfo};

struct SignedIn(OAuthInfo);

struct SentBearer(OAuthInfo);

/// Signs somebody in for one request.
pub fn sign_in(request: &impl HttpMessage, oauth_info: OAuthInfo) {
    request.extensions_mut().insert(SignedIn(oauth_info));
}

/// Has a program send one request with a bearer token of this app for the user, of whom the Hub is not asked: only what
/// takes [`Caller`](crate::Caller) sees it, and gates that are told to.
pub fn send_bearer(request: &impl HttpMessage, oauth_info: OAuthInfo) {
    request.extensions_mut().insert(SentBearer(oauth_info));
}

/// A sign-in of this user for an hour, with a token that no Hub knows and the scope `openid profile`.
#[must_use]
pub fn oauth_info(user_info: OAuthUserInfo) -> OAuthInfo {
    OAuthInfo {
        access_token: AccessToken::new("a token of a test".to_owned()),
        access_token_expires_at: Utc::now() + TimeDelta::hours(1),
        user_info,
        state: None,
        scope: "openid profile".to_owned(),
    }
}

pub(crate) fn signed_in(request: &HttpRequest) -> Option<OAuthInfo> {
    request.extensions().get::<SignedIn>().map(|signed_in| signed_in.0.clone())
}

pub(crate) fn bearer(request: &HttpRequest) -> Option<OAuthInfo> {
    request.extensions().get::<SentBearer>().map(|sent| sent.0.clone())
}

pub(crate) fn set_aside(request: &HttpRequest) {
    request.extensions_mut().remove::<SignedIn>();
}
