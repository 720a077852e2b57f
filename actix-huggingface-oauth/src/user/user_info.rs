//! Who signed in: the user and the user's organizations, as the Hub's `/oauth/userinfo` tells them.
//!
//! Parsing is lenient: a field that is missing, null or of another type than documented is `None`,
//! and unknown fields are left out. Only a missing `sub` is an error, since without it nobody is
//! identified.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A user who signed in with Hugging Face.
///
/// Source: <https://huggingface.co/docs/hub/oauth> and OpenID Connect Core 1.0 §5.1.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OAuthUserInfo {
    /// Unique identifier of the user, the same after a rename. OpenID Connect field.
    pub sub: String,
    /// Full name. OpenID Connect field, scope `profile`.
    pub name: Option<String>,
    /// Username on the Hub. OpenID Connect field, scope `profile`.
    pub preferred_username: Option<String>,
    /// Whether the email address is verified. OpenID Connect field, scope `email`.
    pub email_verified: Option<bool>,
    /// Email address. OpenID Connect field, scope `email`.
    pub email: Option<String>,
    /// URL of the profile picture. OpenID Connect field, scope `profile`.
    pub picture: Option<String>,
    /// URL of the profile page. OpenID Connect field, scope `profile`.
    pub profile: Option<String>,
    /// URL of the user's website. OpenID Connect field, scope `profile`.
    pub website: Option<String>,
    /// Whether the user has a PRO subscription. Hugging Face field.
    pub is_pro: Option<bool>,
    /// Whether the user has a payment method. Hugging Face field, scope `read-billing`.
    pub can_pay: Option<bool>,
    /// The user's organizations; `None` where they are unknown at the moment. Hugging Face field.
    pub orgs: Option<Arc<[OAuthOrgInfo]>>,
}

/// An organization of a user who signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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

impl OAuthUserInfo {
    /// Reads the Hub's user info. `None` where `sub` is missing, empty or not a string.
    #[must_use]
    pub fn from_hub(user: &Value) -> Option<Self> {
        Some(Self {
            sub: text(user, "sub").filter(|sub| !sub.is_empty())?,
            name: text(user, "name"),
            preferred_username: text(user, "preferred_username"),
            email_verified: flag(user, "email_verified"),
            email: text(user, "email"),
            picture: text(user, "picture"),
            profile: text(user, "profile"),
            website: text(user, "website"),
            is_pro: flag(user, "isPro"),
            can_pay: flag(user, "canPay"),
            orgs: list(user, "orgs")
                .map(|orgs| orgs.iter().filter_map(OAuthOrgInfo::from_hub).collect()),
        })
    }
}

impl OAuthOrgInfo {
    /// Reads one entry of `orgs` in the Hub's user info. `None` where it is not an object.
    #[must_use]
    pub fn from_hub(org: &Value) -> Option<Self> {
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
}

fn text(object: &Value, field: &str) -> Option<String> {
    object.get(field)?.as_str().map(str::to_owned)
}

fn flag(object: &Value, field: &str) -> Option<bool> {
    object.get(field)?.as_bool()
}

fn list<'a>(object: &'a Value, field: &str) -> Option<&'a Vec<Value>> {
    object.get(field)?.as_array()
}
