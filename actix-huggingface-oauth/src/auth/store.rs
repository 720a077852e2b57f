//! Where logins are stored: in the cookie itself, or in Redis.

use std::rc::Rc;

use actix_web::cookie::Key;
use chrono::{DateTime, Utc};

#[cfg(feature = "redis")]
use super::handoffs::HANDOFF_LIFETIME;
use super::handoffs::{Handoffs, challenge_of};
#[cfg(feature = "redis")]
use super::redis::{Redis, Reference};
use super::{AuthRecord, LoginId, Revocations, StoreUnavailable};
use crate::request::sealed::{seal, unseal};

/// Purpose for which the auth cookie is sealed, whatever its name is in the browser.
const PURPOSE: &str = "auth";

/// Where logins are stored, and handoffs of them.
pub enum AuthStore {
    /// In the auth cookie; handoffs in the memory of this process.
    Cookie(Handoffs),
    /// In Redis; the auth cookie holds a reference.
    #[cfg(feature = "redis")]
    Redis(Redis),
}

/// What a readable auth cookie of a request holds.
pub struct Presented {
    pub login_id: LoginId,
    pub logged_in_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    record: Stored,
}

/// The record of a readable auth cookie.
enum Stored {
    Here(Rc<AuthRecord>),
    #[cfg(feature = "redis")]
    InRedis(Reference),
}

#[cfg_attr(
    not(feature = "redis"),
    expect(clippy::unused_async, reason = "cookies are always there")
)]
impl AuthStore {
    pub fn in_cookies() -> Self {
        Self::Cookie(Handoffs::new())
    }

    /// What the value of an auth cookie holds; `None` if it is forged, malformed or of another format.
    pub fn open(&self, value: &str, key: &Key) -> Option<Presented> {
        let content = unseal(key, PURPOSE, value)?;
        match self {
            Self::Cookie(_) => AuthRecord::from_json(content.value()).map(Presented::here),
            #[cfg(feature = "redis")]
            Self::Redis(_) => Reference::from_json(content.value()).and_then(Presented::in_redis),
        }
    }

    /// The value of the auth cookie of a login.
    pub fn seal(&self, record: &AuthRecord, key: &Key) -> String {
        let content = match self {
            Self::Cookie(_) => record.to_json(),
            #[cfg(feature = "redis")]
            Self::Redis(_) => Reference::to(record).to_json(),
        };
        seal(key, PURPOSE, content)
    }

    /// The record of a login; `None` if the login ended.
    ///
    /// # Errors
    /// [`StoreUnavailable`].
    pub async fn load(
        &self,
        presented: &Presented,
        revocations: &Revocations,
    ) -> Result<Option<Rc<AuthRecord>>, StoreUnavailable> {
        let record = match (&presented.record, self) {
            (Stored::Here(record), _) => Some(Rc::clone(record)),
            #[cfg(feature = "redis")]
            (Stored::InRedis(reference), Self::Redis(redis)) => {
                redis.load(reference).await?.map(Rc::new)
            }
            #[cfg(feature = "redis")]
            (Stored::InRedis(_), Self::Cookie(_)) => None,
        };
        Ok(record.filter(|record| !revocations.have_here(record)))
    }

    /// Stores a login, also for the iframe with this challenge, and deletes those that it replaces in the browser.
    ///
    /// # Errors
    /// [`StoreUnavailable`]: then the logins that it would replace are as they were.
    pub async fn save(
        &self,
        record: &AuthRecord,
        replaced: &[Presented],
        challenge: Option<String>,
    ) -> Result<(), StoreUnavailable> {
        match self {
            Self::Cookie(handoffs) => {
                let _ = replaced;
                if let Some(challenge) = challenge {
                    handoffs.offer(challenge, record.clone()).await;
                }
                Ok(())
            }
            #[cfg(feature = "redis")]
            Self::Redis(redis) => {
                let replaced = replaced.iter().map(|presented| &presented.login_id);
                let handoff = challenge.as_deref().map(|challenge| (challenge, HANDOFF_LIFETIME));
                redis.save(record, replaced, handoff).await
            }
        }
    }

    /// The login for the iframe with this verifier, once, if it has not ended.
    ///
    /// # Errors
    /// [`StoreUnavailable`].
    pub async fn redeem(
        &self,
        verifier: String,
        revocations: &Revocations,
    ) -> Result<Option<AuthRecord>, StoreUnavailable> {
        let Some(challenge) = challenge_of(verifier) else {
            return Ok(None);
        };
        let record = match self {
            Self::Cookie(handoffs) => handoffs.redeem(&challenge).await,
            #[cfg(feature = "redis")]
            Self::Redis(redis) => redis.redeem(&challenge).await?,
        };
        Ok(record.filter(|record| !revocations.have_here(record)))
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
            redis.end(&presented.login_id).await?;
        }
        revocations.revoke_login(presented.login_id.clone(), presented.expires_at);
        Ok(())
    }
}

impl Presented {
    fn here(record: AuthRecord) -> Self {
        Self {
            login_id: record.login_id.clone(),
            logged_in_at: record.logged_in_at,
            expires_at: record.expires_at(),
            record: Stored::Here(Rc::new(record)),
        }
    }

    #[cfg(feature = "redis")]
    fn in_redis(reference: Reference) -> Option<Self> {
        Some(Self {
            login_id: reference.login_id.clone(),
            logged_in_at: reference.logged_in_at()?,
            expires_at: reference.expires_at()?,
            record: Stored::InRedis(reference),
        })
    }
}
