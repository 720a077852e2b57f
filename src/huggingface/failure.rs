//! How a sign-in can fail, and the page that a visitor then sees: what happened and how to go on.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::pages::{Action, MessagePage, respond};
use super::{HubError, HuggingFaceOAuth};

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
    /// Another error, no code, or an `iss` of another provider.
    #[error("the callback is not one that the Hub sends")]
    BadCallback,
    /// The sign-in does not fit into a cookie.
    #[error("the sign-in is too large for a cookie")]
    TooLarge,
    /// The Hub could not do its part.
    #[error(transparent)]
    Hub(#[from] HubError),
}

impl Failure {
    /// The page, with a way to go on to `target`. What the Hub did wrong goes to the log.
    pub fn page(
        &self,
        request: &HttpRequest,
        oauth: &web::Data<HuggingFaceOAuth>,
        target: &str,
    ) -> HttpResponse {
        if let Self::Hub(_) | Self::TooLarge = self {
            tracing::warn!(error = self as &dyn std::error::Error, "sign-in failed");
        }
        let page = MessagePage {
            site: oauth.site.clone(),
            heading: self.heading(),
            message: self.message().to_owned(),
            hint: self.hint(),
            actions: self.actions(request, oauth, target),
        };
        respond(request, page, self.status_code())
    }

    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotConfigured => StatusCode::SERVICE_UNAVAILABLE,
            Self::UnknownSignIn | Self::BadCallback => StatusCode::BAD_REQUEST,
            Self::Denied => StatusCode::FORBIDDEN,
            Self::TooLarge => StatusCode::BAD_GATEWAY,
            Self::Hub(error) => error.status_code(),
        }
    }

    fn heading(&self) -> &'static str {
        match self {
            Self::NotConfigured => "Sign-in is not configured",
            Self::UnknownSignIn => "This sign-in cannot go on",
            Self::Denied => "You are not signed in",
            Self::BadCallback | Self::TooLarge => "The sign-in failed",
            Self::Hub(HubError::Timeout) => "Hugging Face takes too long",
            Self::Hub(HubError::Busy(_)) => "Hugging Face is busy",
            Self::Hub(_) => "Hugging Face does not answer as it should",
        }
    }

    fn message(&self) -> &'static str {
        match self {
            Self::NotConfigured => "This app has no OAuth app of Hugging Face to sign in with.",
            Self::UnknownSignIn => {
                "It was begun in another browser, was used already, or took more than ten minutes."
            }
            Self::Denied => {
                "You chose not to share your account with this app. Nothing was shared."
            }
            Self::BadCallback => {
                "Hugging Face sent you back without what this app needs to sign you in."
            }
            Self::TooLarge => "What Hugging Face tells of this account is too large for a cookie.",
            Self::Hub(HubError::Refused(_)) => {
                "It refused to finish this sign-in. You can try again now."
            }
            Self::Hub(_) => "Nothing is lost, and you can try again now.",
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
            Self::Denied | Self::BadCallback | Self::TooLarge | Self::Hub(_) => None,
        }
    }

    fn actions(
        &self,
        request: &HttpRequest,
        oauth: &HuggingFaceOAuth,
        target: &str,
    ) -> Vec<Action> {
        let action = |label, href, primary, new_tab| Action { label, href, primary, new_tab };
        let login = |label| action(label, oauth.login_url(target), true, false);
        let back = || action("Back to the app", target.to_owned(), false, false);
        match self {
            Self::NotConfigured => vec![back()],
            Self::UnknownSignIn => {
                let origin = oauth.origins.canonical(request.headers()).unwrap_or_default();
                let own_tab =
                    action("Open the app in its own tab", format!("{origin}/"), false, true);
                vec![login("Sign in with Hugging Face"), own_tab]
            }
            Self::Denied => vec![
                login("Sign in with Hugging Face"),
                action("Back to the app", "/".to_owned(), false, false),
            ],
            Self::BadCallback | Self::TooLarge | Self::Hub(_) => vec![login("Try again"), back()],
        }
    }
}
