//! HTTP as it is spoken with the Hub: no redirects, answers of bounded size, no secret in an error.

use actix_web::http::StatusCode;
use reqwest::{Client, RequestBuilder, redirect};

use super::origins::is_loopback;
use super::{HubError, Limits};

/// The largest answer that is read, in bytes, but for user info.
pub const MAX_BODY: usize = 1024 * 1024;

/// The largest user info that is read, in bytes: a user may be in thousands of organizations.
pub const MAX_USER_INFO: usize = 4 * 1024 * 1024;

/// An answer that was read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub body: Vec<u8>,
}

/// A client for the provider at `provider_url`.
///
/// # Errors
/// Where the system's certificates cannot be read.
pub fn client(provider_url: &str, limits: &Limits) -> Result<Client, reqwest::Error> {
    install_crypto_provider();
    let builder = Client::builder()
        .connect_timeout(limits.connect)
        // Following redirects would let the provider send secrets elsewhere (SSRF).
        .redirect(redirect::Policy::none())
        .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")));
    if is_loopback(provider_url) { builder.no_proxy().build() } else { builder.build() }
}

/// Makes ring the cryptography of TLS, unless the app has chosen another already.
pub fn install_crypto_provider() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// Sends a request and reads its answer up to `max_body` bytes.
///
/// # Errors
/// [`HubError`] where the Hub does not answer, is busy or broken, or answers too much.
pub async fn send(request: RequestBuilder, max_body: usize) -> Result<Answer, HubError> {
    let mut response = request.send().await.map_err(HubError::from_request)?;
    let status = StatusCode::from_u16(response.status().as_u16())
        .map_err(|_| HubError::Malformed("status"))?;
    match status.as_u16() {
        300..=399 => return Err(HubError::Redirect(status)),
        429 | 503 => return Err(HubError::Busy(status)),
        500..=599 => return Err(HubError::Failed(status)),
        _ => {}
    }

    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(HubError::from_request)? {
        if body.len() + chunk.len() > max_body {
            return Err(HubError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, body })
}
