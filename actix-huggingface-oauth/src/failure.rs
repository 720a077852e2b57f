//! How a sign-in can fail, and the page that a visitor then sees: what happened and how to go on.

use std::borrow::Cow;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use crate::auth::{Auth, StoreUnavailable};
use crate::hub::HubError;
use crate::oauth::HuggingFaceOAuth;
use crate::pages::{Action, MessagePage, SIGN_IN};
use crate::request::fetch_metadata::is_navigation;

/// Why somebody is not signed in.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// There is no OAuth app to sign in with.
    #[error("sign-in is not configured")]
    NotConfigured,
    /// The callback belongs to no sign-in that this browser has under way.
    #[error("callback of an unknown sign-in")]
    UnknownSignIn,
    /// The user said no on the consent page. RFC 6749 §4.1.2.1.
    #[error("the user denied the sign-in")]
    Denied,
    /// The token had ended when it came.
    #[error("the Hub gave a token that has ended already")]
    TokenEnded,
    /// No code, or an `iss` of another provider.
    #[error("the callback is not one that the Hub sends")]
    BadCallback,
    /// The app denies the login, or cannot decide.
    #[error("the app's on_login failed: {message}")]
    Hook {
        status: StatusCode,
        /// For the visitor, if the status is 4xx.
        message: String,
    },
    /// The app does not decide in time.
    #[error("the app's on_login takes too long")]
    HookTimeout,
    /// The login does not fit into a cookie.
    #[error("the login is too large for a cookie: the access token, or its scopes, are too long")]
    TooLarge,
    /// Redis does not answer.
    #[error("the session store is unavailable")]
    StoreUnavailable,
    /// The Hub could not do its part.
    #[error(transparent)]
    Hub(#[from] HubError),
}

impl Failure {
    /// The failure of an app's `on_login`.
    pub fn of_hook(error: &actix_web::Error) -> Self {
        let error = error.as_response_error();
        let is_error = |status: &StatusCode| status.is_client_error() || status.is_server_error();
        let status = Some(error.status_code()).filter(is_error);
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self::Hook { status, message: error.to_string() }
    }

    /// The page, with a way to go on to `target`. What the Hub did wrong goes to the log.
    pub fn page(
        &self,
        request: &HttpRequest,
        oauth: &HuggingFaceOAuth,
        target: &str,
    ) -> HttpResponse {
        self.log();
        let is_signed_in = || Auth::of(request).is_some_and(|auth| auth.record().is_some());
        let (status, heading, message) = match self {
            Self::Denied if is_signed_in() => (
                StatusCode::FORBIDDEN,
                "Nothing has changed",
                Cow::Borrowed(
                    "You chose not to share more with this app. You are still signed in.",
                ),
            ),
            Self::Hook { status, message } if status.is_client_error() => {
                (*status, "You cannot log in here", Cow::Owned(message.clone()))
            }
            failure => {
                let (status, heading, message) = failure.texts();
                (status, heading, Cow::Borrowed(message))
            }
        };
        let actions = self.actions(request, oauth, target);
        let page = MessagePage::new(oauth.site_for(request), heading, message);
        MessagePage { hint: self.hint().map(Cow::Borrowed), actions, ..page }.respond(status)
    }

    /// The page with a way to try again, or JSON where the answer does not become a page.
    pub fn answer(&self, request: &HttpRequest, oauth: &HuggingFaceOAuth) -> HttpResponse {
        if is_navigation(request.headers()) {
            let here = request.uri().path_and_query().map_or("/", |here| here.as_str());
            self.page(request, oauth, &oauth.way_back(here))
        } else {
            self.log();
            let (status, _, message) = self.texts();
            HttpResponse::build(status).json(json!({ "error": message }))
        }
    }

    fn log(&self) {
        match self {
            Self::Hook { status, .. } if status.is_client_error() => {}
            Self::Hub(_)
            | Self::TooLarge
            | Self::TokenEnded
            | Self::Hook { .. }
            | Self::HookTimeout => {
                tracing::warn!(error = self as &dyn std::error::Error, "sign-in failed");
            }
            // The store logged the reason.
            Self::StoreUnavailable
            | Self::NotConfigured
            | Self::UnknownSignIn
            | Self::Denied
            | Self::BadCallback => {}
        }
    }

