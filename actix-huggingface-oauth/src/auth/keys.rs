//! Keys that encrypt the cookies.

use actix_web::cookie::Key;
use hkdf::Hkdf;
use sha2::Sha512;

/// Another version ends all logins.
const VERSION: &[u8] = b"actix-huggingface-oauth-v2";

/// Keys of one app: they open nothing that another app sealed, whose users log in elsewhere, even if both share a secret.
#[derive(Clone)]
pub struct AuthKeys {
    /// Seals the auth cookie.
    pub auth: Key,
    /// Seals the cookies of pending logins.
    pub pending: Key,
    /// Opens the session cookie of the version before the auth cookie.
    pub leftover: Key,
    /// Seals the cookie of the app's session.
    #[cfg_attr(not(feature = "app-session"), expect(dead_code, reason = "there is none"))]
    pub app_session: Key,
    /// Seals values in Redis.
    #[cfg_attr(not(feature = "redis"), expect(dead_code, reason = "only Redis stores values"))]
    pub stored: Key,
    /// Prefix of this app's keys in a Redis that it shares.
    #[cfg_attr(not(feature = "redis"), expect(dead_code, reason = "only Redis is shared"))]
    pub namespace: String,
}

/// Where the users of an app log in.
pub struct LoginIdentity<'a> {
    /// `real` or `mock`.
    pub mode: &'a str,
    pub issuer: &'a str,
    pub client_id: &'a str,
}

impl AuthKeys {
    /// Keys derived from a secret (HKDF, RFC 5869), so that cookies are valid after a restart and on all replicas. Without a
    /// secret they are random.
    pub fn new(secret: Option<&[u8]>, identity: &LoginIdentity<'_>) -> Self {
        match secret {
            Some(secret) => Self::derived(secret, identity),
            None => Self::derived(Key::generate().master(), identity),
        }
    }

    fn derived(secret: &[u8], identity: &LoginIdentity<'_>) -> Self {
        let hkdf = Hkdf::<Sha512>::new(Some(VERSION), secret);
        let derive = |purpose: &str, bytes: &mut [u8]| {
            // None of them contains a line end, so that no two lists are the same text.
            let info = [purpose, identity.mode, identity.issuer, identity.client_id].join("\n");
            hkdf.expand(info.as_bytes(), bytes).expect("one block of SHA-512 at most");
        };
        let key = |purpose: &str| {
            let mut bytes = [0; 64];
            derive(purpose, &mut bytes);
            Key::from(&bytes)
        };
        let mut namespace = [0; 8];
        derive("namespace", &mut namespace);
        Self {
            auth: key("auth"),
            pending: key("pending"),
            leftover: key("session"),
            app_session: key("app-session"),
            stored: key("stored"),
            namespace: format!("{:016x}", u64::from_be_bytes(namespace)),
        }
    }
}
