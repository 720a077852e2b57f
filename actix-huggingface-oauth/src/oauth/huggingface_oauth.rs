//! The provider, the keys, what is in memory, and where all of it is served.

use std::fmt;
use std::future::{Ready, ready};
use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

#[cfg(feature = "mock-hub")]
use actix_web::cookie::Key;
use actix_web::dev::Payload;
use actix_web::error::ErrorInternalServerError;
use actix_web::http::header::{COOKIE, HeaderMap};
#[cfg(feature = "mock-hub")]
use actix_web::web;
use actix_web::{Error, FromRequest, HttpRequest};

use super::modes;
use super::paths::Paths;
#[cfg(feature = "redis")]
use crate::auth::Redis;
use crate::auth::{
    AuthCookie, AuthKeys, AuthStore, CookieContext, CookieNames, LoginIdentity, PendingCookies,
    Revocations, StoreUnavailable, UsedStates, cookies,
};
use crate::hub::{Chats, OrgLists, Provider, Router, TokenOwners};
#[cfg(feature = "mock-hub")]
use crate::mock_hub::{self, MockHub};
use crate::pages::{Site, content_security_policy};
use crate::request::Origins;
use crate::request::fetch_metadata::is_frame;
#[cfg(feature = "mock-hub")]
use crate::settings::MockSignIn;
use crate::settings::{
    Bearer, Limits, LoginHook, OAuthClient, OAuthSettings, OpenedPaths, SetupError, SignIn,
};

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
    pub keys: AuthKeys,
    /// As a source in a Content-Security-Policy.
    pub provider_origin: Option<String>,
    pub org_lists: OrgLists,
    /// Which bearer tokens count.
    pub bearer: Bearer,
    pub token_owners: TokenOwners,
    /// What pages of other sites may send requests to.
    pub opened_paths: OpenedPaths,
    pub on_login: Option<LoginHook>,
    pub router: Option<Router>,
    pub chats: Chats,
    pub revocations: Revocations,
    pub used_states: UsedStates,
    /// Whether the log has said that HEAD `/` is not served.
    pub is_head_reported: AtomicBool,
    pub store: AuthStore,
    pub site: Site,
    pub limits: Limits,
    /// The name of the Space's owner on the Hub.
    pub space_owner: Option<String>,
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
        let settings = settings.with_scopes();
        #[cfg(feature = "mock-hub")]
        for fault in &settings.card.faults {
            tracing::warn!("{fault}");
        }
        let addresses = settings.addresses();
        let paths = Paths::new(&settings.route_prefix);
        let mut site = Site {
            app_title: settings.title().unwrap_or("This app").to_owned(),
            stylesheet: paths.stylesheet.clone(),
            policy: content_security_policy(None),
            mocked: settings.sign_in.is_mocked(),
            theme: None,
            request_id: None,
        };
        let secret = settings.secret_of_keys().map(|secret| secret.0.into_bytes());
        #[cfg(feature = "mock-hub")]
        let mock_key = settings.mock_key();
        #[cfg(feature = "mock-hub")]
        let secret = secret.or_else(|| Some(mock_key.as_ref()?.master().to_owned()));
        #[cfg(feature = "mock-hub")]
        let space_owner = settings.space_owner.clone().or_else(|| match &settings.sign_in {
            SignIn::Mock(mock) => mock.users.owner(),
            _ => None,
        });
        #[cfg(not(feature = "mock-hub"))]
        let space_owner = settings.space_owner;
        #[cfg(feature = "mock-hub")]
        let mock_hub = mock_hub_of(&settings, addresses[0], mock_key, &site, space_owner.clone());
        let client = match settings.sign_in {
            SignIn::HuggingFace(client) => Some(client),
            #[cfg(feature = "mock-hub")]
            SignIn::Mock(mock) => mock_hub.as_ref().map(|hub| {
                let client = OAuthClient::new(mock_hub::CLIENT_ID).provider_url(hub.issuer());
                OAuthClient { scopes: mock.scopes, ..client }
            }),
            SignIn::Off => None,
        };
        modes::say(client.as_ref(), site.mocked, &settings.origins);
        let provider =
            client.clone().map(|client| Provider::new(client, &settings.limits)).transpose()?;
        #[cfg(feature = "mock-hub")]
        let provider = if site.mocked { provider.map(Provider::of_this_app) } else { provider };
        let router =
            Router::new(settings.router, provider.as_ref(), site.mocked, &settings.limits)?;
        let provider_origin = match &provider {
            Some(_) if site.mocked => Some("http://127.0.0.1:*".to_owned()),
            provider => provider.as_ref().map(Provider::origin),
        };
        site.policy = content_security_policy(provider_origin.as_deref());
        let keys = AuthKeys::new(secret.as_deref(), &identity(client.as_ref(), site.mocked));
        let (store, revocations) = (AuthStore::in_cookies(), Revocations::in_memory());
        #[cfg(feature = "redis")]
        let (store, revocations) = match settings.redis_url {
            Some(url) => {
                let redis = Redis::new(url, &keys);
                let redis =
                    redis.map_err(|error| SetupError::new(format!("REDIS_URL: {error}")))?;
                (AuthStore::Redis(redis.clone()), Revocations::in_redis(redis))
            }
            None => (store, revocations),
        };
        let shared = Shared {
            provider,
            paths,
            keys,
            provider_origin,
            org_lists: OrgLists::new(&settings.limits),
            bearer: settings.bearer,
            token_owners: TokenOwners::new(&settings.limits),
            opened_paths: settings.opened_paths,
            on_login: settings.on_login,
            router,
            chats: Chats::default(),
            revocations,
            used_states: UsedStates::new(),
            is_head_reported: AtomicBool::default(),
            store,
            origins: settings.origins,
            site,
            limits: settings.limits,
            space_owner,
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

    /// Ends all logins of the user with this `sub` up to now, in all browsers: their next request is signed out. The user can log in
    /// again, unless [`OAuthSettings::on_login`] denies it.
    ///
    /// With Redis it holds on all replicas, unless Redis evicts it. Otherwise it holds in this process, and a restart forgets it.
    ///
    /// # Errors
    /// [`StoreUnavailable`] if Redis does not have it: then it holds in this process alone.
    pub async fn revoke_user(&self, sub: &str) -> Result<(), StoreUnavailable> {
        self.shared.revocations.revoke_user(sub).await
    }

    /// Whether a pattern of the router is one of sign-in's own.
    pub(crate) fn serves(&self, pattern: &str) -> bool {
        #[cfg(feature = "mock-hub")]
        if self.is_mocked() && mock_hub::serves(pattern) {
            return true;
        }
        self.shared.paths.have(pattern)
    }

    /// What was attached to the app of a request. If nothing was, the log says so.
    pub(crate) fn of(request: &HttpRequest) -> Option<&Self> {
        let oauth = request.app_data::<Self>();
        if oauth.is_none() {
            log_not_attached();
        }
        oauth
    }

    /// The names of the cookies of a request and of its answer.
    pub(crate) fn cookie_names(&self, headers: &HeaderMap) -> CookieNames {
        CookieNames::new(self.shared.origins.loopback_port(headers))
    }

    /// The jar of a cookie that is not of the login. Browsers do not say that a script's request comes from an iframe; over https
    /// they accept the partitioned jar in both places.
    pub(crate) fn cookie_context(&self, headers: &HeaderMap) -> CookieContext {
        if self.shared.origins.is_https(headers) || is_frame(headers) {
            CookieContext::Embedded
        } else {
            CookieContext::TopLevel
        }
    }

    /// The cookies of a request, by which all of this crate reads its own: none for cross-origin reads, whatever other
    /// middleware has parsed.
    pub(crate) fn cookies<'a>(
        &self,
        headers: &'a HeaderMap,
    ) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let is_read =
            headers.contains_key(COOKIE) && !self.shared.origins.is_read_by_others(headers);
        is_read.then(|| cookies(headers)).into_iter().flatten()
    }

    /// The value of a cookie of a request, as [`Self::cookies`] reads it.
    pub(crate) fn cookie<'a>(
        &self,
        headers: &'a HeaderMap,
        cookie: &AuthCookie,
    ) -> Option<&'a str> {
        let mut cookies = self.cookies(headers);
        cookies.find(|(name, _)| *name == cookie.name).map(|(_, value)| value)
    }

    /// The cookies of pending logins.
    pub(crate) fn pending_cookies(&self, headers: &HeaderMap) -> PendingCookies<'_> {
        PendingCookies { names: self.cookie_names(headers), key: &self.shared.keys.pending }
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

