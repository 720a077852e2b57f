//! Who signed in, as the Hub's `/oauth/userinfo` tells it.
//!
//! Only a missing `sub` is an error, since without it nobody is identified. Unknown fields are left out.

use oauth2::url::Url;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use super::OAuthOrgs;
use super::lenient::lenient;

/// A user who signed in with Hugging Face.
///
/// Deserializes from the Hub's JSON. A new field goes to the end, before `orgs`: see `auth/record.rs`.
///
/// Source: <https://huggingface.co/docs/hub/oauth> and OpenID Connect Core 1.0 §5.1.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct OAuthUserInfo {
    /// Unique identifier of the user, the same after a rename. OpenID Connect field.
    pub sub: String,
    /// Full name. OpenID Connect field, scope `profile`.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<String>,
    /// Username on the Hub. OpenID Connect field, scope `profile`.
    #[serde(default, deserialize_with = "lenient")]
    pub preferred_username: Option<String>,
    /// Whether the email address is verified. OpenID Connect field, scope `email`.
    #[serde(default, deserialize_with = "lenient")]
    pub email_verified: Option<bool>,
    /// Email address. OpenID Connect field, scope `email`.
    #[serde(default, deserialize_with = "lenient")]
    pub email: Option<String>,
    /// URL of the profile picture. OpenID Connect field, scope `profile`.
    #[serde(default, deserialize_with = "lenient")]
    pub picture: Option<String>,
    /// URL of the profile page. OpenID Connect field, scope `profile`.
    #[serde(default, deserialize_with = "lenient")]
    pub profile: Option<String>,
    /// URL of the user's website. OpenID Connect field, scope `profile`.
    #[serde(default, deserialize_with = "lenient")]
    pub website: Option<String>,
    /// Whether the user has a PRO subscription. Hugging Face field.
    #[serde(default, deserialize_with = "lenient", rename = "isPro")]
    pub is_pro: Option<bool>,
    /// Whether the user has a payment method. Hugging Face field, scope `read-billing`.
    #[serde(default, deserialize_with = "lenient", rename = "canPay")]
    pub can_pay: Option<bool>,
    /// The user's organizations. Hugging Face field.
    #[serde(default = "OAuthOrgs::missing", deserialize_with = "OAuthOrgs::from_hub")]
    pub orgs: OAuthOrgs,
}

/// Who is signed in, as far as the session itself tells it: enough for what stands around a page.
///
/// Whether somebody is in an organization takes [`OAuthInfo`](super::OAuthInfo), which may ask the Hub.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignedInUser {
    /// As [`OAuthUserInfo::sub`].
    pub sub: String,
    /// As [`OAuthUserInfo::name`].
    pub name: Option<String>,
    /// As [`OAuthUserInfo::preferred_username`].
    pub preferred_username: Option<String>,
    /// As [`OAuthUserInfo::picture`].
    pub picture: Option<String>,
}

impl From<&OAuthUserInfo> for SignedInUser {
    fn from(user: &OAuthUserInfo) -> Self {
        Self {
            sub: user.sub.clone(),
            name: user.name.clone(),
            preferred_username: user.preferred_username.clone(),
            picture: user.picture.clone(),
        }
    }
}

impl OAuthUserInfo {
    /// Reads user info as the Hub's `/oauth/userinfo` sends it. `None` where it is not JSON, or where `sub` is
    /// missing, empty or not a string.
    #[must_use]
    pub fn from_json(json: &[u8]) -> Option<Self> {
        Self::from_hub(&serde_json::from_slice(json).ok()?)
    }

    /// What [`Serialize`] gives, for JSON alone and sooner: the organizations, of which there may be hundreds, are written
    /// once for all requests of the user.
    #[must_use]
    pub fn json(&self) -> UserInfoJson<'_> {
        UserInfoJson(self)
    }

    fn serialize_with_orgs<S: Serializer>(
        &self,
        orgs: &impl Serialize,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("OAuthUserInfo", 11)?;
        fields.serialize_field("sub", &self.sub)?;
        fields.serialize_field("name", &self.name)?;
        fields.serialize_field("preferred_username", &self.preferred_username)?;
        fields.serialize_field("email_verified", &self.email_verified)?;
        fields.serialize_field("email", &self.email)?;
        fields.serialize_field("picture", &self.picture)?;
        fields.serialize_field("profile", &self.profile)?;
        fields.serialize_field("website", &self.website)?;
        fields.serialize_field("is_pro", &self.is_pro)?;
        fields.serialize_field("can_pay", &self.can_pay)?;
        fields.serialize_field("orgs", orgs)?;
        fields.end()
    }

    /// Makes URLs of the pictures of which a path is told, at `base`, and leaves out what is neither: only pictures that a
    /// page can show are left. Without a base, paths stay paths on this app.
    pub(crate) fn resolve_pictures(&mut self, base: Option<&Url>) {
        let resolve = |picture: &mut Option<String>| {
            *picture = picture.take().and_then(|picture| resolved(picture, base));
        };
        resolve(&mut self.picture);
        if let OAuthOrgs::Known(orgs) = &mut self.orgs {
            for org in orgs.iter_mut() {
                resolve(&mut org.picture);
            }
        }
    }

    pub(crate) fn from_hub(user: &Value) -> Option<Self> {
        // A list would be read by the order of its fields.
        user.as_object()?;
        Self::deserialize(user).ok().filter(|user| !user.sub.is_empty())
    }
}

impl Serialize for OAuthUserInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize_with_orgs(&self.orgs, serializer)
    }
}

/// User info that serializes to JSON: see [`OAuthUserInfo::json`].
pub struct UserInfoJson<'a>(&'a OAuthUserInfo);

impl Serialize for UserInfoJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0.orgs {
            OAuthOrgs::Known(orgs) => self.0.serialize_with_orgs(&orgs.json(), serializer),
            unknown => self.0.serialize_with_orgs(unknown, serializer),
        }
    }
}

/// The URL of a picture, of which a URL or a path is told.
fn resolved(picture: String, base: Option<&Url>) -> Option<String> {
    let is_path = picture.starts_with('/') && !picture.starts_with("//") && !picture.contains('\\');
    if is_path {
        return match base {
            Some(base) => base.join(&picture).ok().map(Into::into),
            None => Some(picture),
        };
    }
    let url = Url::parse(&picture).ok()?;
    let is_shown = matches!(url.scheme(), "http" | "https")
        // `https:/path` is a path to a page with https.
        && picture.get(url.scheme().len()..).is_some_and(|rest| rest.starts_with("://"));
    is_shown.then_some(picture)
}
