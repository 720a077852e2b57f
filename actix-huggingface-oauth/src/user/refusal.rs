//! Why a handler or a gate serves somebody not.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, WWW_AUTHENTICATE};
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
    /// Nobody is signed in. 401.
    #[error("Please sign in with Hugging Face.")]
    NotSignedIn,
    /// Nobody is signed in, where not everybody is let in who does. 401.
    #[error("This is for {audience}. Please sign in with Hugging Face.")]
    NotSignedInFor {
        /// Whom it is for, as `members of acme`.
        audience: String,
    },
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
            Self::NotSignedIn | Self::NotSignedInFor { .. } => "Please sign in",
            Self::NotAMember { .. } => "For members",
            Self::RoleTooLow { .. } | Self::RoleUnknown { .. } => "Your role does not allow this",
            Self::SecurityRestrictions { .. } => "More security first",
            Self::NoSpaceOwner => "For the owner",
            Self::MissingScope { .. } => "Not allowed yet",
            Self::Unknown { .. } => "Not right now",
        }
    }

    /// The challenge that comes with it. RFC 6750 §3.
    fn challenge(&self) -> Option<String> {
        match self {
            Self::NotSignedIn | Self::NotSignedInFor { .. } => Some("Bearer".to_owned()),
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
            Self::NotSignedIn | Self::NotSignedInFor { .. } => StatusCode::UNAUTHORIZED,
            Self::NotAMember { .. }
            | Self::RoleTooLow { .. }
            | Self::RoleUnknown { .. }
            | Self::SecurityRestrictions { .. }
            | Self::NoSpaceOwner
            | Self::MissingScope { .. } => StatusCode::FORBIDDEN,
            Self::Unknown { .. } => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        if let Some(challenge) = self.challenge().and_then(|text| HeaderValue::try_from(text).ok())
        {
            response.insert_header((WWW_AUTHENTICATE, challenge));
        }
        response.json(json!({ "error": self.to_string() }))
    }
}
