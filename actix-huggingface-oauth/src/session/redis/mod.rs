//! Redis, for sessions and hand-offs that all replicas share.
//!
//! Connections are made when they are needed and made anew when they broke, so that the app starts
//! without Redis and goes on as soon as it is there.

mod hand_offs;
mod sessions;

use std::fmt;
use std::future::Future;
use std::time::Duration;

use anyhow::Context;
use deadpool_redis::redis::{
    AsyncCommands, ConnectionInfo, ExistenceCheck, IntoConnectionInfo, RedisError, SetOptions,
};
use deadpool_redis::{Connection, Manager, Pool};

use super::failure::Failure;
use super::http_client::install_crypto_provider;

/// For how long Redis is waited for, to connect and to answer.
const TIME: Duration = Duration::from_secs(2);

/// How many connections there are at most.
const MOST_CONNECTIONS: usize = 16;

/// Where Redis is: `redis://user:password@host:port/database`, or `rediss://…` over TLS.
/// <https://docs.rs/redis/0.32/redis/#connection-parameters>
#[derive(Clone)]
pub struct RedisUrl(ConnectionInfo);

impl RedisUrl {
    /// # Errors
    /// Where it is no such URL. The error does not show it.
    pub fn parse(url: &str) -> Result<Self, RedisError> {
        url.into_connection_info().map(Self)
    }
}

impl fmt::Debug for RedisUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RedisUrl([redacted])")
    }
}

/// Redis, as all workers share it.
#[derive(Clone)]
pub struct Redis(Pool);

impl Redis {
    /// # Errors
    /// Where the URL asks for what this build cannot do.
    pub fn new(url: RedisUrl) -> Result<Self, RedisError> {
        install_crypto_provider();
        let pool = Pool::builder(Manager::new(url.0)?).max_size(MOST_CONNECTIONS).build();
        Ok(Self(pool.expect("only timeouts would need a runtime")))
    }

    /// Whether Redis takes what is written: it may be full, or a replica that only reads.
    pub async fn can_write(&self) -> bool {
        // Nothing is written where there is nothing yet, but Redis refuses as if it were.
        let if_there = SetOptions::default().conditional_set(ExistenceCheck::XX);
        let answer: Result<Option<String>, Failure> = self
            .ask(async |mut redis| redis.set_options("session:can-write", "", if_there).await)
            .await;
        answer.is_ok()
    }

    /// # Errors
    /// [`Failure::SessionsUnavailable`] where Redis does not answer, or not in time; the log says why.
    async fn ask<T>(
        &self,
        command: impl AsyncFnOnce(Connection) -> Result<T, RedisError>,
    ) -> Result<T, Failure> {
        let answer = async { anyhow::Ok(command(self.0.get().await?).await?) };
        in_time(answer).await.map_err(|error| unavailable(&error))
    }
}

/// What Redis answers, if it does so in time.
async fn in_time<T>(answer: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::time::timeout(TIME, answer).await.context("it takes too long")?
}

fn unavailable(error: &anyhow::Error) -> Failure {
    tracing::warn!("Redis does not answer: {error:#}");
    Failure::SessionsUnavailable
}
