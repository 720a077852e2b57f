//! The provider's metadata. OpenID Connect Discovery 1.0.

use oauth2::{AuthUrl, TokenUrl};
use reqwest::Method;
use serde::Deserialize;

use super::HubError;
use super::http_client::{HttpClient, MAX_BODY};

/// The part of the provider's metadata that sign-in uses. OpenID Connect Discovery 1.0 §3.
#[derive(Deserialize)]
pub struct Metadata {
    pub issuer: String,
    /// Whether callbacks always name the issuer. RFC 9207 §3.
    pub authorization_response_iss_parameter_supported: Option<bool>,
    pub authorization_endpoint: AuthUrl,
    pub token_endpoint: TokenUrl,
    pub userinfo_endpoint: String,
}

impl Metadata {
    /// Those of the provider at `provider_url`.
    ///
    /// # Errors
    /// [`HubError`] where they cannot be read, or are another's.
    pub async fn read(http: &HttpClient, provider_url: &str) -> Result<Self, HubError> {
        let provider_url = provider_url.trim_end_matches('/');
        let url = format!("{provider_url}/.well-known/openid-configuration");
        let answer = http.read(http.request(Method::GET, url), MAX_BODY).await?;
        if answer.status != 200 {
            return Err(HubError::Failed(answer.status));
        }
        let metadata: Self = serde_json::from_slice(&answer.body)
            .map_err(|_| HubError::Malformed("provider metadata"))?;
        // OpenID Connect Discovery 1.0 §4.3.
        if metadata.issuer.trim_end_matches('/') != provider_url {
            return Err(HubError::Malformed("another issuer in the provider metadata"));
        }
        Ok(metadata)
    }
}
