//! Sign-ins under way. They live in an encrypted cookie of the browser that began them, so that a
//! callback from anywhere else is refused and nothing grows on the server.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, CookieJar};
use actix_web::http::header::HeaderValue;
use chrono::{DateTime, TimeDelta, Utc};
use oauth2::{CsrfToken, PkceCodeVerifier};
use serde::{Deserialize, Serialize};

use super::HuggingFaceOAuth;
use super::cookies::{Sent, set_cookie};
use super::provider::AuthorizationRequest;

/// For how long a sign-in may be under way.
const TIME: TimeDelta = TimeDelta::seconds(600);

/// How many sign-ins one browser may have under way.
const MOST: usize = 3;

/// A sign-in under way.
#[derive(Serialize, Deserialize)]
pub struct SignIn {
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

impl SignIn {
    pub fn new(begun: AuthorizationRequest, target: String, challenge: Option<String>) -> Self {
        let AuthorizationRequest { state, code_verifier, .. } = begun;
        Self { state, code_verifier, target, challenge, begun_at: Utc::now() }
    }
}

/// The sign-ins that a browser has under way, the oldest first.
#[derive(Default, Serialize, Deserialize)]
pub struct SignIns(Vec<SignIn>);

impl SignIns {
    /// Those of the browser that sent the request; none where the cookie cannot be read.
    pub fn of(request: &HttpRequest, oauth: &HuggingFaceOAuth) -> Self {
        let read = || {
            let mut jar = CookieJar::new();
            jar.add_original(request.cookie(oauth.cookie_names.sign_in)?);
            let cookie = jar.private(&oauth.keys.sign_in).get(oauth.cookie_names.sign_in)?;
            serde_json::from_str(cookie.value()).ok()
        };
        let Self(mut sign_ins) = read().unwrap_or_default();
        let now = Utc::now();
        sign_ins.retain(|sign_in| now - sign_in.begun_at < TIME);
        Self(sign_ins)
    }

    /// Adds one; the oldest gives way.
    pub fn add(&mut self, sign_in: SignIn) {
        self.0.push(sign_in);
        if self.0.len() > MOST {
            self.0.remove(0);
        }
    }

    /// Takes the one with this state out, so that it is used once.
    pub fn take(&mut self, state: &str) -> Option<SignIn> {
        let index = self.0.iter().position(|sign_in| sign_in.state.secret() == state)?;
        Some(self.0.remove(index))
    }

    /// The cookie that keeps them.
    pub fn cookie(&self, oauth: &HuggingFaceOAuth) -> HeaderValue {
        let name = oauth.cookie_names.sign_in;
        let sent = Sent::SameSite { https: oauth.origins.are_https() };
        let sealed =
            serde_json::to_string(self).ok().filter(|_| !self.0.is_empty()).and_then(|json| {
                let mut jar = CookieJar::new();
                jar.private_mut(&oauth.keys.sign_in).add(Cookie::new(name, json));
                jar.get(name).map(|cookie| cookie.value().to_owned())
            });
        match sealed {
            Some(value) => set_cookie(name, &value, Some(TIME.num_seconds()), sent),
            None => set_cookie(name, "", Some(0), sent),
        }
    }
}
