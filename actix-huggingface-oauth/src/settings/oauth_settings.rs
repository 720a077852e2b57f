//! The settings themselves, each with a default.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
#[cfg(feature = "mock-hub")]
use std::path::Path;

#[cfg(feature = "mock-hub")]
use actix_web::cookie::Key;
use oauth2::url::Url;

#[cfg(feature = "redis")]
use super::RedisUrl;
#[cfg(feature = "mock-hub")]
use super::card::Card;
#[cfg(feature = "mock-hub")]
use super::mock_key;
#[cfg(feature = "mock-hub")]
use super::sign_in::DEFAULT_SCOPES;
use super::{
    Bearer, Limits, LoginHook, OpenedPaths, RouterSettings, SessionSecret, SetupError, SignIn,
};
use crate::request::Origins;
use crate::user::OAuthInfo;

/// The port that a Space is served on where its README.md has no `app_port`.
/// <https://huggingface.co/docs/hub/spaces-sdks-docker>
const DEFAULT_PORT: u16 = 7860;

/// The shortest session secret, in bytes.
const MIN_SESSION_SECRET: usize = 32;

/// Settings of "Sign in with Hugging Face".
///
/// ```
/// use actix_huggingface_oauth::{HuggingFaceOAuth, OAuthClient, OAuthSettings, Origins, SignIn};
///
/// let client = OAuthClient::new("the-client-id").client_secret("the-client-secret");
/// let settings = OAuthSettings::new(SignIn::HuggingFace(client))
///     .origins(Origins::Https(vec!["app.example.org".to_owned()]))
///     .route_prefix("/auth");
/// let oauth = HuggingFaceOAuth::new(settings)?;
/// # Ok::<(), actix_huggingface_oauth::SetupError>(())
/// ```
#[derive(Clone, Debug)]
pub struct OAuthSettings {
    pub(crate) sign_in: SignIn,
    pub(crate) origins: Origins,
    pub(crate) port: u16,
    pub(crate) listening_on: Option<SocketAddr>,
    pub(crate) route_prefix: String,
    pub(crate) session_secret: Option<SessionSecret>,
    #[cfg(feature = "redis")]
    pub(crate) redis_url: Option<RedisUrl>,
    /// `SPACE_TITLE`.
    pub(super) space_title: Option<String>,
    #[cfg(feature = "mock-hub")]
    pub(crate) card: Card,
    default_title: Option<String>,
    default_scopes: Option<String>,
    pub(crate) router: RouterSettings,
    pub(crate) limits: Limits,
    pub(crate) space_owner: Option<String>,
    pub(crate) bearer: Bearer,
    pub(crate) opened_paths: OpenedPaths,
    pub(crate) on_login: Option<LoginHook>,
}

impl OAuthSettings {
    /// Settings with defaults for all but with whom users sign in.
    #[must_use]
    pub fn new(sign_in: SignIn) -> Self {
        Self {
            sign_in,
            origins: Origins::Loopback,
            port: DEFAULT_PORT,
            listening_on: None,
            route_prefix: String::new(),
            session_secret: None,
            #[cfg(feature = "redis")]
            redis_url: None,
            space_title: None,
            #[cfg(feature = "mock-hub")]
            card: Card::default(),
            default_title: None,
            default_scopes: None,
            router: RouterSettings::default(),
            limits: Limits::default(),
            space_owner: None,
            bearer: Bearer::default(),
            opened_paths: OpenedPaths::default(),
            on_login: None,
        }
    }

