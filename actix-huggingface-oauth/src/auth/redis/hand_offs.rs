//! Hand-offs in Redis, where it does not matter which replica the frame and its tab reach.

use std::time::Duration;

use deadpool_redis::redis::AsyncCommands;

use super::Redis;
use crate::auth::{SessionsUnavailable, StoredOAuthInfo};

impl Redis {
    /// Keeps a sign-in for `time`, for the frame with this challenge.
    pub async fn offer(
        &self,
        challenge: &str,
        sign_in: &StoredOAuthInfo,
        time: Duration,
    ) -> Result<(), SessionsUnavailable> {
        self.can_write().await?;
        let (key, json) = (self.hand_off(challenge), sign_in.to_json());
        self.ask(async |mut redis| redis.set_ex(key, json, time.as_secs()).await).await
    }

    /// The sign-in for the frame with this challenge, once.
    pub async fn claim(
        &self,
        challenge: &str,
    ) -> Result<Option<StoredOAuthInfo>, SessionsUnavailable> {
        let key = self.hand_off(challenge);
        let json: Option<String> = self.ask(async |mut redis| redis.get_del(key).await).await?;
        Ok(json.and_then(|json| StoredOAuthInfo::from_json(&json)))
    }

    fn hand_off(&self, challenge: &str) -> String {
        format!("{}:hand-off:{challenge}", self.namespace)
    }
}
