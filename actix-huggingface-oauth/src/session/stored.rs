//! What the session keeps of a sign-in. The organizations are not in it: they have no bound, a cookie has.

#[cfg(feature = "redis")]
use std::collections::HashMap;

use actix_session::Session;
use chrono::{DateTime, Utc};
use oauth2::{AccessToken, CsrfToken};
use serde::{Deserialize, Serialize, Serializer};

use super::{OAuthInfo, OAuthUserInfo};

/// The key of the sign-in in the session state.
const OAUTH_INFO: &str = "oauth_info";

/// The largest sign-in, in bytes of its JSON in the session state, whose encrypted cookie stays
/// under 4,000 bytes with name and attributes: browsers drop cookies over 4,096.
///
/// 4,000 less 120 for name and attributes is the base64 of 2,910 bytes, of which 28 are nonce and
/// tag, and 20 the session state around the sign-in.
const MAX_LENGTH: usize = 2_860;

/// A sign-in as it is kept: small enough for a cookie.
#[derive(Clone, Deserialize)]
pub struct StoredSignIn {
    access_token: AccessToken,
    #[serde(with = "chrono::serde::ts_seconds")]
    expires_at: DateTime<Utc>,
    user_info: OAuthUserInfo,
    state: Option<CsrfToken>,
    scope: String,
}

/// The sign-in does not fit into a cookie, even without the fields that can be left out.
#[derive(Debug)]
pub struct TooLarge;

impl StoredSignIn {
    /// What is kept of a sign-in. Where it is too large, website, email and picture are left out, in this order.
    ///
    /// # Errors
    /// [`TooLarge`] where that is not enough.
    pub fn of(info: OAuthInfo) -> Result<Self, TooLarge> {
        let mut sign_in = Self {
            access_token: info.access_token,
            expires_at: info.access_token_expires_at,
            user_info: OAuthUserInfo { orgs: None, ..info.user_info },
            state: info.state,
            scope: info.scope,
        };
        let leave_out: [fn(&mut OAuthUserInfo); 3] =
            [|user| user.website = None, |user| user.email = None, |user| user.picture = None];
        for leave_out in leave_out {
            if !sign_in.fits() {
                leave_out(&mut sign_in.user_info);
            }
        }
        if sign_in.fits() { Ok(sign_in) } else { Err(TooLarge) }
    }

    /// Whether it fits into the cookie, in which it is a JSON string in JSON.
    fn fits(&self) -> bool {
        let json = serde_json::to_string(self).and_then(|json| serde_json::to_string(&json));
        json.is_ok_and(|json| json.len() <= MAX_LENGTH)
    }
}

impl Serialize for StoredSignIn {
    /// A list without the names of its fields, which would be a sixth of a cookie that is sent and read with every
    /// request. What is derived for `Deserialize` reads lists, too: all fields, in their order.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let user = &self.user_info;
        let user_info = (
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
            &user.orgs,
        );
        let expires_at = self.expires_at.timestamp();
        (&self.access_token, expires_at, user_info, &self.state, &self.scope).serialize(serializer)
    }
}

/// What a session holds instead of anything else while that which keeps it does not answer.
const UNAVAILABLE: &str = "oauth_info_unavailable";

/// Keeps a sign-in, in a renewed session.
pub fn store(session: &Session, sign_in: &StoredSignIn) {
    session.renew();
    session.insert(OAUTH_INFO, sign_in).expect("it was serialized before, to see whether it fits");
}

/// The sign-in that the session keeps, without organizations. `None` where there is none that still holds.
pub fn load(session: &Session) -> Option<OAuthInfo> {
    let sign_in: StoredSignIn = session.get(OAUTH_INFO).ok()??;
    (sign_in.expires_at > Utc::now()).then_some(OAuthInfo {
        access_token: sign_in.access_token,
        access_token_expires_at: sign_in.expires_at,
        user_info: sign_in.user_info,
        state: sign_in.state,
        scope: sign_in.scope,
    })
}

/// Whether the session could not be had.
pub fn is_unavailable(session: &Session) -> bool {
    session.entries().contains_key(UNAVAILABLE)
}

/// The state of a session that could not be had.
#[cfg(feature = "redis")]
pub fn unavailable() -> HashMap<String, String> {
    HashMap::from([(UNAVAILABLE.to_owned(), String::new())])
}

/// Until the sign-in in this state of a session ends.
#[cfg(feature = "redis")]
pub fn time_left(state: &HashMap<String, String>) -> Option<chrono::TimeDelta> {
    let sign_in: StoredSignIn = serde_json::from_str(state.get(OAUTH_INFO)?).ok()?;
    Some(sign_in.expires_at - Utc::now())
}
