//! The hand-off of a sign-in from a tab to a frame of this app.
//!
//! On huggingface.co the app is a frame of another site, where browsers block the cookies of a
//! sign-in. So the frame's login control posts a challenge into a new tab, the tab signs in, and
//! the frame claims the sign-in with the verifier, which it alone has in a cookie of its own.

use std::time::Duration;

use moka::future::Cache;
use moka::policy::EvictionPolicy;
use oauth2::{PkceCodeChallenge, PkceCodeVerifier};

#[cfg(feature = "redis")]
use super::redis::Redis;
use super::{SessionsUnavailable, StoredOAuthInfo};

/// For how long a sign-in can be claimed.
const HAND_OFF_LIFETIME: Duration = Duration::from_secs(2 * 60);

/// How many sign-ins can wait for their frames; the oldest give way.
const MAX_HAND_OFFS: u64 = 10_000;

/// Length of a challenge, and of a verifier: 32 bytes in base64url. RFC 7636 §4.
const CHALLENGE_LENGTH: usize = 43;

/// Sign-ins that wait to be claimed, by the challenge of their frame.
pub enum HandOffs {
    /// For a frame and its tab that reach the same process.
    InMemory(Cache<String, StoredOAuthInfo>),
    /// For all replicas.
    #[cfg(feature = "redis")]
    InRedis(Redis),
}

impl HandOffs {
    pub fn in_memory() -> Self {
        let ready = Cache::builder().max_capacity(MAX_HAND_OFFS).time_to_live(HAND_OFF_LIFETIME);
        Self::InMemory(ready.eviction_policy(EvictionPolicy::lru()).build())
    }

    /// A sign-in is through, and the frame with this challenge may have it.
    pub async fn offer(
        &self,
        challenge: String,
        sign_in: StoredOAuthInfo,
    ) -> Result<(), SessionsUnavailable> {
        match self {
            Self::InMemory(ready) => ready.insert(challenge, sign_in).await,
            #[cfg(feature = "redis")]
            Self::InRedis(redis) => redis.offer(&challenge, &sign_in, HAND_OFF_LIFETIME).await?,
        }
        Ok(())
    }

    /// The sign-in for the frame with this verifier, once.
    pub async fn claim(
        &self,
        verifier: String,
    ) -> Result<Option<StoredOAuthInfo>, SessionsUnavailable> {
        let Some(challenge) = challenge_of(verifier) else {
            return Ok(None);
        };
        match self {
            Self::InMemory(ready) => Ok(ready.remove(&challenge).await),
            #[cfg(feature = "redis")]
            Self::InRedis(redis) => redis.claim(&challenge).await,
        }
    }
}

/// Whether a text has the form of a challenge or a verifier.
pub fn is_challenge(text: &str) -> bool {
    text.len() == CHALLENGE_LENGTH
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// The challenge of a verifier, RFC 7636 §4.2; `None` for what is no verifier of ours.
pub fn challenge_of(verifier: String) -> Option<String> {
    is_challenge(&verifier).then(|| {
        let verifier = PkceCodeVerifier::new(verifier);
        PkceCodeChallenge::from_code_verifier_sha256(&verifier).as_str().to_owned()
    })
}
