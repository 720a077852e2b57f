//! The login as the auth cookie holds it: small enough for a cookie. Organizations are not in it: their number has no limit,
//! a cookie's size has.

use std::sync::OnceLock;

use chrono::{DateTime, Utc};
use oauth2::{AccessToken, CsrfToken};
use serde::{Deserialize, Serialize, Serializer};

use crate::hub::TokenHash;
use crate::user::{OAuthInfo, OAuthOrgs, OAuthUserInfo, SignedInUser};

/// Number of the list of fields below. Records with another number count as signed out. A new optional field of the user does
/// not change it.
const FORMAT: u8 = 2;

/// The largest record, in bytes of its JSON: browsers drop cookies over 4,096 bytes (RFC 6265 §6.1), and an encrypted cookie
/// has to stay under 4,000. Less 88 for name and attributes, that is the base64 of 2,934 bytes, of which 28 are nonce and tag.
const MAX_LENGTH: usize = 2_906;

/// Random bytes of a login's id. In Redis, a hash of it is the key of the record.
const ID_LENGTH: u32 = 32;

/// Id of a login: the same in the cookies of a tab and of the iframe that it logged in, and in all copies of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LoginId(String);

impl LoginId {
    pub fn new_random() -> Self {
        Self(CsrfToken::new_random_len(ID_LENGTH).into_secret())
    }

    #[cfg(feature = "redis")]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A login, as it is stored.
#[derive(Clone, Deserialize)]
#[serde(try_from = "Fields")]
pub struct AuthRecord {
    pub login_id: LoginId,
    /// Of several cookies, the newest login counts.
    pub logged_in_at: DateTime<Utc>,
    info: OAuthInfo,
    token_hash: OnceLock<TokenHash>,
}

/// The fields of a record in the order of its list. Times are milliseconds and seconds of the Unix epoch.
#[derive(Deserialize)]
struct Fields {
    format: u8,
    login_id: LoginId,
    logged_in_at: i64,
    access_token: AccessToken,
    expires_at: i64,
    scope: String,
    state: Option<CsrfToken>,
    user: OAuthUserInfo,
}

/// Error returned when a login does not fit into a cookie, even without the fields that can be left out.
#[derive(Debug)]
pub struct TooLarge;

impl AuthRecord {
    /// A new login. If it is too large for a cookie, website, email, picture, profile and name are left out, in this order,
    /// until it fits.
    ///
    /// # Errors
    /// [`TooLarge`] if that is not enough.
    pub fn new(mut info: OAuthInfo, logged_in_at: DateTime<Utc>) -> Result<Self, TooLarge> {
        info.user_info.orgs = OAuthOrgs::Unknown;
        let login_id = LoginId::new_random();
        let mut record = Self { login_id, logged_in_at, info, token_hash: OnceLock::new() };
        let leave_out: [fn(&mut OAuthUserInfo); 5] = [
            |user| user.website = None,
            |user| user.email = None,
            |user| user.picture = None,
            |user| user.profile = None,
            |user| user.name = None,
        ];
        for leave_out in leave_out {
            if !record.fits() {
                leave_out(&mut record.info.user_info);
            }
        }
        if record.fits() { Ok(record) } else { Err(TooLarge) }
    }

    fn fits(&self) -> bool {
        self.to_json().len() <= MAX_LENGTH
    }

    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("texts and numbers")
    }

    /// `None` if it is malformed or has another format.
    pub fn from_json(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// When the token expires, and the login with it.
    pub fn expires_at(&self) -> DateTime<Utc> {
        self.info.access_token_expires_at
    }

    pub fn access_token(&self) -> &AccessToken {
        &self.info.access_token
    }

    /// Computed once for all callers.
    pub fn token_hash(&self) -> TokenHash {
        *self.token_hash.get_or_init(|| TokenHash::of(self.access_token()))
    }

    pub fn sub(&self) -> &str {
        &self.info.user_info.sub
    }

    /// The login with the user's organizations.
    pub fn with_orgs(&self, orgs: OAuthOrgs) -> OAuthInfo {
        let mut info = self.info.clone();
        info.user_info.orgs = orgs;
        info
    }

    /// The user without organizations.
    pub fn user(&self) -> SignedInUser {
        (&self.info.user_info).into()
    }
}

impl Serialize for AuthRecord {
    /// A list: the names of the fields would be a sixth of a cookie that is sent and read with every request. New fields of
    /// the user go to the end of their list, as in [`OAuthUserInfo`] before `orgs`.
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
        (
            FORMAT,
            &self.login_id,
            self.logged_in_at.timestamp_millis(),
            &info.access_token,
            self.expires_at().timestamp(),
            &info.scope,
            &info.state,
            user,
        )
            .serialize(serializer)
    }
}

impl TryFrom<Fields> for AuthRecord {
    type Error = &'static str;

    fn try_from(fields: Fields) -> Result<Self, Self::Error> {
        let Fields { format, login_id, access_token, scope, state, mut user, .. } = fields;
        if format != FORMAT {
            return Err("another format");
        }
        let time = "no time of the Unix epoch";
        let logged_in_at = DateTime::from_timestamp_millis(fields.logged_in_at).ok_or(time)?;
        let access_token_expires_at = DateTime::from_timestamp(fields.expires_at, 0).ok_or(time)?;
        user.orgs = OAuthOrgs::Unknown;
        let user_info = user;
        let info = OAuthInfo { access_token, access_token_expires_at, user_info, state, scope };
        Ok(Self { login_id, logged_in_at, info, token_hash: OnceLock::new() })
    }
}
