//! Tokens that ended before their time, as the Hub said. Whoever carries one is signed out, also where the session is
//! in a cookie that cannot be taken back.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use moka::Expiry;
use moka::future::Cache;
use moka::policy::EvictionPolicy;
use oauth2::AccessToken;
use sha2::digest::Output;
use sha2::{Digest, Sha256};

#[cfg(feature = "redis")]
use super::redis::Redis;

/// How many tokens are remembered; the oldest give way, and end a second time when the Hub says so again.
const MAX_ENDED: u64 = 10_000;

/// Only a hash is kept, so that neither memory nor Redis holds a token.
type Hash = Output<Sha256>;

/// The tokens that ended before their time. A clone is cheap and knows the same ones.
#[derive(Clone)]
pub struct EndedTokens {
    /// Until when they are remembered.
    noted: Cache<Hash, DateTime<Utc>>,
    /// Where other replicas note theirs.
    #[cfg(feature = "redis")]
    redis: Option<Redis>,
}

impl EndedTokens {
    pub fn in_memory() -> Self {
        let noted = Cache::builder().max_capacity(MAX_ENDED).expire_after(AtTheirEnd);
        Self {
            noted: noted.eviction_policy(EvictionPolicy::lru()).build(),
            #[cfg(feature = "redis")]
            redis: None,
        }
    }

    #[cfg(feature = "redis")]
    pub fn in_redis(redis: Redis) -> Self {
        Self { redis: Some(redis), ..Self::in_memory() }
    }

    /// Notes that a token does not hold any more, which would have held until `end`.
    pub async fn note(&self, access_token: &AccessToken, end: DateTime<Utc>) {
        let hash = hash(access_token);
        self.noted.insert(hash, end).await;
        #[cfg(feature = "redis")]
        if let Some(redis) = &self.redis {
            // Without Redis, this replica knows it; the log says the rest.
            let _ = redis.note_ended(&format!("{hash:x}"), time_left(end)).await;
        }
    }

    /// Whether a token was noted in this process.
    pub fn has_here(&self, access_token: &AccessToken) -> bool {
        self.noted.contains_key(&hash(access_token))
    }

    /// Whether a token was noted. Where Redis does not answer, it counts as one that was not: the Hub says so again.
    #[cfg_attr(
        not(feature = "redis"),
        expect(clippy::unused_async, reason = "only Redis has to be waited for")
    )]
    pub async fn has(&self, access_token: &AccessToken) -> bool {
        let is_here = self.has_here(access_token);
        #[cfg(feature = "redis")]
        if let Some(redis) = &self.redis
            && !is_here
        {
            return redis.has_ended(&format!("{:x}", hash(access_token))).await.unwrap_or(false);
        }
        is_here
    }
}

fn hash(access_token: &AccessToken) -> Hash {
    Sha256::digest(access_token.secret())
}

fn time_left(end: DateTime<Utc>) -> Duration {
    (end - Utc::now()).to_std().unwrap_or_default()
}

struct AtTheirEnd;

impl Expiry<Hash, DateTime<Utc>> for AtTheirEnd {
    fn expire_after_create(&self, _: &Hash, end: &DateTime<Utc>, _: Instant) -> Option<Duration> {
        Some(time_left(*end))
    }
}
