//! Sessions in Redis, as actix-session's own store keeps them.

use std::collections::HashMap;

use actix_session::storage::{LoadError, RedisSessionStore, SessionKey, SessionStore};
use actix_web::cookie::time::Duration;

use super::Redis;
use super::connection::in_time;
use crate::auth::SessionsUnavailable;

type SessionState = HashMap<String, String>;

impl Redis {
    /// The state under a key, as actix-session has it.
    pub async fn load(
        &self,
        key: &SessionKey,
    ) -> Result<Result<Option<SessionState>, LoadError>, SessionsUnavailable> {
        in_time(async {
            match self.store().await?.load(key).await {
                Err(LoadError::Other(error)) => Err(error),
                loaded => Ok(loaded),
            }
        })
        .await
    }

    /// Keeps a state under a new key, or under the one that it had.
    pub async fn keep(
        &self,
        key: Option<SessionKey>,
        state: SessionState,
        time_to_live: &Duration,
    ) -> Result<SessionKey, SessionsUnavailable> {
        self.can_write().await?;
        in_time(async {
            let store = self.store().await?;
            Ok(match key {
                Some(key) => store.update(key, state, time_to_live).await?,
                None => store.save(state, time_to_live).await?,
            })
        })
        .await
    }

    pub async fn forget(&self, key: &SessionKey) -> Result<(), SessionsUnavailable> {
        in_time(async { self.store().await?.delete(key).await }).await
    }

    /// actix-session's store. Making it asks nothing of Redis.
    async fn store(&self) -> anyhow::Result<RedisSessionStore> {
        let namespace = self.namespace.clone();
        let store = RedisSessionStore::builder_pooled(self.pool.clone());
        store.cache_keygen(move |key| format!("{namespace}:session:{key}")).build().await
    }
}
