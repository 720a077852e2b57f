//! Connections to Redis. They are made when they are needed and made anew when they broke, so that the app starts
//! without Redis and goes on as soon as it is there.

use std::time::Duration;

use anyhow::Context;
use deadpool_redis::redis::{
    AsyncCommands, ConnectionAddr, ExistenceCheck, RedisError, SetOptions,
};
use deadpool_redis::{Connection, Manager, Pool};

use crate::auth::StoreUnavailable;
use crate::settings::RedisUrl;

/// For how long Redis is waited for, to connect and to answer.
const REDIS_TIMEOUT: Duration = Duration::from_secs(2);

/// How many connections there are at most.
const MAX_CONNECTIONS: usize = 16;

/// Redis, as all workers share it.
#[derive(Clone)]
pub struct Redis {
    pub(super) pool: Pool,
    /// Stands before the keys of this app, which may share Redis with others.
    pub(super) namespace: String,
}

impl Redis {
    /// # Errors
    /// Where the URL asks for what this build cannot do.
    pub fn new(url: RedisUrl, namespace: String) -> Result<Self, RedisError> {
        if matches!(url.0.addr, ConnectionAddr::TcpTls { .. }) {
            // The client of Redis takes the process's cryptography alone. One that the app has chosen stays.
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let pool = Pool::builder(Manager::new(url.0)?).max_size(MAX_CONNECTIONS).build();
        Ok(Self { pool: pool.expect("only timeouts would need a runtime"), namespace })
    }

    /// Whether Redis takes what is written: it may be full, or a replica that only reads. It is asked before, since what
    /// is sent to one that does not answer is written when it answers again.
    pub(super) async fn can_write(&self) -> Result<(), StoreUnavailable> {
        // Nothing is written where there is nothing yet, but Redis refuses as if it were.
        let if_there = SetOptions::default().conditional_set(ExistenceCheck::XX);
        let key = format!("{}:can-write", self.namespace);
        let answer: Option<String> =
            self.ask(async |mut redis| redis.set_options(key, "", if_there).await).await?;
        drop(answer);
        Ok(())
    }

    /// # Errors
    /// [`StoreUnavailable`] where Redis does not answer, or not in time; the log says why.
    pub(super) async fn ask<T>(
        &self,
        command: impl AsyncFnOnce(Connection) -> Result<T, RedisError>,
    ) -> Result<T, StoreUnavailable> {
        in_time(async { Ok(command(self.pool.get().await?).await?) }).await
    }
}

/// What Redis answers, if it does so in time.
pub async fn in_time<T>(
    answer: impl Future<Output = anyhow::Result<T>>,
) -> Result<T, StoreUnavailable> {
    let answer = tokio::time::timeout(REDIS_TIMEOUT, answer).await.context("it takes too long");
    answer.and_then(|answer| answer).map_err(|error| {
        tracing::warn!(error = format!("{error:#}"), "Redis does not answer");
        StoreUnavailable
    })
}
