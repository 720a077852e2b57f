//! Pending logins: between the redirect to the Hub and the callback. Each is in an encrypted cookie of the browser that
//! started it, so that a callback in another browser is rejected and nothing grows on the server.

use std::time::Duration;

use actix_web::cookie::Key;
use actix_web::http::header::HeaderValue;
use chrono::{DateTime, TimeDelta, Utc};
use moka::future::Cache;
use moka::policy::EvictionPolicy;
use oauth2::{CsrfToken, PkceCodeVerifier};
use serde::{Deserialize, Serialize};
use sha2::digest::Output;
use sha2::{Digest, Sha256};

use super::cookies::{AuthCookie, CookieContext, CookieNames};
use crate::request::sealed::{seal, unseal};

/// How long a login may be pending.
const PENDING_LIFETIME: TimeDelta = TimeDelta::seconds(600);

/// How many pending logins one browser may have.
const MAX_PENDING: usize = 8;

/// Bytes of their cookies together, names and values: with the auth cookie and that of the app's own session, less than what
/// servers accept of a request's head.
const MAX_PENDING_LENGTH: usize = 2_000;

/// How many used states are remembered. The oldest are evicted first.
const MAX_USED_STATES: u64 = 50_000;

/// A pending login.
pub struct PendingAuthorization {
    /// RFC 6749 §10.12.
    pub state: CsrfToken,
    /// RFC 7636 §4.1.
    pub code_verifier: PkceCodeVerifier,
    /// Where the visitor goes afterwards.
    pub return_to: String,
    /// Challenge of the iframe that waits for this login.
    pub challenge: Option<String>,
    started_at: DateTime<Utc>,
}

/// State, code verifier, return URL, challenge, milliseconds of the Unix epoch at the start: a list, which is shorter.
#[derive(Serialize, Deserialize)]
struct Stored(CsrfToken, PkceCodeVerifier, String, Option<String>, i64);

impl PendingAuthorization {
    pub fn new(
        state: CsrfToken,
        code_verifier: PkceCodeVerifier,
        return_to: String,
        challenge: Option<String>,
    ) -> Self {
        Self { state, code_verifier, return_to, challenge, started_at: Utc::now() }
    }

    fn time_left(&self) -> TimeDelta {
        self.started_at + PENDING_LIFETIME - Utc::now()
    }

    fn to_json(&self) -> String {
        let code_verifier = PkceCodeVerifier::new(self.code_verifier.secret().clone());
        let (state, return_to) = (self.state.clone(), self.return_to.clone());
        let started_at = self.started_at.timestamp_millis();
        let challenge = self.challenge.clone();
        serde_json::to_string(&Stored(state, code_verifier, return_to, challenge, started_at))
            .expect("texts and numbers")
    }

    /// `None` if it is malformed or expired.
    fn from_json(json: &str) -> Option<Self> {
        let Stored(state, code_verifier, return_to, challenge, started_at) =
            serde_json::from_str(json).ok()?;
        let started_at = DateTime::from_timestamp_millis(started_at)?;
        let pending = Self { state, code_verifier, return_to, challenge, started_at };
        Some(pending).filter(|pending| pending.time_left() > TimeDelta::zero())
    }
}

/// The cookies of a browser's pending logins.
pub struct PendingCookies<'a> {
    pub names: CookieNames,
    pub key: &'a Key,
}

/// A pending login with its cookie.
struct Sealed {
    pending: PendingAuthorization,
    cookie: AuthCookie,
    value: String,
    /// Whether the browser has it already.
    is_stored: bool,
}

impl Sealed {
    fn length(&self) -> usize {
        self.cookie.name.len() + self.value.len()
    }
}

impl PendingCookies<'_> {
    /// `Set-Cookie` headers that add a pending login to a browser with these cookies. If there are too many, the longest return
    /// URLs become `/`, and then the oldest pending logins are removed.
    pub fn add<'c>(
        &self,
        cookies: impl Iterator<Item = (&'c str, &'c str)>,
        pending: PendingAuthorization,
    ) -> Vec<HeaderValue> {
        let mut set = Vec::new();
        let mut all = Vec::new();
        for (name, value) in cookies.filter(|(name, _)| self.names.is_pending(name)) {
            let cookie = self.names.named(name);
            match self.open(name, value) {
                Some(pending) => {
                    all.push(Sealed { pending, cookie, value: value.to_owned(), is_stored: true });
                }
                None => set.push(cookie.remove(CookieContext::TopLevel)),
            }
        }
        all.sort_by_key(|sealed| sealed.pending.started_at);
        all.push(self.seal(pending));

        let remove_oldest =
            |all: &mut Vec<Sealed>| all.remove(0).cookie.remove(CookieContext::TopLevel);
        while all.len() > MAX_PENDING {
            set.push(remove_oldest(&mut all));
        }
        while all.iter().map(Sealed::length).sum::<usize>() > MAX_PENDING_LENGTH {
            // Of several the oldest.
            let longest = all.iter_mut().rev().max_by_key(|sealed| sealed.pending.return_to.len());
            match longest.filter(|sealed| sealed.pending.return_to != "/") {
                Some(sealed) => {
                    sealed.pending.return_to = String::from("/");
                    sealed.value = seal(self.key, &sealed.cookie.name, sealed.pending.to_json());
                    sealed.is_stored = false;
                }
                None => set.push(remove_oldest(&mut all)),
            }
        }
        let changed = all.iter().filter(|sealed| !sealed.is_stored);
        set.extend(changed.map(|sealed| {
            // A second that has begun counts.
            let max_age = sealed.pending.time_left().num_seconds() + 1;
            sealed.cookie.set(&sealed.value, Some(max_age), CookieContext::TopLevel)
        }));
        set
    }

    /// The pending login with this state, of a browser with these cookies.
    pub fn find<'c>(
        &self,
        cookies: impl Iterator<Item = (&'c str, &'c str)>,
        state: &str,
    ) -> Option<PendingAuthorization> {
        let name = self.names.pending(state).name;
        let values = cookies.filter(|(cookie, _)| *cookie == name).map(|(_, value)| value);
        let mut opened = values.filter_map(|value| self.open(&name, value));
        opened.find(|pending| pending.state.secret() == state)
    }

    /// `Set-Cookie` header that removes the pending login with this state.
    pub fn remove(&self, state: &str) -> HeaderValue {
        self.names.pending(state).remove(CookieContext::TopLevel)
    }

    fn seal(&self, pending: PendingAuthorization) -> Sealed {
        let cookie = self.names.pending(pending.state.secret());
        let value = seal(self.key, &cookie.name, pending.to_json());
        Sealed { pending, cookie, value, is_stored: false }
    }

    fn open(&self, name: &str, value: &str) -> Option<PendingAuthorization> {
        PendingAuthorization::from_json(unseal(self.key, name, value)?.value())
    }
}

/// States of callbacks that this process has answered: each is used once, also if the browser sends its cookie again.
#[derive(Clone)]
pub struct UsedStates(Cache<Output<Sha256>, ()>);

impl UsedStates {
    pub fn new() -> Self {
        let lifetime = Duration::from_secs(PENDING_LIFETIME.num_seconds().unsigned_abs());
        let states = Cache::builder().max_capacity(MAX_USED_STATES).time_to_live(lifetime);
        Self(states.eviction_policy(EvictionPolicy::lru()).build())
    }

    /// Marks a state as used; `false` if it was.
    pub async fn mark(&self, state: &str) -> bool {
        self.0.entry(Sha256::digest(state)).or_insert(()).await.is_fresh()
    }
}
