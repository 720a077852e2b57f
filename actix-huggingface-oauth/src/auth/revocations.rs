//! Tokens, logins, and users whose logins ended before they expired. Requests that carry one are signed out, also if a copy of the cookie
//! cannot be removed from the browser that has it.

use std::borrow::Borrow;
use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use moka::Expiry;
use moka::policy::EvictionPolicy;
use moka::sync::Cache;

#[cfg(feature = "redis")]
use super::redis::Redis;
use super::{AuthRecord, LoginId, StoreUnavailable};
use crate::hub::{MAX_TOKEN_LIFETIME, TokenHash};

/// How many tokens, logins and users are remembered. The oldest are evicted first.
const MAX_REVOKED: u64 = 50_000;

/// Access tokens that the Hub no longer accepts, and logins that ended while their record is in cookies. A clone shares them.
#[derive(Clone)]
pub struct Revocations {
    tokens: Revoked<TokenHash>,
    logins: Revoked<LoginId>,
    /// By `sub`: all logins before the time of revocation.
    users: Revoked<String>,
    /// Shares tokens with other replicas.
    #[cfg(feature = "redis")]
    redis: Option<Redis>,
}

impl Revocations {
    pub fn in_memory() -> Self {
        Self {
            tokens: Revoked::new(),
            logins: Revoked::new(),
            users: Revoked::new(),
            #[cfg(feature = "redis")]
            redis: None,
        }
    }

    #[cfg(feature = "redis")]
    pub fn in_redis(redis: Redis) -> Self {
        Self { redis: Some(redis), ..Self::in_memory() }
    }

    /// Revokes a token that would have expired at `end`. If Redis is unavailable, this process knows it alone: the Hub tells
    /// the others when they ask.
    #[cfg_attr(not(feature = "redis"), expect(clippy::unused_async, reason = "memory is there"))]
    pub async fn revoke_token(&self, hash: TokenHash, end: DateTime<Utc>) {
        self.tokens.insert(hash, end);
        #[cfg(feature = "redis")]
        if let Some(redis) = &self.redis {
            // The log has the reason.
            let _ = redis.revoke_token(hash, time_left(end)).await;
        }
    }

    /// Revokes a login that would have expired at `end`.
    pub fn revoke_login(&self, login: LoginId, end: DateTime<Utc>) {
        self.logins.insert(login, end);
    }

    /// Revokes all logins of a user up to now.
    ///
    /// # Errors
    /// [`StoreUnavailable`]: then other replicas do not know it.
    #[cfg_attr(not(feature = "redis"), expect(clippy::unused_async, reason = "memory is there"))]
    pub async fn revoke_user(&self, sub: &str) -> Result<(), StoreUnavailable> {
        self.users.insert(sub.to_owned(), Utc::now() + MAX_TOKEN_LIFETIME);
        #[cfg(feature = "redis")]
        if let Some(redis) = &self.redis {
            redis.revoke_user(sub, MAX_TOKEN_LIFETIME.to_std().unwrap_or_default()).await?;
        }
        Ok(())
    }

    /// Whether a login, its token, or all logins of its user were revoked in this process.
    pub fn have_here(&self, record: &AuthRecord) -> bool {
        self.logins.has(&record.login_id)
            || self.have_token_here(|| record.token_hash())
            || self.users.at(record.sub()).is_some_and(|at| record.logged_in_at <= at)
    }

    /// Whether a token was revoked in this process. Mostly none was, and then it is not hashed.
    pub fn have_token_here(&self, hash: impl FnOnce() -> TokenHash) -> bool {
        self.tokens.are_any() && self.tokens.has(&hash())
    }

    /// Whether a token was revoked. If Redis does not answer, this process is asked alone.
    #[cfg_attr(not(feature = "redis"), expect(clippy::unused_async, reason = "memory is there"))]
    pub async fn have_token(&self, hash: TokenHash) -> bool {
        let is_here = self.have_token_here(|| hash);
        #[cfg(feature = "redis")]
        if let Some(redis) = &self.redis
            && !is_here
        {
            return redis.is_token_revoked(hash).await.unwrap_or(false);
        }
        is_here
    }
}

/// Revoked keys of one kind, until they would have expired.
#[derive(Clone)]
struct Revoked<K> {
    keys: Cache<K, Revocation>,
    /// Whether there may be any: each request asks more than once, and mostly there are none.
    are_any: Arc<AtomicBool>,
}

#[derive(Clone, Copy)]
struct Revocation {
    at: DateTime<Utc>,
    /// When the key would have expired.
    end: DateTime<Utc>,
}

impl<K: Hash + Eq + Send + Sync + 'static> Revoked<K> {
    fn new() -> Self {
        let keys = Cache::builder().max_capacity(MAX_REVOKED).expire_after(AtTheirEnd);
        let keys = keys.eviction_policy(EvictionPolicy::lru()).build();
        Self { keys, are_any: Arc::default() }
    }

    fn insert(&self, key: K, end: DateTime<Utc>) {
        self.keys.insert(key, Revocation { at: Utc::now(), end });
        self.are_any.store(true, Ordering::Release);
    }

    fn are_any(&self) -> bool {
        self.are_any.load(Ordering::Acquire)
    }

    fn has(&self, key: &K) -> bool {
        self.are_any() && self.keys.contains_key(key)
    }

    /// When a key was revoked.
    fn at<Q>(&self, key: &Q) -> Option<DateTime<Utc>>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.are_any().then(|| self.keys.get(key))?.map(|revocation| revocation.at)
    }
}

/// Time until then, none if it has passed.
pub fn time_left(end: DateTime<Utc>) -> Duration {
    (end - Utc::now()).to_std().unwrap_or_default()
}

struct AtTheirEnd;

impl<K> Expiry<K, Revocation> for AtTheirEnd {
    fn expire_after_create(&self, _: &K, revocation: &Revocation, _: Instant) -> Option<Duration> {
        Some(time_left(revocation.end))
    }

    /// A user may be revoked again.
    fn expire_after_update(
        &self,
        _: &K,
        revocation: &Revocation,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(time_left(revocation.end))
    }
}
