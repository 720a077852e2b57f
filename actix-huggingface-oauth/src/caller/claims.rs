//! What an access token of an OAuth app says of itself: `hf_oauth_`, and a JWT (RFC 7519).
//!
//! Anybody can write such a text, and its signature is not checked here: until the Hub accepts the token, its claims are good
//! for one thing, to see that it cannot count without asking. They are no contract of the Hub's either.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};

/// The claims that are looked at.
///
/// One that is missing, there twice or of another type makes it none.
#[derive(Deserialize)]
struct Payload {
    sub: String,
    #[serde(rename = "oauthApp")]
    client_id: String,
    exp: i64,
    #[serde(default)]
    scope: Value,
}

/// What an access token says of itself.
pub struct Claims {
    /// Whose it is.
    pub sub: String,
    /// The OAuth app that it was made for.
    pub client_id: String,
    /// When it ends.
    pub end: DateTime<Utc>,
    /// What was granted, separated by spaces, where it says so.
    pub scope: Option<String>,
}

/// Why there are no claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoClaims {
    /// It is no JWT.
    NoJwt,
    /// It does not say for which OAuth app it was made, whose it is, or when it ends.
    NotSaid,
}

/// The claims of the JWT that comes after `hf_oauth_`.
///
/// # Errors
/// [`NoClaims`].
pub fn read(jwt: &str) -> Result<Claims, NoClaims> {
    let (header, payload) = parts(jwt).ok_or(NoClaims::NoJwt)?;
    // A list would be claims, too, by their order.
    for part in [&header, &payload] {
        serde_json::from_slice::<Map<String, Value>>(part).map_err(|_| NoClaims::NoJwt)?;
    }
    let Payload { sub, client_id, exp, scope } =
        serde_json::from_slice(&payload).map_err(|_| NoClaims::NotSaid)?;
    let end = DateTime::from_timestamp(exp, 0).ok_or(NoClaims::NotSaid)?;
    Ok(Claims { sub, client_id, end, scope: scope_in(&scope) })
}

/// Header and payload. RFC 7515 §7.1: three parts in base64url.
fn parts(jwt: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut parts = jwt.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let (header, payload, signature) = (parts.next()??, parts.next()??, parts.next()??);
    (parts.next().is_none() && !signature.is_empty()).then_some((header, payload))
}

/// A list, or separated by spaces. RFC 9068 §2.2.3.
fn scope_in(scope: &Value) -> Option<String> {
    match scope {
        Value::String(scope) => Some(scope.clone()),
        Value::Array(scopes) => {
            let scopes: Option<Vec<_>> = scopes.iter().map(Value::as_str).collect();
            Some(scopes?.join(" "))
        }
        _ => None,
    }
}
