//! Tokens that ended before their time, as the Hub said. Whoever carries one is signed out, also where the session is
//! in a cookie that cannot be taken back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use moka::Expiry;
use moka::future::Cache;
use moka::policy::EvictionPolicy;

#[cfg(feature = "redis")]
use super::redis::Redis;
use crate::hub::TokenHash;

/// How many tokens are remembered; the oldest give way, and end a second time when the Hub says so again.
const MAX_ENDED: u64 = 10_000;

/// The tokens that ended before their time. A clone is cheap and knows the same ones.
#[derive(Clone)]
pub struct EndedTokens {
    /// Until when they are remembered.
    noted: Cache<TokenHash, DateTime<Utc>>,
    /// Whether there may be any: mostly there are none, and each request asks more than once.
    are_any: Arc<AtomicBool>,
    /// Where other replicas note theirs.
    #[cfg(feature = "redis")]
    redis: Option<Redis>,
}

impl EndedTokens {
    pub fn in_memory() -> Self {
        let noted = Cache::builder().max_capacity(MAX_ENDED).expire_after(AtTheirEnd);
        Self {
            noted: noted.eviction_policy(EvictionPolicy::lru()).build(),
            are_any: Arc::default(),
            #[cfg(feature = "redis")]
            redis: None,
        }
    }

    #[cfg(feature = "redis")]
    pub fn in_redis(redis: Redis) -> Self {
        Self { redis: Some(redis), ..Self::in_memory() }
    }

    /// Notes that a token does not hold any more, which would have held until `end`.
    pub async fn note(&self, hash: TokenHash, end: DateTime<Utc>) {
        self.noted.insert(hash, end).await;
        self.are_any.store(true, Ordering::Release);
        #[cfg(feature = "redis")]
        if let Some(redis) = &self.redis {
            // Without Redis, this replica knows it; the log says the rest.
            let _ = redis.note_ended(&format!("{hash:x}"), time_left(end)).await;
        }
    }

    /// Whether a token was noted in this process.
    pub fn has_here(&self, hash: TokenHash) -> bool {
        self.are_any.load(Ordering::Acquire) && self.noted.contains_key(&hash)
    }

    /// Whether a token was noted. Where Redis does not answer, it counts as one that was not: the Hub says so again.
    #[cfg_attr(
        not(feature = "redis"),
        expect(clippy::unused_async, reason = "only Redis has to be waited for")
    )]
    pub async fn has(&self, hash: TokenHash) -> bool {
        let is_here = self.has_here(hash);
        #[cfg(feature = "redis")]
        if let Some(redis) = &self.redis
            && !is_here
        {
            return redis.has_ended(&format!("{hash:x}")).await.unwrap_or(false);
        }
        is_here
    }
}

fn time_left(end: DateTime<Utc>) -> Duration {
    (end - Utc::now()).to_std().unwrap_or_default()
}

struct AtTheirEnd;

impl Expiry<TokenHash, DateTime<Utc>> for AtTheirEnd {
    fn expire_after_create(
        &self,
        _: &TokenHash,
        end: &DateTime<Utc>,
        _: Instant,
    ) -> Option<Duration> {
        Some(time_left(*end))
    }
}
