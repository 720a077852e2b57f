//! Hand-offs in Redis, where it does not matter which replica the frame and its tab reach.

use std::time::Duration;

use deadpool_redis::redis::AsyncCommands;

use super::Redis;
use crate::huggingface::failure::Failure;
use crate::huggingface::session::StoredSignIn;

impl Redis {
    /// Keeps a sign-in for `time`, for the frame with this challenge.
    pub async fn offer(
        &self,
        challenge: &str,
        sign_in: &StoredSignIn,
        time: Duration,
    ) -> Result<(), Failure> {
        let json = serde_json::to_string(sign_in)
            .expect("it was serialized before, to see whether it fits");
        self.ask(async |mut redis| redis.set_ex(key(challenge), json, time.as_secs()).await).await
    }

    /// The sign-in for the frame with this challenge, once.
    pub async fn claim(&self, challenge: &str) -> Result<Option<StoredSignIn>, Failure> {
        let json: Option<String> =
            self.ask(async |mut redis| redis.get_del(key(challenge)).await).await?;
        Ok(json.and_then(|json| serde_json::from_str(&json).ok()))
    }
}

fn key(challenge: &str) -> String {
    format!("hand-off:{challenge}")
}
