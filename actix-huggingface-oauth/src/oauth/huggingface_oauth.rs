//! The provider, the keys, what is in memory, and where all of it is served.

use std::fmt;
use std::future::{Ready, ready};
use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::error::ErrorInternalServerError;
#[cfg(feature = "mock-hub")]
use actix_web::web;
use actix_web::{Error, FromRequest, HttpRequest};

use super::paths::Paths;
use crate::hub::{OrgLists, Provider};
#[cfg(feature = "mock-hub")]
use crate::mock_hub::{self, MockHub};
use crate::pages::{Site, content_security_policy};
use crate::request::Origins;
#[cfg(feature = "redis")]
use crate::session::Redis;
use crate::session::{
    CookieNames, HandOffs, PendingCookie, SessionKeys, SessionStorage, SignInIdentity,
};
use crate::settings::{Limits, OAuthClient, OAuthSettings, SetupError, SignIn};

/// "Sign in with Hugging Face", made once and shared by all of the server's workers: a clone is cheap.
///
/// A handler that takes it as an argument has the one that was attached to its app.
#[derive(Clone)]
pub struct HuggingFaceOAuth {
    /// Without its type, so that an app that drops it does not compile what is in it.
    pub(crate) shared: Arc<dyn Deref<Target = Shared> + Send + Sync>,
}

struct Owned(Shared);

impl Deref for Owned {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// What is shared.
pub struct Shared {
    pub provider: Option<Provider>,
    pub origins: Origins,
    pub paths: Paths,
    pub keys: SessionKeys,
    pub cookie_names: CookieNames,
    pub org_lists: OrgLists,
    pub hand_offs: HandOffs,
    pub storage: SessionStorage,
    pub site: Site,
    pub limits: Limits,
    addresses: Vec<SocketAddr>,
    #[cfg(feature = "mock-hub")]
    pub mock_hub: Option<web::Data<MockHub>>,
}

impl HuggingFaceOAuth {
    /// Sign-in with the settings of the environment, as [`OAuthSettings::from_vars`] reads it.
    ///
    /// # Errors
    /// Where the environment asks for what cannot be, and as [`HuggingFaceOAuth::new`].
    pub fn from_env() -> Result<Self, SetupError> {
        Self::new(OAuthSettings::from_env()?)
    }

    /// Sign-in with these settings. The log says which they are.
    ///
    /// # Errors
    /// Where a secret is too short, where no host is named, where the system has no certificates, or where the URL of
    /// Redis asks for what this build cannot do.
    pub fn new(settings: OAuthSettings) -> Result<Self, SetupError> {
        settings.check()?;
        let addresses = settings.addresses();
        let paths = Paths::new(&settings.route_prefix);
        let mut site = Site {
            app_title: settings.app_title.clone().unwrap_or_else(|| "This app".to_owned()),
            stylesheet: paths.stylesheet.clone(),
            policy: content_security_policy(None),
            mocked: settings.sign_in.is_mocked(),
            theme: None,
        };
        let secret = settings.secret_of_keys();
        #[cfg(feature = "mock-hub")]
        let mock_hub = mock_hub_of(&settings, addresses[0], &site);
        let client = match settings.sign_in {
            SignIn::HuggingFace(client) => Some(client),
            #[cfg(feature = "mock-hub")]
            SignIn::Mock(mock) => mock_hub.as_ref().map(|hub| {
                OAuthClient::new(mock_hub::CLIENT_ID).provider_url(hub.issuer()).scopes(mock.scopes)
            }),
            SignIn::Off => None,
        };
        say_mode(client.as_ref(), site.mocked);
        let provider =
            client.clone().map(|client| Provider::new(client, &settings.limits)).transpose()?;
        #[cfg(feature = "mock-hub")]
        let provider = if site.mocked { provider.map(Provider::of_this_app) } else { provider };
        site.policy = content_security_policy(provider.as_ref().map(Provider::origin).as_deref());
        let keys = SessionKeys::new(secret.as_ref(), &identity(client.as_ref(), site.mocked));
        #[cfg(feature = "redis")]
        let redis =
            settings.redis_url.map(|url| Redis::new(url, keys.namespace.clone())).transpose();
        #[cfg(feature = "redis")]
        let redis = redis.map_err(|error| SetupError::new(format!("REDIS_URL: {error}")))?;
        #[cfg(not(feature = "redis"))]
        let (hand_offs, storage) = (HandOffs::in_memory(), SessionStorage::Cookies);
        #[cfg(feature = "redis")]
        let (hand_offs, storage) = match redis {
            Some(redis) => (HandOffs::InRedis(redis.clone()), SessionStorage::Redis(redis)),
            None => (HandOffs::in_memory(), SessionStorage::Cookies),
        };
        let shared = Shared {
            provider,
            paths,
            keys,
            cookie_names: CookieNames::new(settings.origins.are_https()),
            org_lists: OrgLists::new(&settings.limits),
            hand_offs,
            storage,
            origins: settings.origins,
            site,
            limits: settings.limits,
            addresses,
            #[cfg(feature = "mock-hub")]
            mock_hub,
        };
        Ok(Self { shared: Arc::new(Owned(shared)) })
    }

    /// As [`OAuthSettings::addresses`].
    #[must_use]
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.shared.addresses.clone()
    }

    pub(crate) fn pending_cookie(&self) -> PendingCookie<'_> {
        PendingCookie {
            name: self.shared.cookie_names.pending,
            key: &self.shared.keys.pending,
            https: self.shared.origins.are_https(),
        }
    }
}

impl fmt::Debug for HuggingFaceOAuth {
    /// Without anything that is secret or large.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HuggingFaceOAuth")
            .field("provider", &self.shared.provider.as_ref().map(Provider::url))
            .field("origins", &self.shared.origins)
            .finish_non_exhaustive()
    }
}

impl FromRequest for HuggingFaceOAuth {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let oauth = request.app_data::<Self>().cloned();
        ready(oauth.ok_or_else(|| {
            ErrorInternalServerError("attach_huggingface_oauth was not called on this app")
        }))
    }
}

#[cfg(feature = "mock-hub")]
fn mock_hub_of(
    settings: &OAuthSettings,
    address: SocketAddr,
    site: &Site,
) -> Option<web::Data<MockHub>> {
    let SignIn::Mock(mock) = &settings.sign_in else {
        return None;
    };
    let address = settings.listening_on.unwrap_or(address);
    Some(web::Data::new(MockHub::new(address, mock.users.clone(), site.clone())))
}

fn identity(client: Option<&OAuthClient>, mocked: bool) -> SignInIdentity<'_> {
    SignInIdentity {
        mode: if mocked { "mock" } else { "real" },
        issuer: client.map_or("", |client| &client.provider_url),
        client_id: client.map_or("", |client| &client.client_id),
    }
}

fn say_mode(client: Option<&OAuthClient>, mocked: bool) {
    match client {
        Some(OAuthClient { scopes, .. }) if mocked => {
            tracing::warn!(scopes, "sign-in is mocked, no real account is involved");
        }
        Some(OAuthClient { scopes, provider_url, .. }) => {
            tracing::info!(provider = provider_url, scopes, "sign-in with Hugging Face");
        }
        None if cfg!(feature = "mock-hub") => tracing::warn!(
            "without sign-in: set OAUTH_CLIENT_ID for an OAuth app, or HF_MOCK_USER=ask for mocked users"
        ),
        None => tracing::warn!("without sign-in: set OAUTH_CLIENT_ID for an OAuth app"),
    }
}
