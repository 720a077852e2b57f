//! Why a handler serves somebody not.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use serde_json::json;

use super::Role;

/// Why somebody is refused. `Display` is written for the visitor.
///
/// A handler with several checks has this one error. Its answer is JSON; an app that dresses errors as
/// pages finds it with `error.as_error::<Refusal>()`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Nobody is signed in. 401.
    #[error("Please sign in with Hugging Face.")]
    NotSignedIn,
    /// The user is not in the organization, or the Hub does not tell this app so. 403.
    #[error(
        "This is for members of the organization {organization}. You are not one, or this app does not see that you are."
    )]
    NotAMember {
        /// The organization asked for.
        organization: String,
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
    /// The Hub did not answer, so that it is not known whether the user is in the organization. 503.
    #[error(
        "Hugging Face does not tell right now whether you are in the organization {organization}. Please try again in a \
         minute."
    )]
    Unknown {
        /// The organization asked for.
        organization: String,
    },
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotSignedIn => StatusCode::UNAUTHORIZED,
            Self::NotAMember { .. }
            | Self::RoleTooLow { .. }
            | Self::RoleUnknown { .. }
            | Self::SecurityRestrictions { .. } => StatusCode::FORBIDDEN,
            Self::Unknown { .. } => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::build(self.status_code()).json(json!({ "error": self.to_string() }))
    }
}
