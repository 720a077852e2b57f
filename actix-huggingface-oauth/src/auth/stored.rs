//! A sign-in as a session keeps it: small enough for a cookie. The organizations are not in it: they have no bound, a
//! cookie has.

use std::sync::OnceLock;

use chrono::{DateTime, Utc};
use oauth2::{AccessToken, CsrfToken};
use serde::{Deserialize, Serialize, Serializer};

use crate::hub::TokenHash;
use crate::user::{OAuthInfo, OAuthOrgs, OAuthUserInfo, SignedInUser};

/// Another number for each other list of fields: what was written by another format counts as none.
const FORMAT: u8 = 1;

/// The largest sign-in, in bytes of its JSON in the session state, whose encrypted cookie stays
/// under 4,000 bytes with name and attributes: browsers drop cookies over 4,096.
///
/// 4,000 less 120 for name and attributes is the base64 of 2,910 bytes, of which 28 are nonce and
/// tag, and 20 the session state around the sign-in.
const MAX_STORED_LENGTH: usize = 2_860;

/// A sign-in as it is kept.
#[derive(Clone, Deserialize)]
#[serde(try_from = "Fields")]
pub struct StoredOAuthInfo {
    info: OAuthInfo,
    token_hash: OnceLock<TokenHash>,
}

/// The sign-in does not fit into a cookie, even without the fields that can be left out.
#[derive(Debug)]
pub struct TooLarge;

/// Format, access token, seconds of the Unix epoch at which it ends, user, state, scope.
type Fields = (u8, AccessToken, i64, UserFields, Option<CsrfToken>, String);

/// `sub`, `name`, `preferred_username`, `email_verified`, `email`, `picture`, `profile`, `website`, `is_pro`, `can_pay`.
type UserFields = (
    String,
    Option<String>,
    Option<String>,
    Option<bool>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<bool>,
    Option<bool>,
);

impl StoredOAuthInfo {
    /// What is kept of a sign-in. Where it is too large, website, email and picture are left out, in this order.
    ///
    /// # Errors
    /// [`TooLarge`] where that is not enough.
    pub fn of(mut info: OAuthInfo) -> Result<Self, TooLarge> {
        info.user_info.orgs = OAuthOrgs::Unknown;
        let mut stored = Self { info, token_hash: OnceLock::new() };
        let leave_out: [fn(&mut OAuthUserInfo); 3] =
            [|user| user.website = None, |user| user.email = None, |user| user.picture = None];
        for leave_out in leave_out {
            if !stored.fits() {
                leave_out(&mut stored.info.user_info);
            }
        }
        if stored.fits() { Ok(stored) } else { Err(TooLarge) }
    }

    /// Whether it fits into the cookie, where beside state of the app's own it is a JSON string in JSON.
    fn fits(&self) -> bool {
        let json = serde_json::to_string(&self.to_json());
        json.is_ok_and(|json| json.len() <= MAX_STORED_LENGTH)
    }

    /// As it is kept.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("texts and numbers")
    }

    /// As it was kept; `None` where it is none, or of another format.
    pub fn from_json(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// When the token ends, and the sign-in with it.
    pub fn expires_at(&self) -> DateTime<Utc> {
        self.info.access_token_expires_at
    }

    pub fn access_token(&self) -> &AccessToken {
        &self.info.access_token
    }

    /// What the token is told apart by, made once for all that ask.
    pub fn token_hash(&self) -> TokenHash {
        *self.token_hash.get_or_init(|| TokenHash::of(self.access_token()))
    }

    pub fn sub(&self) -> &str {
        &self.info.user_info.sub
    }

    /// The sign-in with the user's organizations.
    pub fn with_orgs(&self, orgs: OAuthOrgs) -> OAuthInfo {
        let mut info = self.info.clone();
        info.user_info.orgs = orgs;
        info
    }

    /// The user, as far as it does not take the organizations.
    pub fn user(&self) -> SignedInUser {
        (&self.info.user_info).into()
    }
}

impl Serialize for StoredOAuthInfo {
    /// A list: the names of the fields would be a sixth of a cookie that is sent and read with every request.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let info = &self.info;
        let user = &info.user_info;
        let user = (
            &user.sub,
            &user.name,
            &user.preferred_username,
            user.email_verified,
            &user.email,
            &user.picture,
            &user.profile,
            &user.website,
            user.is_pro,
            user.can_pay,
        );
        let expires_at = self.expires_at().timestamp();
        (FORMAT, &info.access_token, expires_at, user, &info.state, &info.scope)
            .serialize(serializer)
    }
}

impl TryFrom<Fields> for StoredOAuthInfo {
    type Error = &'static str;

    fn try_from(
        (format, access_token, expires_at, user, state, scope): Fields,
    ) -> Result<Self, Self::Error> {
        if format != FORMAT {
            return Err("another format");
        }
        let access_token_expires_at =
            DateTime::from_timestamp(expires_at, 0).ok_or("no time of the Unix epoch")?;
        let (
            sub,
            name,
            preferred_username,
            email_verified,
            email,
            picture,
            profile,
            website,
            is_pro,
            can_pay,
        ) = user;
        let user_info = OAuthUserInfo {
            sub,
            name,
            preferred_username,
            email_verified,
            email,
            picture,
            profile,
            website,
            is_pro,
            can_pay,
            orgs: OAuthOrgs::Unknown,
        };
        let info = OAuthInfo { access_token, access_token_expires_at, user_info, state, scope };
        Ok(Self { info, token_hash: OnceLock::new() })
    }
}
