//! The handoff of a login from a tab to an iframe of this app.
//!
//! On huggingface.co the app is an iframe of another site, where browsers block third-party cookies. So the iframe's login
//! control posts a challenge into a new tab, the tab logs in, and the iframe redeems the handoff with the verifier, which it
//! alone has in a partitioned cookie.

use std::time::Duration;

use moka::future::Cache;
use moka::policy::EvictionPolicy;
use oauth2::{PkceCodeChallenge, PkceCodeVerifier};

use super::AuthRecord;

/// How long a handoff can be redeemed.
pub const HANDOFF_LIFETIME: Duration = Duration::from_secs(2 * 60);

/// How many logins can wait for their iframes. The oldest are evicted first.
const MAX_HANDOFFS: u64 = 10_000;

/// Length of a challenge, and of a verifier: 32 bytes in base64url. RFC 7636 §4.
const CHALLENGE_LENGTH: usize = 43;

/// Logins that wait to be redeemed, by the challenge of their iframe: for an iframe and its tab that reach the same process.
pub struct Handoffs(Cache<String, AuthRecord>);

impl Handoffs {
    pub fn new() -> Self {
        let waiting = Cache::builder().max_capacity(MAX_HANDOFFS).time_to_live(HANDOFF_LIFETIME);
        Self(waiting.eviction_policy(EvictionPolicy::lru()).build())
    }

    /// Offers a login to the iframe with this challenge.
    pub async fn offer(&self, challenge: String, record: AuthRecord) {
        self.0.insert(challenge, record).await;
    }

    /// The login for the iframe with this challenge, once.
    pub async fn redeem(&self, challenge: &str) -> Option<AuthRecord> {
        self.0.remove(challenge).await
    }
}

/// Whether a text has the form of a challenge or a verifier.
pub fn is_challenge(text: &str) -> bool {
    text.len() == CHALLENGE_LENGTH
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// The challenge of a verifier, RFC 7636 §4.2; `None` if it has another form than the verifiers of this crate.
pub fn challenge_of(verifier: String) -> Option<String> {
    is_challenge(&verifier).then(|| {
        let verifier = PkceCodeVerifier::new(verifier);
        PkceCodeChallenge::from_code_verifier_sha256(&verifier).as_str().to_owned()
    })
}
