//! An organization of one who signed in, as the Hub's `/oauth/userinfo` tells it, and the roles in it.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::lenient::{flag, list, text};

/// An organization of a user who signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OAuthOrgInfo {
    /// Unique identifier of the organization. OpenID Connect field.
    pub sub: Option<String>,
    /// Full name. OpenID Connect field.
    pub name: Option<String>,
    /// Name of the organization on the Hub. OpenID Connect field.
    pub preferred_username: Option<String>,
    /// URL of the picture. OpenID Connect field.
    pub picture: Option<String>,
    /// Whether the plan is enterprise or plus. Hugging Face field, from `plan` or the older `isEnterprise`.
    pub is_enterprise: Option<bool>,
    /// `team`, `enterprise`, `plus` or `academia`; other values as they came. Hugging Face field.
    pub plan: Option<String>,
    /// Whether the organization has a payment method. Hugging Face field, scope `read-billing`,
    /// and the user has to grant the organization on the consent page.
    pub can_pay: Option<bool>,
    /// `admin`, `write`, `contributor`, `read`, `no_access` or a custom role. Hugging Face field;
    /// the user has to grant the organization on the consent page.
    pub role_in_org: Option<String>,
    /// Whether single sign-on is still to be completed. Hugging Face field, from
    /// `securityRestrictions` or the older `pendingSSO`.
    pub pending_sso: Option<bool>,
    /// Whether two-factor authentication is still to be set up. Hugging Face field, from
    /// `securityRestrictions` or the older `missingMFA`.
    pub missing_mfa: Option<bool>,
    /// What keeps the user from the organization: `mfa`, `sso`, `ip`, `token-policy`,
    /// `token-revoked`; other values as they came. Hugging Face field.
    pub security_restrictions: Option<Vec<String>>,
}

impl OAuthOrgInfo {
    /// `None` where it is not an object.
    pub(super) fn from_hub(org: &Value) -> Option<Self> {
        org.as_object()?;
        let plan = text(org, "plan");
        let restrictions: Option<Vec<String>> =
            list(org, "securityRestrictions").and_then(|values| {
                values.iter().map(|value| value.as_str().map(str::to_owned)).collect()
            });
        let restricted_by = |name: &str, older_field: &str| match &restrictions {
            Some(restrictions) => Some(restrictions.iter().any(|restriction| restriction == name)),
            None => flag(org, older_field),
        };
        Some(Self {
            sub: text(org, "sub"),
            name: text(org, "name"),
            preferred_username: text(org, "preferred_username"),
            picture: text(org, "picture"),
            is_enterprise: match plan.as_deref() {
                Some("enterprise" | "plus") => Some(true),
                _ => flag(org, "isEnterprise"),
            },
            can_pay: flag(org, "canPay"),
            role_in_org: text(org, "roleInOrg"),
            pending_sso: restricted_by("sso", "pendingSSO"),
            missing_mfa: restricted_by("mfa", "missingMFA"),
            plan,
            security_restrictions: restrictions,
        })
    }

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

    pub(super) fn from_hub(name: &str) -> Option<Self> {
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
