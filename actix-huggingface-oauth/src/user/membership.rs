//! Is this user in that organization, and with which role? For handlers that serve members only.

use std::fmt;

use actix_web::{HttpResponse, ResponseError, http::StatusCode};

use super::errors::as_json;
use super::{OAuthOrgInfo, OAuthUserInfo};

/// The Hub's roles that can be compared, the weakest first. `no_access` and custom roles are below all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// May read.
    Read,
    /// May open pull requests and write to repositories of their own.
    Contributor,
    /// May write to all repositories.
    Write,
    /// May change settings and members.
    Admin,
}

impl Role {
    const ALL: [Self; 4] = [Self::Read, Self::Contributor, Self::Write, Self::Admin];

    fn from_hub(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Contributor => "contributor",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Why a user was refused as a member of an organization.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MembershipError {
    /// The user is not in the organization, or did not share it on the consent page.
    #[error("This is for members of the organization {organization}.")]
    NotAMember {
        /// The organization asked for.
        organization: String,
    },
    /// The user's role is too low, custom or not known.
    #[error("This needs at least the role {required} in the organization {organization}.")]
    RoleTooLow {
        /// The organization asked for.
        organization: String,
        /// The role asked for.
        required: Role,
    },
    /// The user has to meet the organization's security requirements first.
    #[error("The organization {organization} asks for more security first: {}.", .restrictions.join(", "))]
    SecurityRestrictions {
        /// The organization asked for.
        organization: String,
        /// What is still to be done, as in [`OAuthOrgInfo::security_restrictions`].
        restrictions: Vec<String>,
    },
    /// The Hub does not answer, so the organizations are not known.
    #[error(
        "Hugging Face does not tell your organizations right now. Please try again in a minute."
    )]
    Unknown,
}

impl ResponseError for MembershipError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotAMember { .. }
            | Self::RoleTooLow { .. }
            | Self::SecurityRestrictions { .. } => StatusCode::FORBIDDEN,
            Self::Unknown => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn error_response(&self) -> HttpResponse {
        as_json(self)
    }
}

impl OAuthUserInfo {
    /// The user's membership of `organization`, given by its name on the Hub or by its `sub`.
    ///
    /// # Errors
    /// [`MembershipError`] where the user is not a member, has a lower role than `at_least`, has
    /// security requirements to meet, or where that is not known.
    pub fn member_of(
        &self,
        organization: &str,
        at_least: Option<Role>,
    ) -> Result<&OAuthOrgInfo, MembershipError> {
        let orgs = self.orgs.as_ref().ok_or(MembershipError::Unknown)?;
        let is_meant = |field: &Option<String>| field.as_deref() == Some(organization);
        let org = orgs
            .iter()
            .find(|org| is_meant(&org.sub) || is_meant(&org.preferred_username))
            .ok_or_else(|| MembershipError::NotAMember {
            organization: organization.to_owned(),
        })?;

        let restrictions = org.pending_restrictions();
        if !restrictions.is_empty() {
            return Err(MembershipError::SecurityRestrictions {
                organization: organization.to_owned(),
                restrictions,
            });
        }
        if let Some(required) = at_least {
            let role = org.role_in_org.as_deref().and_then(Role::from_hub);
            if role < Some(required) {
                return Err(MembershipError::RoleTooLow {
                    organization: organization.to_owned(),
                    required,
                });
            }
        }
        Ok(org)
    }
}

impl OAuthOrgInfo {
    /// What keeps the user from the organization, from the newer or the older fields.
    #[must_use]
    pub fn pending_restrictions(&self) -> Vec<String> {
        match &self.security_restrictions {
            Some(restrictions) => restrictions.clone(),
            None => [(self.pending_sso, "sso"), (self.missing_mfa, "mfa")]
                .into_iter()
                .filter(|(pending, _)| *pending == Some(true))
                .map(|(_, name)| name.to_owned())
                .collect(),
        }
    }
}
