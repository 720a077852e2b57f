//! What sign-in needs to know. Reading the environment is the app's job.

use std::net::SocketAddr;
use std::time::Duration;

use oauth2::{ClientId, ClientSecret};

use super::Origins;
#[cfg(feature = "redis")]
use super::RedisUrl;
#[cfg(feature = "mock-hub")]
use super::mock_hub::MockUsers;

/// Settings of "Sign in with Hugging Face".
#[derive(Clone, Debug)]
pub struct OAuthSettings {
    /// With whom users sign in.
    pub sign_in: SignIn,
    /// The names under which visitors reach this app.
    pub origins: Origins,
    /// The address that this app listens on, where the mock Hub is.
    pub address: SocketAddr,
    /// Path in front of `/oauth/huggingface/…`; slashes at its ends do not matter. Empty for none.
    pub route_prefix: String,
    /// Secret of which the session keys are derived. `None`: random keys, so that sessions end with the process.
    pub session_secret: Option<SessionSecret>,
    /// Where sessions and hand-offs are kept.
    pub session_storage: SessionStorage,
    /// The app's title, for the pages of sign-in itself.
    pub app_title: String,
    /// URL of a stylesheet for these pages; they are plain without one.
    pub stylesheet: Option<String>,
    /// How long to wait for the Hub and for how long its answers hold.
    pub limits: Limits,
}

/// With whom users sign in.
#[derive(Clone, Debug)]
pub enum SignIn {
    /// With Hugging Face.
    HuggingFace(OAuthClient),
    /// With the mock Hub that this app serves itself.
    #[cfg(feature = "mock-hub")]
    Mock {
        /// Whom one can be.
        users: MockUsers,
        /// Scopes to ask for, separated by spaces. RFC 6749 §3.3.
        scopes: String,
    },
    /// With nobody: login answers 503 and says how to configure it.
    Off,
}

impl SignIn {
    /// Whether no real account is involved.
    #[must_use]
    pub fn is_mocked(&self) -> bool {
        !matches!(self, Self::HuggingFace(_) | Self::Off)
    }
}

/// An OAuth app, as the Hub registers it.
#[derive(Clone, Debug)]
pub struct OAuthClient {
    /// RFC 6749 §2.2.
    pub client_id: ClientId,
    /// RFC 6749 §2.3.1. `None` for a public app.
    pub client_secret: Option<ClientSecret>,
    /// Scopes to ask for, separated by spaces. RFC 6749 §3.3.
    pub scopes: String,
    /// The OpenID provider, `https://huggingface.co` on the Hub. Its metadata is at
    /// `{provider_url}/.well-known/openid-configuration`.
    pub provider_url: String,
}

/// Where sessions and hand-offs are kept.
#[derive(Clone, Debug, Default)]
pub enum SessionStorage {
    /// Sessions in the visitors' encrypted cookies, hand-offs in memory.
    #[default]
    Cookies,
    /// Both in Redis, where all replicas share them, and where signing out ends a session at once.
    #[cfg(feature = "redis")]
    Redis(RedisUrl),
}

/// A secret of at least 32 bytes, or the OAuth app's own.
#[derive(Clone)]
pub struct SessionSecret(pub String);

impl std::fmt::Debug for SessionSecret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SessionSecret([redacted])")
    }
}

/// Bounds of what the Hub may cost this app.
#[derive(Clone, Debug)]
pub struct Limits {
    /// To connect to the Hub.
    pub connect: Duration,
    /// For all requests of one sign-in together.
    pub sign_in: Duration,
    /// To read a user's organizations again.
    pub read_orgs: Duration,
    /// For how long organizations are taken as they were read.
    pub orgs_fresh: Duration,
    /// For how long the Hub is not asked again after it failed to tell a user's organizations.
    pub orgs_retry: Duration,
    /// Memory for organizations of all users together, in bytes.
    pub orgs_memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            sign_in: Duration::from_secs(10),
            read_orgs: Duration::from_secs(3),
            orgs_fresh: Duration::from_mins(10),
            orgs_retry: Duration::from_secs(30),
            orgs_memory: 32 * 1024 * 1024,
        }
    }
}
