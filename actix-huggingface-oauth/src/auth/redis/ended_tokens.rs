//! Tokens that ended before their time, noted for all replicas.

use std::time::Duration;

use deadpool_redis::redis::AsyncCommands;

use super::Redis;
use crate::auth::SessionsUnavailable;

impl Redis {
    /// Notes the hash of a token for `time`. One that hangs may write it when it goes on: it is true then, too.
    pub async fn note_ended(&self, hash: &str, time: Duration) -> Result<(), SessionsUnavailable> {
        let (key, seconds) = (self.ended(hash), time.as_secs().max(1));
        self.ask(async |mut redis| redis.set_ex(key, "", seconds).await).await
    }

    pub async fn has_ended(&self, hash: &str) -> Result<bool, SessionsUnavailable> {
        let key = self.ended(hash);
        self.ask(async |mut redis| redis.exists(key).await).await
    }

    fn ended(&self, hash: &str) -> String {
        format!("{}:ended:{hash}", self.namespace)
    }
}
