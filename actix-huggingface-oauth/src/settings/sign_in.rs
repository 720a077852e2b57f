//! With whom users sign in.

#[cfg(feature = "mock-hub")]
use std::path::PathBuf;

use oauth2::{ClientId, ClientSecret};

#[cfg(feature = "mock-hub")]
use super::SetupError;
#[cfg(feature = "mock-hub")]
use crate::mock_hub::{MockRules, MockUsers};

/// The scopes that every OAuth app on the Hub has. <https://huggingface.co/docs/hub/oauth>
pub const DEFAULT_SCOPES: &str = "openid profile";

/// With whom users sign in.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SignIn {
    /// With Hugging Face.
    HuggingFace(OAuthClient),
    /// With the mock Hub that this app serves itself.
    #[cfg(feature = "mock-hub")]
    Mock(MockSignIn),
    /// With nobody: login answers 503 and says how to configure it.
    Off,
}

/// Whom one can be at the mock Hub, and what is asked of it.
#[cfg(feature = "mock-hub")]
#[derive(Clone, Debug)]
pub struct MockSignIn {
    pub(crate) users: MockUsers,
    /// The default ones where none are named.
    pub(crate) scopes: Option<String>,
    pub(crate) rules: MockRules,
    /// Where a key is kept that outlives a restart.
    pub(super) key_folder: Option<PathBuf>,
}

#[cfg(feature = "mock-hub")]
impl MockSignIn {
    pub(super) fn of(user: &str) -> Result<Self, SetupError> {
        let users = MockUsers::from_setting(user)?;
        Ok(Self { users, scopes: None, rules: MockRules::default(), key_folder: None })
    }
}

impl SignIn {
    /// The mock Hub with a user as `HF_MOCK_USER` names one: `ask` for the page that asks whom to be, a user of the mock
    /// Hub, or the path of a JSON file in the format of `/oauth/userinfo`. Scopes are separated by spaces.
    ///
    /// # Errors
    /// Where there is no such user or file.
    #[cfg(feature = "mock-hub")]
    pub fn mock(user: &str, scopes: impl Into<String>) -> Result<Self, SetupError> {
        let sign_in = MockSignIn { scopes: Some(scopes.into()), ..MockSignIn::of(user)? };
        Ok(Self::Mock(sign_in))
    }

    /// What users are asked for, where it is said already.
    pub(super) fn scopes_mut(&mut self) -> Option<&mut Option<String>> {
        match self {
            Self::HuggingFace(client) => Some(&mut client.scopes),
            #[cfg(feature = "mock-hub")]
            Self::Mock(mock) => Some(&mut mock.scopes),
            Self::Off => None,
        }
    }

    /// Whether no real account is involved.
    #[must_use]
    pub fn is_mocked(&self) -> bool {
        !matches!(self, Self::HuggingFace(_) | Self::Off)
    }
}

/// An OAuth app, as the Hub registers it. `Debug` hides the secret.
#[derive(Clone, Debug)]
pub struct OAuthClient {
    pub(crate) client_id: ClientId,
    pub(crate) client_secret: Option<ClientSecret>,
    /// The default ones where none are named.
    pub(crate) scopes: Option<String>,
    pub(crate) provider_url: String,
}

impl OAuthClient {
    /// What users are asked for.
    pub(crate) fn asked_scopes(&self) -> &str {
        self.scopes.as_deref().unwrap_or(DEFAULT_SCOPES)
    }

    /// A public app (RFC 6749 §2.1) on `https://huggingface.co`, which asks for `openid profile`.
    #[must_use]
    pub fn new(client_id: impl Into<String>) -> Self {
        Self {
            client_id: ClientId::new(client_id.into()),
            client_secret: None,
            scopes: None,
            provider_url: "https://huggingface.co".to_owned(),
        }
    }

    /// The secret of a confidential app. RFC 6749 §2.3.1.
    #[must_use]
    pub fn client_secret(mut self, client_secret: impl Into<String>) -> Self {
        self.client_secret = Some(ClientSecret::new(client_secret.into()));
        self
    }

    /// Scopes to ask for, separated by spaces. RFC 6749 §3.3.
    #[must_use]
    pub fn scopes(mut self, scopes: impl Into<String>) -> Self {
        self.scopes = Some(scopes.into());
        self
    }

    /// The OpenID provider. Its metadata is at `{provider_url}/.well-known/openid-configuration`.
    #[must_use]
    pub fn provider_url(mut self, provider_url: impl Into<String>) -> Self {
        self.provider_url = provider_url.into();
        self
    }
}