/// Logs that a request needs a login which its app does not have.
pub fn log_not_attached() {
    tracing::error!(
        "a handler or middleware asks for the login, and its app has none: call attach_huggingface_oauth, or both \
         .configure(oauth.routes()) and .wrap(oauth.middleware())"
    );
}

impl FromRequest for HuggingFaceOAuth {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request).cloned().ok_or_else(|| {
            ErrorInternalServerError("This app is misconfigured: its log has the reason.")
        }))
    }
}

#[cfg(feature = "mock-hub")]
fn mock_hub_of(
    settings: &OAuthSettings,
    address: SocketAddr,
    key: Option<Key>,
    site: &Site,
    owner: Option<String>,
) -> Option<web::Data<MockHub>> {
    let SignIn::Mock(mock) = &settings.sign_in else {
        return None;
    };
    let address = settings.listening_on.unwrap_or(address);
    let MockSignIn { users, mut rules, scopes, .. } = mock.clone();
    rules.space_owner = owner;
    rules.token_scope = scopes.unwrap_or(rules.token_scope);
    let key = key.unwrap_or_else(Key::generate);
    let hub = MockHub::new(address, settings.origins.clone(), users, rules, key, site.clone());
    Some(web::Data::new(hub))
}

fn identity(client: Option<&OAuthClient>, mocked: bool) -> LoginIdentity<'_> {
    LoginIdentity {
        mode: if mocked { "mock" } else { "real" },
        // The mock Hub's is an address of this computer, of which the next start may choose another.
        issuer: client.filter(|_| !mocked).map_or("", |client| &client.provider_url),
        client_id: client.map_or("", |client| &client.client_id),
    }
}
