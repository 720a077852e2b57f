//! The keys with which the cookies are encrypted.

use actix_web::cookie::Key;
use hkdf::Hkdf;
use sha2::Sha512;

/// Another version ends all sessions.
const VERSION: &[u8] = b"actix-huggingface-oauth-v2";

/// The keys of one app: what is encrypted with them is nothing to an app with another sign-in, whatever secret the two
/// share.
#[derive(Clone)]
pub struct SessionKeys {
    /// Of the session cookie.
    pub session: Key,
    /// Of the cookie of the sign-ins under way.
    pub pending: Key,
    /// Stands before what this app keeps in a store that it shares.
    #[cfg_attr(not(feature = "redis"), expect(dead_code, reason = "only Redis is shared"))]
    pub namespace: String,
}

/// With whom users sign in, as far as a session is none elsewhere.
pub struct SignInIdentity<'a> {
    /// `real` or `mock`.
    pub mode: &'a str,
    pub issuer: &'a str,
    pub client_id: &'a str,
}

impl SessionKeys {
    /// Keys derived from a secret (HKDF, RFC 5869), so that cookies outlive a restart and hold across replicas; without
    /// a secret they are random.
    pub fn new(secret: Option<&[u8]>, sign_in: &SignInIdentity<'_>) -> Self {
        match secret {
            Some(secret) => Self::derived(secret, sign_in),
            None => Self::derived(Key::generate().master(), sign_in),
        }
    }

    fn derived(secret: &[u8], sign_in: &SignInIdentity<'_>) -> Self {
        let hkdf = Hkdf::<Sha512>::new(Some(VERSION), secret);
        let derive = |purpose: &str, bytes: &mut [u8]| {
            // A line end stands in none of them, so that no two of them are one text.
            let info = [purpose, sign_in.mode, sign_in.issuer, sign_in.client_id].join("\n");
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
            session: key("session"),
            pending: key("sign-in"),
            namespace: format!("{:016x}", u64::from_be_bytes(namespace)),
        }
    }
}