    /// A function that is called once at each login, before anything of it is stored: it creates the user's row, writes an audit
    /// line, or denies the login by an error.
    ///
    /// The user sees a page with the status of the error. If that is 4xx, the page shows its text; otherwise the text goes to
    /// the log. An earlier login in the browser stays valid. The function has five seconds ([`Limits::on_login`]).
    ///
    /// A users table that is filled at login:
    ///
    /// ```
    /// use std::collections::HashMap;
    /// use std::sync::{Arc, Mutex};
    ///
    /// use actix_huggingface_oauth::{OAuthInfo, OAuthSettings, SignIn};
    /// use actix_web::error::ErrorServiceUnavailable;
    ///
    /// # #[derive(Clone, Default)]
    /// # struct Database(Arc<Mutex<HashMap<String, String>>>);
    /// # impl Database {
    /// #     async fn upsert_user(&self, sub: &str, name: &str) -> Result<(), std::io::Error> {
    /// #         self.0.lock().unwrap().insert(sub.to_owned(), name.to_owned());
    /// #         Ok(())
    /// #     }
    /// # }
    /// # let database = Database::default();
    /// let settings = OAuthSettings::new(SignIn::Off).on_login(async move |info: &OAuthInfo| {
    ///     let user = &info.user_info;
    ///     let stored = database.upsert_user(&user.sub, user.display_name()).await;
    ///     stored.map_err(ErrorServiceUnavailable)
    /// });
    /// ```
    ///
    /// An allow list:
    ///
    /// ```
    /// use actix_huggingface_oauth::{OAuthInfo, OAuthSettings, SignIn};
    /// use actix_web::error::ErrorForbidden;
    ///
    /// const ALLOWED: [&str; 2] = ["julien-c", "clem"];
    ///
    /// let settings = OAuthSettings::new(SignIn::Off).on_login(async |info: &OAuthInfo| {
    ///     match info.user_info.preferred_username.as_deref() {
    ///         Some(name) if ALLOWED.contains(&name) => Ok(()),
    ///         _ => Err(ErrorForbidden("This Space is in a closed beta.")),
    ///     }
    /// });
    /// ```
    ///
    /// An audit line, and members of an organization alone:
    ///
    /// ```
    /// use actix_huggingface_oauth::{OAuthInfo, OAuthSettings, SignIn};
    ///
    /// let settings = OAuthSettings::new(SignIn::Off).on_login(async |info: &OAuthInfo| {
    ///     info.user_info.member_of("acme", None)?;
    ///     tracing::info!(sub = info.user_info.sub, "login");
    ///     Ok(())
    /// });
    /// ```
    #[must_use]
    pub fn on_login(
        mut self,
        hook: impl AsyncFn(&OAuthInfo) -> Result<(), actix_web::Error> + Send + Sync + 'static,
    ) -> Self {
        self.on_login = Some(LoginHook::new(hook));
        self
    }

    /// The names under which visitors reach this app. [`Origins::Loopback`] by default.
    #[must_use]
    pub fn origins(mut self, origins: Origins) -> Self {
        self.origins = origins;
        self
    }

    /// The address that the app listens on, where it is none of [`addresses`](Self::addresses): the app asks its mock
    /// Hub there.
    #[must_use]
    pub fn listening_on(mut self, address: SocketAddr) -> Self {
        self.listening_on = Some(address);
        self
    }

    /// A path in front of `/oauth/huggingface/…`; slashes at its ends do not matter. None by default.
    #[must_use]
    pub fn route_prefix(mut self, route_prefix: impl Into<String>) -> Self {
        self.route_prefix = route_prefix.into();
        self
    }

    /// A secret of at least 32 bytes of which the session keys are derived. By default the OAuth app's own; where it
    /// has none, keys are random, so that sessions end with the process.
    ///
    /// While sign-in is mocked it is not read.
    #[must_use]
    pub fn session_secret(mut self, session_secret: impl Into<String>) -> Self {
        self.session_secret = Some(SessionSecret(session_secret.into()));
        self
    }

    /// What the card at the top of a Space's README.md says: the title, and what users are asked for, where the
    /// environment does not say it; and for the mock Hub for how long a sign-in holds, and who may sign in. What the Hub
    /// would not take goes to the log. For `cargo run`: in a Space, the Hub itself reads the card.
    #[cfg(feature = "mock-hub")]
    #[must_use]
    pub fn card(mut self, readme: &str) -> Self {
        // Another port on a computer need not be the Space's.
        let card = Card::parse(readme, [self.port, DEFAULT_PORT]);
        let is_default = |scope: &str| DEFAULT_SCOPES.split(' ').any(|default| default == scope);
        let scopes = card.scopes.iter().filter(|scope| !is_default(scope));
        let scopes = scopes.fold(DEFAULT_SCOPES.to_owned(), |scopes, scope| scopes + " " + scope);
        if !card.scopes.is_empty()
            && let Some(asked) = self.sign_in.scopes_mut()
        {
            asked.get_or_insert(scopes);
        }
        match &mut self.sign_in {
            SignIn::Mock(mock) => {
                mock.rules.authorized_orgs.clone_from(&card.authorized_orgs);
                if let Some(token_lifetime) = card.token_lifetime {
                    mock.rules.token_lifetime = token_lifetime;
                }
            }
            SignIn::HuggingFace(_) | SignIn::Off => {}
        }
        self.card = card;
        self
    }

    /// What users are asked for where neither the environment nor a card says it; `openid profile` by default.
    #[must_use]
    pub fn default_scopes(mut self, scopes: impl Into<String>) -> Self {
        self.default_scopes = Some(scopes.into());
        self
    }

    /// With the default scopes where there are no others.
    pub(crate) fn with_scopes(mut self) -> Self {
        if let (Some(asked), Some(scopes)) = (self.sign_in.scopes_mut(), self.default_scopes.take())
        {
            asked.get_or_insert(scopes);
        }
        self
    }

