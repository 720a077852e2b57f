//! The OpenID provider, that is the Hub, as one OAuth app sees it: the authorization URL, the exchange of the code,
//! and user info.

use chrono::{DateTime, TimeDelta, Utc};
use oauth2::basic::{BasicClient, BasicErrorResponse, BasicErrorResponseType, BasicTokenResponse};
use oauth2::url::Url;
use oauth2::{
    AccessToken, AuthorizationCode, CsrfToken, EndpointNotSet, EndpointSet, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, TokenResponse,
};
use reqwest::Method;
use tokio::sync::OnceCell;

use super::http_client::{HttpClient, MAX_BODY, MAX_USER_INFO};
use super::metadata::Metadata;
use super::refused_by::RefusedBy;
use super::token_response;
use super::{Asking, HubError};
use crate::settings::{Limits, OAuthClient, SetupError};
use crate::user::OAuthUserInfo;

/// Life of a token where the Hub does not tell it: the default of `hf_oauth_expiration_minutes`.
const DEFAULT_TOKEN_LIFETIME: TimeDelta = TimeDelta::minutes(480);

/// The longest life of a token that the Hub gives: the maximum of `hf_oauth_expiration_minutes`.
pub const MAX_TOKEN_LIFETIME: TimeDelta = TimeDelta::minutes(43_200);

type ConfiguredClient =
    BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// The Hub as one OAuth app sees it.
pub struct Provider {
    client: OAuthClient,
    http: HttpClient,
    metadata: OnceCell<Metadata>,
    /// Where pictures are of which a path is told; `None` for this app itself.
    pictures_at: Option<Url>,
}

/// Where to send a visitor to sign in, and what has to be kept until the callback.
pub struct AuthorizationRedirect {
    pub url: String,
    pub state: CsrfToken,
    pub code_verifier: PkceCodeVerifier,
}

/// What the token endpoint gave.
pub struct Grant {
    pub access_token: AccessToken,
    pub expires_at: DateTime<Utc>,
    pub scope: String,
}

impl Provider {
    /// # Errors
    /// Where no HTTP client can be made, for want of the system's certificates.
    pub fn new(client: OAuthClient, limits: &Limits) -> Result<Self, SetupError> {
        let http = HttpClient::new(&client.provider_url, limits)?;
        let pictures_at = Url::parse(&client.provider_url).ok();
        Ok(Self { client, http, metadata: OnceCell::new(), pictures_at })
    }

    /// The one that this app serves itself, whose pictures are wherever a visitor reaches the app.
    #[cfg(feature = "mock-hub")]
    pub fn of_this_app(self) -> Self {
        Self { pictures_at: None, ..self }
    }

    /// Where the provider is, as it was configured.
    pub fn url(&self) -> &str {
        &self.client.provider_url
    }

    /// What users are asked for, separated by spaces.
    pub fn asked_scopes(&self) -> &str {
        self.client.asked_scopes()
    }

    /// Its origin, for a Content-Security-Policy.
    pub fn origin(&self) -> String {
        Url::parse(self.url()).map(|url| url.origin().ascii_serialization()).unwrap_or_default()
    }

    /// Where the Hub's API is, without a slash at the end: at its own origin, or under the path of the mock Hub.
    pub fn api_url(&self) -> String {
        match &self.pictures_at {
            Some(url) => url.origin().ascii_serialization(),
            None => self.url().trim_end_matches('/').to_owned(),
        }
    }

    /// The OAuth app that it is asked as.
    pub fn client_id(&self) -> &str {
        &self.client.client_id
    }

    /// The client with which it is asked.
    pub fn http(&self) -> &HttpClient {
        &self.http
    }

    /// An authorization URL with PKCE (RFC 7636) and a fresh state (RFC 6749 §10.12).
    ///
    /// # Errors
    /// [`HubError`] where the metadata cannot be read.
    pub async fn authorization_request(
        &self,
        redirect_uri: RedirectUrl,
        asking: &Asking,
    ) -> Result<AuthorizationRedirect, HubError> {
        let client = self.configured(self.metadata().await?);
        let (code_challenge, code_verifier) = PkceCodeChallenge::new_random_sha256();
        let request = client.authorize_url(CsrfToken::new_random);
        let params = asking.params().into_iter();
        let request =
            params.fold(request, |request, (name, value)| request.add_extra_param(name, value));
        let (url, state) = request
            .add_scopes(
                self.client
                    .asked_scopes()
                    .split_whitespace()
                    .map(|scope| Scope::new(scope.to_owned())),
            )
            .set_pkce_challenge(code_challenge)
            .set_redirect_uri(std::borrow::Cow::Owned(redirect_uri))
            .url();
        Ok(AuthorizationRedirect { url: url.into(), state, code_verifier })
    }

