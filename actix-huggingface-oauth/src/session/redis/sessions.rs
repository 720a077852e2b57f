//! actix-session's store in Redis, with two differences: a session lives as long as the token of
//! its sign-in, and where Redis does not answer, the session says so instead of failing without a page.

use std::collections::HashMap;

use actix_session::storage::{
    CookieSessionStore, LoadError, RedisSessionStore, SaveError, SessionKey, SessionStore,
    UpdateError,
};
use actix_web::cookie::time::Duration;

use super::{Redis, in_time, unavailable};
use crate::huggingface::{HuggingFaceOAuth, session};

type SessionState = HashMap<String, String>;

/// Where sessions are kept.
pub enum Sessions {
    /// In the visitors' cookies.
    InCookies(CookieSessionStore),
    /// In Redis; a cookie holds no more than the key.
    InRedis(Redis),
}

impl HuggingFaceOAuth {
    /// Where the sessions of this app are kept.
    pub(in crate::huggingface) fn session_store(&self) -> Sessions {
        match &self.redis {
            Some(redis) => Sessions::InRedis(redis.clone()),
            None => Sessions::InCookies(CookieSessionStore::default()),
        }
    }

    /// Whether sessions can be kept now.
    pub(in crate::huggingface) async fn can_keep_sessions(&self) -> bool {
        match &self.redis {
            Some(redis) => redis.can_write().await,
            None => true,
        }
    }
}

impl Redis {
    /// actix-session's store. Making it asks nothing of Redis.
    async fn sessions(&self) -> anyhow::Result<RedisSessionStore> {
        let store = RedisSessionStore::builder_pooled(self.0.clone());
        store.cache_keygen(|key| format!("session:{key}")).build().await
    }
}

impl SessionStore for Sessions {
    async fn load(&self, key: &SessionKey) -> Result<Option<SessionState>, LoadError> {
        let redis = match self {
            Self::InCookies(store) => return store.load(key).await,
            Self::InRedis(redis) => redis,
        };
        let state = in_time(async { Ok(redis.sessions().await?.load(key).await) }).await;
        match state {
            Ok(Err(LoadError::Other(error))) | Err(error) => {
                unavailable(&error);
                Ok(Some(session::unavailable()))
            }
            Ok(state) => state,
        }
    }

    async fn save(&self, state: SessionState, ttl: &Duration) -> Result<SessionKey, SaveError> {
        match self {
            Self::InCookies(store) => store.save(state, ttl).await,
            Self::InRedis(redis) => {
                let ttl = time_left(&state, ttl);
                let saved = async { Ok(redis.sessions().await?.save(state, &ttl).await?) };
                in_time(saved).await.map_err(SaveError::Other)
            }
        }
    }

    async fn update(
        &self,
        key: SessionKey,
        state: SessionState,
        ttl: &Duration,
    ) -> Result<SessionKey, UpdateError> {
        match self {
            Self::InCookies(store) => store.update(key, state, ttl).await,
            Self::InRedis(redis) => {
                let ttl = time_left(&state, ttl);
                let updated = async { Ok(redis.sessions().await?.update(key, state, &ttl).await?) };
                in_time(updated).await.map_err(UpdateError::Other)
            }
        }
    }

    /// Nothing: a session ends with the token, however often it is used.
    async fn update_ttl(&self, _: &SessionKey, _: &Duration) -> anyhow::Result<()> {
        Ok(())
    }

    async fn delete(&self, key: &SessionKey) -> anyhow::Result<()> {
        match self {
            Self::InCookies(store) => store.delete(key).await,
            Self::InRedis(redis) => {
                in_time(async { redis.sessions().await?.delete(key).await }).await
            }
        }
    }
}

/// For how long a session is kept: until its sign-in ends; `otherwise` where it has none.
fn time_left(state: &SessionState, otherwise: &Duration) -> Duration {
    let left = session::time_left(state).map(|left| Duration::seconds(left.num_seconds().max(1)));
    left.unwrap_or(*otherwise)
}
