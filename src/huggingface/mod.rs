//! "Sign in with Hugging Face" for any Actix app.
//!
//! [`attach_huggingface_oauth`] adds the endpoints `/oauth/huggingface/login`, `/callback` and
//! `/logout` to an app. A handler that takes [`OAuthInfo`] is for signed-in users only, one that
//! takes `Option<OAuthInfo>` is for all; [`parse_huggingface_oauth`] does the same by hand.
//!
//! This folder and `templates/huggingface/` need nothing else of the app around them.
//!
//! ```
//! use actix_web::{App, HttpServer, Responder, get, web};
//! use app::huggingface::{HuggingFaceOAuth, OAuthInfo, OAuthSettings, attach_huggingface_oauth};
//! use serde_json::json;
//!
//! /// Greets the user if they are logged in.
//! #[get("/")]
//! async fn greet_json(oauth_info: Option<OAuthInfo>) -> impl Responder {
//!     let Some(oauth_info) = oauth_info else {
//!         return web::Json(json!({"msg": "Not logged in!"}));
//!     };
//!     let username = oauth_info.user_info.preferred_username.unwrap_or_default();
//!     web::Json(json!({"msg": format!("Hello, {username}!")}))
//! }
//!
//! # fn main() -> anyhow::Result<()> {
//! # let settings = OAuthSettings {
//! #     sign_in: app::huggingface::SignIn::Off,
//! #     origins: app::huggingface::Origins::Loopback,
//! #     address: ([127, 0, 0, 1], 7860).into(),
//! #     route_prefix: String::new(),
//! #     session_secret: None,
//! #     app_title: String::new(),
//! #     stylesheet: None,
//! #     limits: Default::default(),
//! # };
//! let oauth = web::Data::new(HuggingFaceOAuth::new(settings)?);
//! let server = HttpServer::new(move || {
//!     attach_huggingface_oauth(App::new().service(greet_json), oauth.clone())
//! });
//! # drop(server);
//! # Ok(())
//! # }
//! ```

mod claim;
mod cookies;
mod display;
mod endpoints;
mod errors;
mod failure;
mod hand_off;
mod http_client;
mod membership;
#[cfg(feature = "mock-hub")]
pub mod mock_hub;
mod oauth_info;
mod org_lists;
mod origins;
mod pages;
mod provider;
mod request_guard;
mod session;
mod settings;
mod sign_ins;
mod theme;
mod user_info;
pub mod way_back;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::{App, Error, HttpRequest, web};
use oauth2::url::{Url, form_urlencoded};

pub use errors::HubError;
pub use hand_off::{HandOffForm, LoginControl};
pub use membership::{MembershipError, Role};
pub use oauth_info::{NotSignedIn, OAuthInfo, parse_huggingface_oauth, signed_in_user};
pub use origins::Origins;
pub use pages::Site;
pub use settings::{Limits, OAuthClient, OAuthSettings, SessionSecret, SignIn};
pub use user_info::{OAuthOrgInfo, OAuthUserInfo};

use hand_off::HandOffs;
use org_lists::{OrgList, OrgLists};
use provider::Provider;

/// "Sign in with Hugging Face", made once and shared by all of the server's workers.
pub struct HuggingFaceOAuth {
    provider: Option<Provider>,
    origins: Origins,
    paths: Paths,
    keys: cookies::Keys,
    cookie_names: cookies::Names,
    org_lists: OrgLists,
    hand_offs: HandOffs,
    site: Site,
    limits: Limits,
    #[cfg(feature = "mock-hub")]
    mock_hub: Option<web::Data<mock_hub::MockHub>>,
}

/// Paths of the endpoints, and the one in front of them all.
#[derive(Clone)]
struct Paths {
    sign_in: String,
    login: String,
    callback: String,
    logout: String,
    claim: String,
    script: String,
}

