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
//! #     session_storage: Default::default(),
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

mod callback;
mod claim;
mod cookies;
mod display;
mod endpoints;
mod errors;
mod failure;
mod forms;
mod hand_off;
mod http_client;
mod huggingface_oauth;
mod login;
mod logout;
mod membership;
#[cfg(feature = "mock-hub")]
pub mod mock_hub;
mod oauth_info;
mod org_lists;
mod origins;
mod pages;
mod provider;
#[cfg(feature = "redis")]
mod redis;
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
use actix_web::{App, Error, web};

pub use errors::HubError;
pub use hand_off::{HandOffForm, LoginControl};
pub use huggingface_oauth::HuggingFaceOAuth;
pub use membership::{MembershipError, Role};
pub use oauth_info::{NotSignedIn, OAuthInfo, parse_huggingface_oauth, signed_in_user};
pub use origins::Origins;
pub use pages::Site;
#[cfg(feature = "redis")]
pub use redis::RedisUrl;
pub use settings::{Limits, OAuthClient, OAuthSettings, SessionSecret, SessionStorage, SignIn};
pub use user_info::{OAuthOrgInfo, OAuthUserInfo};

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
