//! Why a handler or a gate serves somebody not.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use serde_json::json;

use super::Role;

/// Why somebody is refused. `Display` is written for the visitor.
///
/// A handler with several checks has this one error. Its answer is JSON, or a page where the browser shows it; an app that
/// dresses errors as pages of its own finds it with `error.as_error::<Refusal>()`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The app has no login: neither [`attach_huggingface_oauth`](crate::attach_huggingface_oauth) nor
    /// [`HuggingFaceOAuth::middleware`](crate::HuggingFaceOAuth::middleware) was called. 500, and the log says so.
    #[error("This app is misconfigured: its log has the reason.")]
    NotAttached,
    /// Nobody is signed in. 401.
    #[error("Please sign in with Hugging Face.")]
    NotSignedIn,
    /// Nobody is signed in, where not everybody is let in who does. 401.
    #[error("This is for {audience}. Please sign in with Hugging Face.")]
    NotSignedInFor {
        /// Whom it is for, as `members of acme`.
        audience: String,
    },
    /// A bearer token was sent that does not hold here. 401.
    #[error("This access token is none that this app accepts, or it has ended.")]
    InvalidToken,
    /// A bearer token was sent of which nobody can tell right now whether it holds: the Hub does not answer, or was asked too
    /// often. 503.
    #[error(
        "This app cannot tell right now whether this access token holds. Please try again in a minute."
    )]
    TokenUnchecked {
        /// When to try again.
        retry_after: Duration,
    },
    /// The access token may not do more than read. 403.
    #[error("This takes an access token that may write.")]
    ReadOnlyToken,
    /// The user is in none of the organizations, or the Hub does not tell this app so. 403.
    #[error("You are not a member of {}, or this app does not see that you are.", .organizations.join(" or "))]
    NotAMember {
        /// The organizations asked for.
        organizations: Vec<String>,
    },
    /// The user's role is too low, or is a custom one. 403.
    #[error("This needs at least the role {required} in the organization {organization}.")]
    RoleTooLow {
        /// The organization asked for.
        organization: String,
        /// The role asked for.
        required: Role,
    },
    /// The Hub does not tell this app the user's role. 403.
    #[error(
        "This needs at least the role {required} in the organization {organization}, and this app is not told which \
         role you have. Sign in again and choose {organization} where Hugging Face asks for organizations."
    )]
    RoleUnknown {
        /// The organization asked for.
        organization: String,
        /// The role asked for.
        required: Role,
    },
    /// The user has to meet the organization's security requirements first. 403.
    #[error("The organization {organization} asks for more security first: {}.", .restrictions.join(", "))]
    SecurityRestrictions {
        /// The organization asked for.
        organization: String,
        /// What is still to be done, as in [`OAuthOrgInfo::security_restrictions`](super::OAuthOrgInfo).
        restrictions: Vec<String>,
    },
    /// Nobody is known to be the owner of this Space: `SPACE_AUTHOR_NAME` is missing. 403.
    #[error("This is for the owner of this Space, and this app is not told who that is.")]
    NoSpaceOwner,
    /// The user has not granted the scope. 403.
    #[error("This needs the scope {scope}, which you have not allowed this app to use.")]
    MissingScope {
        /// The scope asked for, RFC 6749 §3.3.
        scope: String,
    },
    /// The Hub did not answer, so that it is not known whether the user is in one of the organizations. 503.
    #[error(
        "Hugging Face does not tell right now whether you are a member of {}. Please try again in a minute.",
        .organizations.join(" or ")
    )]
    Unknown {
        /// The organizations asked for.
        organizations: Vec<String>,
    },
}

impl Refusal {
    /// Says it in a few words, as the heading of a page.
    #[must_use]
    pub fn heading(&self) -> &'static str {
        match self {
            Self::NotAttached => "This app is misconfigured",
            Self::NotSignedIn | Self::NotSignedInFor { .. } => "Please sign in",
            Self::InvalidToken => "This token does not hold",
            Self::ReadOnlyToken => "This token may only read",
            Self::NotAMember { .. } => "For members",
            Self::RoleTooLow { .. } | Self::RoleUnknown { .. } => "Your role does not allow this",
            Self::SecurityRestrictions { .. } => "More security first",
            Self::NoSpaceOwner => "For the owner",
            Self::MissingScope { .. } => "Not allowed yet",
            Self::TokenUnchecked { .. } | Self::Unknown { .. } => "Not right now",
        }
    }

    /// Whether it is a bearer token that is refused, which only a program sends: to it, no page says anything.
    pub(crate) fn is_of_token(&self) -> bool {
        matches!(self, Self::InvalidToken | Self::TokenUnchecked { .. })
    }

    /// The challenge that comes with it. RFC 6750 §3.
    fn challenge(&self) -> Option<String> {
        match self {
            Self::NotSignedIn | Self::NotSignedInFor { .. } => Some("Bearer".to_owned()),
            Self::InvalidToken => Some("Bearer error=\"invalid_token\"".to_owned()),
            Self::ReadOnlyToken => Some("Bearer error=\"insufficient_scope\"".to_owned()),
            Self::MissingScope { scope } => {
                Some(format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\""))
            }
            _ => None,
        }
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotAttached => StatusCode::INTERNAL_SERVER_ERROR,
            Self::NotSignedIn | Self::NotSignedInFor { .. } | Self::InvalidToken => {
                StatusCode::UNAUTHORIZED
            }
            Self::ReadOnlyToken
            | Self::NotAMember { .. }
            | Self::RoleTooLow { .. }
            | Self::RoleUnknown { .. }
            | Self::SecurityRestrictions { .. }
            | Self::NoSpaceOwner
            | Self::MissingScope { .. } => StatusCode::FORBIDDEN,
            Self::TokenUnchecked { .. } | Self::Unknown { .. } => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        if let Some(challenge) = self.challenge().and_then(|text| HeaderValue::try_from(text).ok())
        {
            response.insert_header((WWW_AUTHENTICATE, challenge));
        }
        if let Self::TokenUnchecked { retry_after } = self {
            response.insert_header((RETRY_AFTER, retry_after.as_secs().max(1)));
        }
        response.json(json!({ "error": self.to_string() }))
    }
}
