//! Revoked tokens, noted for all replicas.

use std::time::Duration;

use deadpool_redis::redis::AsyncCommands;

use super::Redis;
use crate::auth::StoreUnavailable;

impl Redis {
    /// Notes the hash of a revoked token for `time`. A write that is delayed is still true when it is done.
    pub async fn revoke(&self, hash: &str, time: Duration) -> Result<(), StoreUnavailable> {
        let (key, seconds) = (self.revoked(hash), time.as_secs().max(1));
        self.ask(async |mut redis| redis.set_ex(key, "", seconds).await).await
    }

    pub async fn is_revoked(&self, hash: &str) -> Result<bool, StoreUnavailable> {
        let key = self.revoked(hash);
        self.ask(async |mut redis| redis.exists(key).await).await
    }

    fn revoked(&self, hash: &str) -> String {
        format!("{}:revoked:{hash}", self.namespace)
    }
}
