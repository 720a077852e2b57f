//! HTTP as it is spoken with the Hub: no redirects, answers of bounded size, no secret in an error.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::StatusCode;
use reqwest::{Client, ClientBuilder, RequestBuilder, redirect};
use rustls::ClientConfig;
use rustls_platform_verifier::BuilderVerifierExt;

use super::HubError;
use crate::request::is_loopback_url;
use crate::settings::{Limits, SetupError};

/// For an app's own clients: to connect.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// For an app's own clients: a whole request.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// The largest answer that is read, in bytes, but for user info.
pub const MAX_BODY: usize = 1024 * 1024;

/// The largest user info that is read, in bytes: a user may be in thousands of organizations.
pub const MAX_USER_INFO: usize = 4 * 1024 * 1024;

/// An answer that was read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub body: Vec<u8>,
}

/// A client for the provider at `provider_url`, whose requests are bounded by whoever sends them.
///
/// # Errors
/// Where the system's certificates cannot be read.
pub fn for_provider(provider_url: &str, limits: &Limits) -> Result<Client, SetupError> {
    let failed = |error: &dyn std::fmt::Display| {
        SetupError::new(format!(
            "no HTTPS client can be made: {error}. In an image, install the certificates (ca-certificates)"
        ))
    };
    let builder = builder(tls().map_err(|error| failed(&error))?).connect_timeout(limits.connect);
    let builder = if is_loopback_url(provider_url) { builder.no_proxy() } else { builder };
    builder.build().map_err(|error| failed(&error))
}

/// What an app can make HTTP clients of its own with: no redirects are followed, connecting takes three seconds at most
/// and a whole request ten, and TLS needs no cryptography of the process.
///
/// ```
/// let client = actix_huggingface_oauth::http_client().build()?;
/// # Ok::<(), actix_huggingface_oauth::reqwest::Error>(())
/// ```
pub fn http_client() -> ClientBuilder {
    let bounded =
        |builder: ClientBuilder| builder.connect_timeout(CONNECT_TIMEOUT).timeout(REQUEST_TIMEOUT);
    match tls() {
        Ok(tls) => bounded(builder(tls)),
        Err(error) => {
            tracing::error!(%error, "the system's certificates cannot be read");
            // What is no TLS makes `build` fail.
            bounded(builder(()))
        }
    }
}

fn builder(tls: impl Any) -> ClientBuilder {
    Client::builder()
        // Following redirects would let the provider send secrets elsewhere (SSRF).
        .redirect(redirect::Policy::none())
        .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))
        .tls_backend_preconfigured(tls)
}

/// TLS with ring, whatever cryptography the process has or has not chosen, and the system's certificates.
fn tls() -> Result<ClientConfig, rustls::Error> {
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?;
    Ok(config.with_no_client_auth())
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
