//! Of what the session keys are derived, and where sessions are kept.

use std::fmt;

#[cfg(feature = "redis")]
use deadpool_redis::redis::{ConnectionInfo, IntoConnectionInfo, RedisError};

/// A secret of at least 32 bytes, or the OAuth app's own.
#[derive(Clone)]
pub struct SessionSecret(pub String);

impl fmt::Debug for SessionSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SessionSecret([redacted])")
    }
}

/// Where Redis is: `redis://user:password@host:port/database`, or `rediss://…` over TLS.
/// <https://docs.rs/redis/0.32/redis/#connection-parameters>
#[cfg(feature = "redis")]
#[derive(Clone)]
pub struct RedisUrl(pub ConnectionInfo);

#[cfg(feature = "redis")]
impl RedisUrl {
    /// # Errors
    /// Where it is no such URL. The error does not show it.
    pub fn parse(url: &str) -> Result<Self, RedisError> {
        url.into_connection_info().map(Self)
    }
}

#[cfg(feature = "redis")]
impl fmt::Debug for RedisUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RedisUrl([redacted])")
    }
}