impl HuggingFaceOAuth {
    /// # Errors
    /// Where no HTTP client can be made, for want of the system's certificates.
    pub fn new(settings: OAuthSettings) -> Result<Self, reqwest::Error> {
        let site = Site {
            app_title: settings.app_title,
            stylesheet: settings.stylesheet,
            mocked: settings.sign_in.is_mocked(),
            theme: None,
        };
        #[cfg(feature = "mock-hub")]
        let mock_hub =
            mock_hub::MockHub::of(&settings.sign_in, settings.address, &site).map(web::Data::new);
        let client = match settings.sign_in {
            SignIn::HuggingFace(client) => Some(client),
            #[cfg(feature = "mock-hub")]
            SignIn::Mock { scopes, .. } => mock_hub.as_ref().map(|hub| hub.client(scopes)),
            SignIn::Off => None,
        };
        Ok(Self {
            provider: client.map(|client| Provider::new(client, &settings.limits)).transpose()?,
            paths: Paths::new(&settings.route_prefix),
            keys: cookies::Keys::new(settings.session_secret.as_ref()),
            cookie_names: cookies::Names::new(settings.origins.are_https()),
            org_lists: OrgLists::new(&settings.limits),
            hand_offs: HandOffs::new(),
            origins: settings.origins,
            site,
            limits: settings.limits,
            #[cfg(feature = "mock-hub")]
            mock_hub,
        })
    }

    /// What pages show of the app around them.
    #[must_use]
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// What the page that answers `request` shows of the app around it.
    fn site_for(&self, request: &HttpRequest) -> Site {
        Site { theme: self.theme(request), ..self.site.clone() }
    }

    /// The origin of the provider, for a Content-Security-Policy.
    #[must_use]
    pub fn provider_origin(&self) -> Option<String> {
        let provider = self.provider.as_ref()?;
        Url::parse(provider.url()).ok().map(|url| url.origin().ascii_serialization())
    }

    /// The link that signs in and comes back to `target`, a path on this app.
    #[must_use]
    pub fn login_url(&self, target: &str) -> String {
        with_target(&self.paths.login, &way_back::checked(target, &self.paths.sign_in))
    }

    /// The link that signs out and goes on to `target`, a path on this app.
    #[must_use]
    pub fn logout_url(&self, target: &str) -> String {
        with_target(&self.paths.logout, &way_back::checked(target, &self.paths.sign_in))
    }

    async fn orgs_of(&self, info: &OAuthInfo) -> OrgList {
        match &self.provider {
            Some(provider) => self.org_lists.of(info, provider).await,
            None => OrgList::Unknown,
        }
    }
}

impl Paths {
    fn new(route_prefix: &str) -> Self {
        let sign_in = match route_prefix.trim_matches('/') {
            "" => "/oauth/huggingface/".to_owned(),
            prefix => format!("/{prefix}/oauth/huggingface/"),
        };
        Self {
            login: format!("{sign_in}login"),
            callback: format!("{sign_in}callback"),
            logout: format!("{sign_in}logout"),
            claim: format!("{sign_in}claim"),
            script: format!("{sign_in}hand-off.js"),
            sign_in,
        }
    }
}

fn with_target(path: &str, target: &str) -> String {
    match target {
        "/" => path.to_owned(),
        target => {
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("_target_url", target)
                .finish();
            format!("{path}?{query}")
        }
    }
}

/// Adds sign-in to an app: the session, the check of requests that change something, and the endpoints.
pub fn attach_huggingface_oauth<T, B>(
    app: App<T>,
    oauth: web::Data<HuggingFaceOAuth>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = Error,
        InitError = (),
    >,
>
where
    T: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<B>,
            Error = Error,
            InitError = (),
        > + 'static,
    B: MessageBody + 'static,
{
    // The last wrap runs first.
    let app = app.configure(endpoints::configure(&oauth));
    #[cfg(feature = "mock-hub")]
    let app = app.configure(mock_hub::configure(oauth.mock_hub.clone()));
    app.wrap(from_fn(cookies::note_session))
        .wrap(cookies::session_middleware(&oauth))
        .wrap(from_fn(cookies::write_cookies))
        .wrap(from_fn(request_guard::refuse_others))
        .app_data(oauth)
}
