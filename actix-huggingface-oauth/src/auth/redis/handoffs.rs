//! Handoffs in Redis, where iframe and tab may reach different replicas.

use std::time::Duration;

use deadpool_redis::redis::AsyncCommands;

use super::Redis;
use crate::auth::{AuthRecord, StoreUnavailable};

impl Redis {
    /// Stores a login for `time`, for the iframe with this challenge.
    pub async fn offer(
        &self,
        challenge: &str,
        record: &AuthRecord,
        time: Duration,
    ) -> Result<(), StoreUnavailable> {
        self.can_write().await?;
        let (key, json) = (self.handoff(challenge), record.to_json());
        self.ask(async |mut redis| redis.set_ex(key, json, time.as_secs()).await).await
    }

    /// The login for the iframe with this challenge, once.
    pub async fn redeem(&self, challenge: &str) -> Result<Option<AuthRecord>, StoreUnavailable> {
        let key = self.handoff(challenge);
        let json: Option<String> = self.ask(async |mut redis| redis.get_del(key).await).await?;
        Ok(json.and_then(|json| AuthRecord::from_json(&json)))
    }

    fn handoff(&self, challenge: &str) -> String {
        format!("{}:handoff:{challenge}", self.namespace)
    }
}
