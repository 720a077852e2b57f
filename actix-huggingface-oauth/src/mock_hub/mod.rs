//! A stand-in for the Hub inside the app, so that sign-in on a laptop runs the code that runs in a
//! Space, without an account, a token or a network.
//!
//! It is an OpenID provider with metadata, a consent page, PKCE, code exchange and user info. Its
//! users are in `users.json`, in the Hub's own format. It checks what the Hub checks, but it
//! protects nothing: whoever reaches it may be anybody, so it must only listen on loopback.

mod authorize;
mod avatar;
mod frame;
mod token;
mod users;

use std::net::SocketAddr;
use std::time::Duration;

use actix_web::{HttpResponse, web};
use moka::future::Cache;
use oauth2::{ClientId, CsrfToken};
use serde_json::{Value, json};

use super::pages::Site;
use super::{OAuthClient, SignIn};

pub use users::{MockUserError, MockUsers};

/// The path under which the mock Hub is served.
pub const PATH: &str = "/mock-hub";

/// The only OAuth app that the mock Hub knows.
const CLIENT_ID: &str = "mock-client";

/// How many codes and tokens are remembered: more than a developer needs, few enough to never matter.
const MOST: u64 = 1_000;

/// For how long a code can be exchanged. RFC 6749 §4.1.2.
const CODE_LIFE: Duration = Duration::from_mins(10);

/// The mock Hub of an app that listens on one address.
pub struct MockHub {
    address: SocketAddr,
    issuer: String,
    site: Site,
    users: MockUsers,
    codes: Cache<String, Granted>,
    tokens: Cache<String, Value>,
}

/// What an authorization code stands for until it is exchanged, once.
#[derive(Clone)]
struct Granted {
    user: Value,
    redirect_uri: String,
    code_challenge: String,
    scope: String,
}

impl MockHub {
    /// The mock Hub of an app that listens on `address`; `None` where users sign in otherwise.
    pub(super) fn of(sign_in: &SignIn, address: SocketAddr, site: &Site) -> Option<Self> {
        let SignIn::Mock { users, .. } = sign_in else {
            return None;
        };
        Some(Self {
            address,
            issuer: format!("http://{address}{PATH}"),
            site: site.clone(),
            users: users.clone(),
            codes: Cache::builder().max_capacity(MOST).time_to_live(CODE_LIFE).build(),
            tokens: Cache::builder().max_capacity(MOST).time_to_live(token::LIFE).build(),
        })
    }

    /// The OAuth app to sign in with: a public one, so without a secret.
    pub(super) fn client(&self, scopes: String) -> OAuthClient {
        OAuthClient {
            client_id: ClientId::new(CLIENT_ID.to_owned()),
            client_secret: None,
            scopes,
            provider_url: self.issuer.clone(),
        }
    }
}

/// Adds the mock Hub to an app that has one.
pub(super) fn configure(hub: Option<web::Data<MockHub>>) -> impl FnOnce(&mut web::ServiceConfig) {
    |config| {
        let Some(hub) = hub else { return };
        let resource = web::resource::<&str>;
        let hub = web::scope(PATH)
            .app_data(hub)
            .service(resource("/.well-known/openid-configuration").get(metadata))
            .service(resource("/oauth/authorize").get(authorize::ask).post(authorize::answer))
            .service(resource("/oauth/token").post(token::exchange))
            .service(resource("/oauth/userinfo").get(token::user_info))
            .service(resource("/space").get(frame::space))
            .service(resource("/avatars/{name}.svg").get(avatar::picture));
        config.service(hub);
    }
}

/// OpenID Connect Discovery 1.0 §4.2.
async fn metadata(hub: web::Data<MockHub>) -> HttpResponse {
    let issuer = &hub.issuer;
    HttpResponse::Ok().json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/oauth/authorize"),
        "token_endpoint": format!("{issuer}/oauth/token"),
        "userinfo_endpoint": format!("{issuer}/oauth/userinfo"),
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
    }))
}

fn random() -> String {
    CsrfToken::new_random().into_secret()
}