    fn texts(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::NotConfigured => (
                StatusCode::SERVICE_UNAVAILABLE,
                "Sign-in is not configured",
                "This app has no OAuth app of Hugging Face to sign in with.",
            ),
            Self::UnknownSignIn => (
                StatusCode::BAD_REQUEST,
                "This sign-in cannot go on",
                "It was begun in another browser, was used already, or took more than ten minutes.",
            ),
            Self::Denied => (
                StatusCode::FORBIDDEN,
                "You are not signed in",
                "You chose not to share your account with this app. Nothing was shared.",
            ),
            Self::BadCallback => (
                StatusCode::BAD_REQUEST,
                "The sign-in failed",
                "Hugging Face sent you back without what this app needs to sign you in.",
            ),
            Self::TokenEnded => (
                StatusCode::BAD_GATEWAY,
                "The sign-in failed",
                "Hugging Face signed you in for no time at all.",
            ),
            Self::TooLarge => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "The login failed",
                "What Hugging Face issued for this account is too large for a cookie.",
            ),
            Self::Hook { status, .. } => (
                *status,
                "The login failed",
                "This app could not complete it. Its log has the reason.",
            ),
            Self::HookTimeout => (
                StatusCode::SERVICE_UNAVAILABLE,
                "The login failed",
                "This app took too long to complete it.",
            ),
            Self::StoreUnavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                "Temporarily unavailable",
                "This app cannot reach the store of its sessions. You are still signed in: please try again in a minute.",
            ),
            Self::Hub(HubError::InvalidGrant) => (
                StatusCode::BAD_REQUEST,
                "This sign-in cannot go on",
                "It was used already, or took too long. Please sign in again.",
            ),
            Self::Hub(HubError::Refused(_)) => (
                StatusCode::BAD_REQUEST,
                "The sign-in failed",
                "Hugging Face does not let this app sign you in. The app's log says why.",
            ),
            Self::Hub(error) => {
                let (status, heading) = match error {
                    HubError::Timeout => {
                        (StatusCode::GATEWAY_TIMEOUT, "Hugging Face takes too long")
                    }
                    HubError::Busy(_) => (StatusCode::SERVICE_UNAVAILABLE, "Hugging Face is busy"),
                    _ => (StatusCode::BAD_GATEWAY, "Hugging Face does not answer as it should"),
                };
                (status, heading, "Nothing is lost, and you can try again now.")
            }
        }
    }

    fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NotConfigured => Some(
                "For its owner: in a Space, put hf_oauth: true into README.md. On a laptop, set OAUTH_CLIENT_ID \
                 (and OAUTH_CLIENT_SECRET, if the OAuth app has one), or use a build with the mock Hub and leave \
                 HF_MOCK_USER unset.",
            ),
            Self::UnknownSignIn => Some(
                "If this comes again, cookies may be blocked here: open the app in its own tab and sign in there.",
            ),
            Self::TokenEnded => {
                Some("For its owner: hf_oauth_expiration_minutes in README.md says for how long.")
            }
            Self::Denied
            | Self::BadCallback
            | Self::TooLarge
            | Self::StoreUnavailable
            | Self::Hook { .. }
            | Self::HookTimeout
            | Self::Hub(_) => None,
        }
    }

    fn actions(
        &self,
        request: &HttpRequest,
        oauth: &HuggingFaceOAuth,
        target: &str,
    ) -> Vec<Action> {
        let login = |label| Action::primary(label, oauth.login_url(target));
        let back = |href: &str| Action::secondary("Back to the app", href);
        match self {
            Self::NotConfigured => vec![back(target)],
            Self::UnknownSignIn => {
                let origin = oauth.shared.origins.canonical(request.headers()).unwrap_or_default();
                let own_tab =
                    Action::secondary("Open the app in its own tab", format!("{origin}/"));
                vec![login(SIGN_IN), own_tab.in_new_tab()]
            }
            Self::StoreUnavailable => vec![Action::primary("Try again", target)],
            // Not to the target, which may ask for a sign-in at once.
            Self::Denied | Self::Hook { .. } | Self::Hub(HubError::InvalidGrant) => {
                vec![login(SIGN_IN), back("/")]
            }
            Self::BadCallback
            | Self::TooLarge
            | Self::TokenEnded
            | Self::HookTimeout
            | Self::Hub(_) => {
                vec![login("Try again"), back(target)]
            }
        }
    }
}

impl From<StoreUnavailable> for Failure {
    fn from(_: StoreUnavailable) -> Self {
        Self::StoreUnavailable
    }
}
