//! The secret that the keys of cookies are derived from, and the address of Redis.

use std::fmt;

#[cfg(feature = "redis")]
use redis::{ConnectionInfo, IntoConnectionInfo};

/// A secret of at least 32 bytes, or the OAuth app's own.
#[derive(Clone)]
pub struct SessionSecret(pub String);

impl fmt::Debug for SessionSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SessionSecret([redacted])")
    }
}

/// Address, credentials and database of Redis.
#[cfg(feature = "redis")]
#[derive(Clone)]
pub struct RedisUrl {
    pub server: ConnectionInfo,
    pub is_tls: bool,
}

#[cfg(feature = "redis")]
impl RedisUrl {
    /// Parses `redis://user:password@host:port/database`, `rediss://…` over TLS, or `unix:///path`.
    /// <https://docs.rs/redis/1.8/redis/#connection-parameters>
    ///
    /// # Errors
    /// The reason. It does not show the URL.
    pub fn parse(url: &str) -> Result<Self, String> {
        // The library parses URLs of TLS only with its own TLS, which takes the process's crypto provider.
        let (scheme, rest) = url.split_once("://").unwrap_or_default();
        let tls = [("rediss", "redis"), ("valkeys", "valkey")];
        let tls = tls.iter().find(|(secure, _)| scheme.eq_ignore_ascii_case(secure));
        let plain = tls.map(|(_, plain)| format!("{plain}://{rest}"));
        if plain.is_some() && rest.contains('#') {
            return Err("it has a fragment (`#`); certificates are always verified".to_owned());
        }
        let server = plain.as_deref().unwrap_or(url).into_connection_info();
        let server = server.map_err(|error| error.to_string())?;
        Ok(Self { server, is_tls: plain.is_some() })
    }
}

#[cfg(feature = "redis")]
impl fmt::Debug for RedisUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RedisUrl([redacted])")
    }
}
