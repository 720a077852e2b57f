//! Logins in Redis, for as long as their token is valid.

use deadpool_redis::redis::AsyncCommands;

use super::Redis;
use crate::auth::{AuthRecord, StoreUnavailable, time_left};

impl Redis {
    pub async fn load(&self, login: &str) -> Result<Option<AuthRecord>, StoreUnavailable> {
        let key = self.login(login);
        let json: Option<String> = self.ask(async |mut redis| redis.get(key).await).await?;
        Ok(json.and_then(|json| AuthRecord::from_json(&json)))
    }

    pub async fn save(&self, login: &str, record: &AuthRecord) -> Result<(), StoreUnavailable> {
        self.can_write().await?;
        let (key, json) = (self.login(login), record.to_json());
        let seconds = time_left(record.expires_at()).as_secs().max(1);
        self.ask(async |mut redis| redis.set_ex(key, json, seconds).await).await
    }

    pub async fn delete(&self, login: &str) -> Result<(), StoreUnavailable> {
        let key = self.login(login);
        self.ask(async |mut redis| redis.del(key).await).await
    }

    fn login(&self, login: &str) -> String {
        format!("{}:login:{login}", self.namespace)
    }
}