    /// Keeps the mock Hub's key in a folder that nobody else reads, as `target/`, so that a sign-in with it outlives a
    /// restart. Without it, keys are random. The folder is not touched while nothing is mocked.
    #[cfg(feature = "mock-hub")]
    #[must_use]
    pub fn mock_key_in(mut self, folder: &Path) -> Self {
        if let SignIn::Mock(mock) = &mut self.sign_in {
            mock.key_folder = Some(folder.to_owned());
        }
        self
    }

    /// The app's title.
    pub(crate) fn title(&self) -> Option<&str> {
        #[cfg(feature = "mock-hub")]
        let card_title = self.card.title.as_deref();
        #[cfg(not(feature = "mock-hub"))]
        let card_title = None;
        self.space_title.as_deref().or(card_title).or(self.default_title.as_deref())
    }

    /// The app's title on the pages of sign-in, where neither `SPACE_TITLE` nor a card says it.
    #[must_use]
    pub fn default_title(mut self, title: impl Into<String>) -> Self {
        self.default_title = Some(title.into());
        self
    }

    /// Who owns the Space, by the name on the Hub of a user or an organization:
    /// [`require_space_owner`](crate::require_space_owner) lets these in.
    #[must_use]
    pub fn space_owner(mut self, name: impl Into<String>) -> Self {
        self.space_owner = Some(name.into());
        self
    }

    /// How long to wait for the Hub, and for how long its answers hold.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Stores logins and handoffs in Redis at `redis://user:password@host:port/database`, or `rediss://…` over TLS. Reserved
    /// characters of user and password are percent-encoded. By default logins are in the visitors' cookies.
    ///
    /// # Errors
    /// The URL is malformed.
    #[cfg(feature = "redis")]
    pub fn redis_url(mut self, url: &str) -> Result<Self, SetupError> {
        self.redis_url = Some(RedisUrl::parse(url).map_err(|error| {
            SetupError::new(format!(
                "REDIS_URL is not like `redis://user:password@host:6379`, with reserved characters of the password \
                 percent-encoded (`@` as `%40`, `/` as `%2F`, `#` as `%23`): {error}"
            ))
        })?);
        Ok(self)
    }

    /// The addresses to listen on, all of one port: all interfaces, but loopback only while sign-in is mocked. On a
    /// computer, `::1` is one of them where there is such an address, since `localhost` is that, too.
    #[must_use]
    pub fn addresses(&self) -> Vec<SocketAddr> {
        let host =
            if self.sign_in.is_mocked() { Ipv4Addr::LOCALHOST } else { Ipv4Addr::UNSPECIFIED };
        let mut addresses = vec![(host, self.port).into()];
        // Of port 0 each address would get another one.
        if !self.origins.are_https() && self.port != 0 && has_ipv6_loopback() {
            addresses.push((Ipv6Addr::LOCALHOST, self.port).into());
        }
        addresses
    }

    /// The mock Hub's key that outlives a restart, where there is one.
    #[cfg(feature = "mock-hub")]
    pub(crate) fn mock_key(&self) -> Option<Key> {
        match &self.sign_in {
            SignIn::Mock(mock) => mock.key_folder.as_deref().and_then(mock_key::in_folder),
            SignIn::HuggingFace(_) | SignIn::Off => None,
        }
    }

    /// Of what the session keys are derived; `None` for random ones.
    pub(crate) fn secret_of_keys(&self) -> Option<SessionSecret> {
        match &self.sign_in {
            SignIn::HuggingFace(client) => self.session_secret.clone().or_else(|| {
                let secret = client.client_secret.as_ref()?;
                Some(SessionSecret(secret.secret().clone()))
            }),
            SignIn::Off => self.session_secret.clone(),
            #[cfg(feature = "mock-hub")]
            SignIn::Mock(_) => None,
        }
    }

    /// # Errors
    /// Where the settings are none to run with.
    pub(crate) fn check(&self) -> Result<(), SetupError> {
        let is_short =
            self.session_secret.as_ref().is_some_and(|secret| secret.0.len() < MIN_SESSION_SECRET);
        if is_short {
            return Err(SetupError::new(format!(
                "SESSION_SECRET is shorter than {MIN_SESSION_SECRET} bytes: make one with `openssl rand -base64 48`"
            )));
        }
        self.opened_paths.check()?;
        if let SignIn::HuggingFace(client) = &self.sign_in {
            let url = &client.provider_url;
            if !Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
                return Err(SetupError::new(format!(
                    "OPENID_PROVIDER_URL is `{url}`, which is no URL like https://huggingface.co"
                )));
            }
        }
        if matches!(&self.origins, Origins::Https(hosts) | Origins::HttpsOrLoopback(hosts) if hosts.is_empty())
        {
            return Err(SetupError::new(
                "Origins::Https names no host: name those under which visitors reach this app, or use Origins::Loopback",
            ));
        }
        Ok(())
    }
}

fn has_ipv6_loopback() -> bool {
    TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok()
}
