//! Where logins are stored: in the cookie itself, or in Redis.

use std::rc::Rc;

use actix_web::cookie::Key;
use chrono::{DateTime, Utc};
#[cfg(feature = "redis")]
use serde::{Deserialize, Serialize};

#[cfg(feature = "redis")]
use super::redis::Redis;
use super::{AuthRecord, LoginId, Revocations};
use crate::request::sealed::{seal, unseal};

/// Purpose for which the auth cookie is sealed, whatever its name is in the browser.
const PURPOSE: &str = "auth";

/// Error returned when Redis does not answer. The log has the reason.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the session store is unavailable")]
pub struct StoreUnavailable;

/// Where logins are stored.
pub enum AuthStore {
    /// In the auth cookie.
    Cookie,
    /// In Redis; the auth cookie holds the key.
    #[cfg(feature = "redis")]
    Redis(Redis),
}

/// What a readable auth cookie of a request holds.
pub struct Presented {
    pub login_id: LoginId,
    pub logged_in_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// `None` if the record is in Redis.
    record: Option<Rc<AuthRecord>>,
}

/// Format, key, time of login and expiry, in the auth cookie of a record in Redis.
#[cfg(feature = "redis")]
#[derive(Serialize, Deserialize)]
struct Reference(u8, LoginId, i64, i64);

/// Number of the format of [`Reference`].
#[cfg(feature = "redis")]
const REFERENCE_FORMAT: u8 = 1;

#[cfg_attr(
    not(feature = "redis"),
    expect(clippy::unused_async, reason = "cookies are always there")
)]
impl AuthStore {
    /// What the value of an auth cookie holds; `None` if it is forged, malformed or of another format.
    pub fn open(&self, value: &str, key: &Key) -> Option<Presented> {
        let content = unseal(key, PURPOSE, value)?;
        match self {
            Self::Cookie => AuthRecord::from_json(content.value()).map(Presented::of),
            #[cfg(feature = "redis")]
            Self::Redis(_) => Presented::referred_to(content.value()),
        }
    }

    /// The value of the auth cookie of a login.
    pub fn seal(&self, record: &AuthRecord, key: &Key) -> String {
        let content = match self {
            Self::Cookie => record.to_json(),
            #[cfg(feature = "redis")]
            Self::Redis(_) => reference_to(record),
        };
        seal(key, PURPOSE, content)
    }

    /// The record of a login; `None` if it is in Redis no more.
    ///
    /// # Errors
    /// [`StoreUnavailable`].
    pub async fn load(
        &self,
        presented: &Presented,
    ) -> Result<Option<Rc<AuthRecord>>, StoreUnavailable> {
        match self {
            Self::Cookie => Ok(presented.record.clone()),
            #[cfg(feature = "redis")]
            Self::Redis(redis) => Ok(redis.load(presented.login_id.as_str()).await?.map(Rc::new)),
        }
    }

    /// Stores a login, and deletes those that it replaces in the browser.
    ///
    /// # Errors
    /// [`StoreUnavailable`]; then nothing is stored.
    pub async fn save(
        &self,
        record: &AuthRecord,
        replaced: &[Presented],
    ) -> Result<(), StoreUnavailable> {
        match self {
            Self::Cookie => {
                let _ = (record, replaced);
                Ok(())
            }
            #[cfg(feature = "redis")]
            Self::Redis(redis) => {
                redis.save(record.login_id.as_str(), record).await?;
                for old in replaced {
                    // It expires with its token otherwise.
                    let _ = redis.delete(old.login_id.as_str()).await;
                }
                Ok(())
            }
        }
    }

    /// Ends a login for all cookies that hold it, and for an iframe that has not redeemed its handoff.
    ///
    /// # Errors
    /// [`StoreUnavailable`].
    pub async fn end(
        &self,
        presented: &Presented,
        revocations: &Revocations,
    ) -> Result<(), StoreUnavailable> {
        #[cfg(feature = "redis")]
        if let Self::Redis(redis) = self {
            redis.delete(presented.login_id.as_str()).await?;
        }
        revocations.revoke_login(presented.login_id.clone(), presented.expires_at).await;
        Ok(())
    }

    /// Whether a login has not ended.
    ///
    /// # Errors
    /// [`StoreUnavailable`].
    pub async fn has(
        &self,
        record: &AuthRecord,
        revocations: &Revocations,
    ) -> Result<bool, StoreUnavailable> {
        #[cfg(feature = "redis")]
        if let Self::Redis(redis) = self {
            return Ok(redis.load(record.login_id.as_str()).await?.is_some());
        }
        Ok(!revocations.have_here(record))
    }
}

impl Presented {
    fn of(record: AuthRecord) -> Self {
        Self {
            login_id: record.login_id.clone(),
            logged_in_at: record.logged_in_at,
            expires_at: record.expires_at(),
            record: Some(Rc::new(record)),
        }
    }

    #[cfg(feature = "redis")]
    fn referred_to(content: &str) -> Option<Self> {
        let Reference(format, login_id, logged_in_at, expires_at) =
            serde_json::from_str(content).ok()?;
        Some(Self {
            login_id,
            logged_in_at: DateTime::from_timestamp_millis(logged_in_at)?,
            expires_at: DateTime::from_timestamp(expires_at, 0)?,
            record: None,
        })
        .filter(|_| format == REFERENCE_FORMAT)
    }
}

#[cfg(feature = "redis")]
fn reference_to(record: &AuthRecord) -> String {
    let (logged_in_at, expires_at) =
        (record.logged_in_at.timestamp_millis(), record.expires_at().timestamp());
    let reference = Reference(REFERENCE_FORMAT, record.login_id.clone(), logged_in_at, expires_at);
    serde_json::to_string(&reference).expect("texts and numbers")
}
