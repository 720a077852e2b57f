//! The hand-off of a sign-in from a tab to a frame of this app.
//!
//! On huggingface.co the app is a frame of another site, where browsers block the cookies of a
//! sign-in. So the frame's login control posts a challenge into a new tab, the tab signs in, and
//! the frame claims the sign-in with the verifier, which it alone has in a cookie of its own.

use std::time::Duration;

use actix_web::{HttpMessage, HttpRequest};
use moka::future::Cache;
use moka::policy::EvictionPolicy;
use oauth2::{PkceCodeChallenge, PkceCodeVerifier};

use super::cookies::is_frame;
use super::failure::Failure;
#[cfg(feature = "redis")]
use super::redis::Redis;
use super::session::StoredSignIn;
use super::{HuggingFaceOAuth, way_back};

/// For how long a sign-in can be claimed.
const TIME: Duration = Duration::from_mins(2);

/// How many sign-ins can wait for their frames; the oldest give way.
const MOST: u64 = 10_000;

/// Length of a challenge, and of a verifier: 32 bytes in base64url. RFC 7636 §4.
const LENGTH: usize = 43;

/// Sign-ins that wait to be claimed, by the challenge of their frame.
pub enum HandOffs {
    /// For a frame and its tab that reach the same process.
    InMemory(Cache<String, StoredSignIn>),
    /// For all replicas.
    #[cfg(feature = "redis")]
    InRedis(Redis),
}

impl HandOffs {
    pub fn in_memory() -> Self {
        let ready = Cache::builder().max_capacity(MOST).time_to_live(TIME);
        Self::InMemory(ready.eviction_policy(EvictionPolicy::lru()).build())
    }

    /// A sign-in is through, and the frame with this challenge may have it.
    pub async fn offer(&self, challenge: String, sign_in: StoredSignIn) -> Result<(), Failure> {
        match self {
            Self::InMemory(ready) => ready.insert(challenge, sign_in).await,
            #[cfg(feature = "redis")]
            Self::InRedis(redis) => redis.offer(&challenge, &sign_in, TIME).await?,
        }
        Ok(())
    }

    /// The sign-in for the frame with this verifier, once.
    pub async fn claim(&self, verifier: String) -> Result<Option<StoredSignIn>, Failure> {
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

/// What a page needs to let somebody sign in; `templates/huggingface/login.html` shows it.
pub struct LoginControl {
    /// The login link.
    pub href: String,
    /// In a frame, what the form is made of that stands there instead.
    pub hand_off: Option<HandOffForm>,
}

/// The form that signs a frame in.
pub struct HandOffForm {
    /// Where it posts, into a new tab.
    pub login: String,
    /// Where the frame claims the sign-in.
    pub claim: String,
    /// URL of the script that does so without a click.
    pub script: String,
    /// base64url(SHA-256(verifier)).
    pub challenge: String,
    /// The way back.
    pub target: String,
}

/// A verifier that the answer to a request has to bring to the browser.
pub struct NewVerifier(pub String);

impl HuggingFaceOAuth {
    /// The login control of the page that answers `request`, which comes back to `target`.
    #[must_use]
    pub fn login_control(&self, request: &HttpRequest, target: &str) -> LoginControl {
        let hand_off = is_frame(request.headers()).then(|| HandOffForm {
            login: self.paths.login.clone(),
            claim: self.paths.claim.clone(),
            script: self.paths.script.clone(),
            challenge: self.challenge(request),
            target: way_back::checked(target, &self.paths.sign_in),
        });
        LoginControl { href: self.login_url(target), hand_off }
    }

    /// The challenge of the frame's verifier, which the frame gets if it has none.
    fn challenge(&self, request: &HttpRequest) -> String {
        let verifier = request.cookie(self.cookie_names.hand_off);
        verifier.and_then(|cookie| challenge_of(cookie.value().to_owned())).unwrap_or_else(|| {
            let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
            request.extensions_mut().insert(NewVerifier(verifier.into_secret()));
            challenge.as_str().to_owned()
        })
    }
}

/// Whether a text has the form of a challenge or a verifier.
pub fn is_base64url(text: &str) -> bool {
    text.len() == LENGTH
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// `None` for what is no verifier of ours.
fn challenge_of(verifier: String) -> Option<String> {
    is_base64url(&verifier).then(|| {
        let verifier = PkceCodeVerifier::new(verifier);
        PkceCodeChallenge::from_code_verifier_sha256(&verifier).as_str().to_owned()
    })
}
