//! Sign-ins under way. Each lives in an encrypted cookie of the browser that began it, so that a
//! callback from anywhere else is refused and nothing grows on the server.

use actix_web::cookie::Key;
use actix_web::http::header::{HeaderMap, HeaderValue};
use chrono::{DateTime, TimeDelta, Utc};
use oauth2::{CsrfToken, PkceCodeVerifier};
use serde::{Deserialize, Serialize};

use super::cookies::{CookieNames, Sent, cookies, set_cookie, values_of};
use crate::request::sealed::{seal, unseal};

/// For how long a sign-in may be under way.
const PENDING_LIFETIME: TimeDelta = TimeDelta::seconds(600);

/// How many sign-ins one browser may have under way.
const MAX_PENDING: usize = 8;

/// Bytes of their cookies together, names and values: with the session, under what servers take of a request.
const MAX_PENDING_LENGTH: usize = 2_500;

/// A sign-in under way.
pub struct PendingSignIn {
    /// RFC 6749 §10.12.
    pub state: CsrfToken,
    /// RFC 7636 §4.1.
    pub code_verifier: PkceCodeVerifier,
    /// Where the visitor goes afterwards.
    pub target: String,
    /// Of the frame that waits for this sign-in.
    pub challenge: Option<String>,
    begun_at: DateTime<Utc>,
}

/// State, code verifier, target, challenge, milliseconds of the Unix epoch at which it was begun: a list, which is shorter.
#[derive(Serialize, Deserialize)]
struct Kept(CsrfToken, PkceCodeVerifier, String, Option<String>, i64);

impl PendingSignIn {
    pub fn new(
        state: CsrfToken,
        code_verifier: PkceCodeVerifier,
        target: String,
        challenge: Option<String>,
    ) -> Self {
        Self { state, code_verifier, target, challenge, begun_at: Utc::now() }
    }

    fn time_left(&self) -> TimeDelta {
        self.begun_at + PENDING_LIFETIME - Utc::now()
    }

    fn to_json(&self) -> String {
        let code_verifier = PkceCodeVerifier::new(self.code_verifier.secret().clone());
        let (state, target) = (self.state.clone(), self.target.clone());
        let begun_at = self.begun_at.timestamp_millis();
        serde_json::to_string(&Kept(state, code_verifier, target, self.challenge.clone(), begun_at))
            .expect("texts and numbers")
    }

    /// `None` where it is none, or over.
    fn from_json(json: &str) -> Option<Self> {
        let Kept(state, code_verifier, target, challenge, begun_at) =
            serde_json::from_str(json).ok()?;
        let begun_at = DateTime::from_timestamp_millis(begun_at)?;
        let sign_in = Self { state, code_verifier, target, challenge, begun_at };
        Some(sign_in).filter(|sign_in| sign_in.time_left() > TimeDelta::zero())
    }
}

/// The cookies of the sign-ins that a browser has under way.
pub struct PendingCookies<'a> {
    pub names: CookieNames,
    pub key: &'a Key,
    pub https: bool,
}

/// A sign-in with its cookie.
struct Sealed {
    sign_in: PendingSignIn,
    name: String,
    value: String,
    /// Whether the browser has it already.
    is_kept: bool,
}

impl Sealed {
    fn length(&self) -> usize {
        self.name.len() + self.value.len()
    }
}

impl PendingCookies<'_> {
    /// The cookies that keep one more sign-in in the browser that sent a request. Where there are too many, the longest
    /// ways back become `/`, and then the oldest sign-ins give way.
    pub fn begin(&self, headers: &HeaderMap, sign_in: PendingSignIn) -> Vec<HeaderValue> {
        let mut set = Vec::new();
        let mut sign_ins = Vec::new();
        for (name, value) in cookies(headers).filter(|(name, _)| self.names.is_pending(name)) {
            match self.open(name, value) {
                Some(sign_in) => {
                    let (name, value) = (name.to_owned(), value.to_owned());
                    sign_ins.push(Sealed { sign_in, name, value, is_kept: true });
                }
                None => set.push(self.removal(name)),
            }
        }
        sign_ins.sort_by_key(|sealed| sealed.sign_in.begun_at);
        sign_ins.push(self.seal(sign_in));

        while sign_ins.len() > MAX_PENDING {
            set.push(self.removal(&sign_ins.remove(0).name));
        }
        while sign_ins.iter().map(Sealed::length).sum::<usize>() > MAX_PENDING_LENGTH {
            // Of several the oldest.
            let longest =
                sign_ins.iter_mut().rev().max_by_key(|sealed| sealed.sign_in.target.len());
            match longest.filter(|sealed| sealed.sign_in.target != "/") {
                Some(sealed) => {
                    sealed.sign_in.target = String::from("/");
                    sealed.value = seal(self.key, &sealed.name, sealed.sign_in.to_json());
                    sealed.is_kept = false;
                }
                None => set.push(self.removal(&sign_ins.remove(0).name)),
            }
        }
        let changed = sign_ins.iter().filter(|sealed| !sealed.is_kept);
        set.extend(changed.map(|sealed| {
            // A second that has begun counts.
            let max_age = sealed.sign_in.time_left().num_seconds() + 1;
            set_cookie(&sealed.name, &sealed.value, Some(max_age), self.sent())
        }));
        set
    }

    /// The sign-in with this state, of the browser that sent a request.
    pub fn find(&self, headers: &HeaderMap, state: &str) -> Option<PendingSignIn> {
        let name = self.names.pending(state);
        let mut opened = values_of(cookies(headers), &name)
            .into_iter()
            .filter_map(|value| self.open(&name, value));
        opened.find(|sign_in| sign_in.state.secret() == state)
    }

    /// Ends the sign-in with this state, so that it is used once.
    pub fn end(&self, state: &str) -> HeaderValue {
        self.removal(&self.names.pending(state))
    }

    fn seal(&self, sign_in: PendingSignIn) -> Sealed {
        let name = self.names.pending(sign_in.state.secret());
        let value = seal(self.key, &name, sign_in.to_json());
        Sealed { sign_in, name, value, is_kept: false }
    }

    fn open(&self, name: &str, value: &str) -> Option<PendingSignIn> {
        PendingSignIn::from_json(unseal(self.key, name, value)?.value())
    }

    fn removal(&self, name: &str) -> HeaderValue {
        set_cookie(name, "", Some(0), self.sent())
    }

    fn sent(&self) -> Sent {
        Sent::SameSite { https: self.https }
    }
}
