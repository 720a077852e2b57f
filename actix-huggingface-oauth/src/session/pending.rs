//! Sign-ins under way. They live in an encrypted cookie of the browser that began them, so that a
//! callback from anywhere else is refused and nothing grows on the server.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, CookieJar, Key};
use actix_web::http::header::HeaderValue;
use chrono::{DateTime, TimeDelta, Utc};
use oauth2::{CsrfToken, PkceCodeVerifier};
use serde::{Deserialize, Serialize};

use super::{Sent, set_cookie};

/// For how long a sign-in may be under way.
const PENDING_LIFETIME: TimeDelta = TimeDelta::seconds(600);

/// How many sign-ins one browser may have under way.
const MAX_PENDING: usize = 3;

/// A sign-in under way.
#[derive(Serialize, Deserialize)]
pub struct PendingSignIn {
    /// RFC 6749 §10.12.
    pub state: CsrfToken,
    /// RFC 7636 §4.1.
    pub code_verifier: PkceCodeVerifier,
    /// Where the visitor goes afterwards.
    pub target: String,
    /// Of the frame that waits for this sign-in.
    pub challenge: Option<String>,
    #[serde(with = "chrono::serde::ts_seconds")]
    begun_at: DateTime<Utc>,
}

/// The cookie of the sign-ins under way.
#[derive(Clone, Copy)]
pub struct PendingCookie<'a> {
    pub name: &'static str,
    pub key: &'a Key,
    pub https: bool,
}

impl PendingSignIn {
    pub fn new(
        state: CsrfToken,
        code_verifier: PkceCodeVerifier,
        target: String,
        challenge: Option<String>,
    ) -> Self {
        Self { state, code_verifier, target, challenge, begun_at: Utc::now() }
    }
}

/// The sign-ins that a browser has under way, the oldest first.
#[derive(Default, Serialize, Deserialize)]
pub struct PendingSignIns(Vec<PendingSignIn>);

impl PendingSignIns {
    /// Those of the browser that sent the request; none where the cookie cannot be read.
    pub fn of(request: &HttpRequest, cookie: PendingCookie<'_>) -> Self {
        let read = || {
            let mut jar = CookieJar::new();
            jar.add_original(request.cookie(cookie.name)?);
            let opened = jar.private(cookie.key).get(cookie.name)?;
            serde_json::from_str(opened.value()).ok()
        };
        let Self(mut sign_ins) = read().unwrap_or_default();
        let now = Utc::now();
        sign_ins.retain(|sign_in| now - sign_in.begun_at < PENDING_LIFETIME);
        Self(sign_ins)
    }

    /// Adds one; the oldest gives way.
    pub fn add(&mut self, sign_in: PendingSignIn) {
        self.0.push(sign_in);
        if self.0.len() > MAX_PENDING {
            self.0.remove(0);
        }
    }

    /// Takes the one with this state out, so that it is used once.
    pub fn take(&mut self, state: &str) -> Option<PendingSignIn> {
        let index = self.0.iter().position(|sign_in| sign_in.state.secret() == state)?;
        Some(self.0.remove(index))
    }

    /// The cookie that keeps them.
    pub fn cookie(&self, cookie: PendingCookie<'_>) -> HeaderValue {
        let PendingCookie { name, key, https } = cookie;
        let sent = Sent::SameSite { https };
        let sealed =
            serde_json::to_string(self).ok().filter(|_| !self.0.is_empty()).and_then(|json| {
                let mut jar = CookieJar::new();
                jar.private_mut(key).add(Cookie::new(name, json));
                jar.get(name).map(|cookie| cookie.value().to_owned())
            });
        match sealed {
            Some(value) => set_cookie(name, &value, Some(PENDING_LIFETIME.num_seconds()), sent),
            None => set_cookie(name, "", Some(0), sent),
        }
    }
}