    /// Whether a callback with this `iss` may be this provider's. RFC 9207 §2.4.
    ///
    /// # Errors
    /// [`HubError`] where the metadata cannot be read.
    pub async fn may_send(&self, iss: Option<&str>) -> Result<bool, HubError> {
        let metadata = self.metadata().await?;
        Ok(match iss {
            Some(iss) => metadata.issuer == iss,
            None => metadata.authorization_response_iss_parameter_supported != Some(true),
        })
    }

    /// Exchanges the authorization code for an access token.
    ///
    /// # Errors
    /// [`HubError`] where the Hub refuses the code or does not answer as it should.
    pub async fn exchange(
        &self,
        code: String,
        code_verifier: PkceCodeVerifier,
        redirect_uri: RedirectUrl,
    ) -> Result<Grant, HubError> {
        let client = self.configured(self.metadata().await?);
        let mut request = client
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(code_verifier)
            .set_redirect_uri(std::borrow::Cow::Owned(redirect_uri));
        if self.client.client_secret.is_some() {
            // Hugging Face's own clients name the client in the body besides the Authorization header.
            request = request.add_extra_param("client_id", self.client.client_id.as_str());
        }
        let http = |request| self.send(request);
        let response = request.request_async(&http).await.map_err(token_error)?;
        Ok(self.grant(&response))
    }

    /// The user info of the one to whom the token belongs, as the Hub sends it.
    ///
    /// # Errors
    /// [`HubError`]; `Unauthorized` where the token does not hold.
    pub async fn user_info(&self, access_token: &AccessToken) -> Result<OAuthUserInfo, HubError> {
        let endpoint = &self.metadata().await?.userinfo_endpoint;
        let request = self.http.request(Method::GET, endpoint).bearer_auth(access_token.secret());
        let answer = self.http.read(request, MAX_USER_INFO).await?;
        match answer.status.as_u16() {
            200 => {}
            401 => return Err(HubError::Unauthorized),
            _ => return Err(HubError::Failed(answer.status)),
        }
        let mut user = OAuthUserInfo::from_json(&answer.body)
            .ok_or(HubError::Malformed("user info is no JSON with a sub"))?;
        self.resolve_pictures(&mut user);
        Ok(user)
    }

    /// Makes URLs of the pictures of which a path is told.
    pub(super) fn resolve_pictures(&self, user: &mut OAuthUserInfo) {
        user.resolve_pictures(self.pictures_at.as_ref());
    }

    /// The provider's metadata, read once. A failure is not kept, so that the next sign-in tries again.
    async fn metadata(&self) -> Result<&Metadata, HubError> {
        let read = || Metadata::read(&self.http, &self.client.provider_url);
        self.metadata.get_or_try_init(read).await
    }

    fn configured(&self, metadata: &Metadata) -> ConfiguredClient {
        let client = BasicClient::new(self.client.client_id.clone())
            .set_auth_uri(metadata.authorization_endpoint.clone())
            .set_token_uri(metadata.token_endpoint.clone());
        match &self.client.client_secret {
            Some(secret) => client.set_client_secret(secret.clone()),
            None => client,
        }
    }

    async fn send(&self, request: oauth2::HttpRequest) -> Result<oauth2::HttpResponse, HubError> {
        let request = reqwest::Request::try_from(request).map_err(HubError::from_request)?;
        let answer = self.http.read(self.http.request_from(request), MAX_BODY).await?;
        let mut response = oauth2::HttpResponse::new(token_response::normalized(answer.body));
        *response.status_mut() = oauth2::http::StatusCode::from_u16(answer.status.as_u16())
            .map_err(|_| HubError::Malformed("status"))?;
        Ok(response)
    }

    fn grant(&self, response: &BasicTokenResponse) -> Grant {
        let life = response.expires_in().map_or(DEFAULT_TOKEN_LIFETIME, |life| {
            TimeDelta::from_std(life).unwrap_or(MAX_TOKEN_LIFETIME).min(MAX_TOKEN_LIFETIME)
        });
        let scope = response
            .scopes()
            .map(|scopes| scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" "));
        Grant {
            access_token: response.access_token().clone(),
            expires_at: Utc::now() + life,
            // RFC 6749 §5.1: left out where it is the requested one.
            scope: scope.unwrap_or_else(|| self.client.asked_scopes().to_owned()),
        }
    }
}

/// `RequestTokenError` holds the answer's body, so that it must not reach a log.
fn token_error(error: RequestTokenError<HubError, BasicErrorResponse>) -> HubError {
    match error {
        RequestTokenError::Request(error) => error,
        RequestTokenError::ServerResponse(response) => match response.error() {
            BasicErrorResponseType::InvalidGrant => HubError::InvalidGrant,
            error => HubError::Refused(RefusedBy::of(error.as_ref())),
        },
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            HubError::Malformed("token response")
        }
    }
}
