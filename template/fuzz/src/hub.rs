//! A Hub that answers what it is told to.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard};

use actix_web::dev::Server;
use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use futures_util::stream::iter;
use serde_json::json;

/// The code that the Hub exchanges for a token. It refuses all others.
pub const CODE: &str = "good-code";

/// The token that it gives for the code.
const TOKEN: &str = "hf_oauth_token";

/// The user of all other tokens that it accepts.
pub const PROGRAM: &str = "program";

/// What those end with: their signature, in base64url.
pub const SIGNATURE: &str = "c2lnbmVkIGJ5IHRoZSBIdWI";

/// What the Hub answers, and what it was asked.
#[derive(Clone, Default)]
pub struct Hub {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    issuer: String,
    user_info: Option<Vec<u8>>,
    chat: Vec<web::Bytes>,
    exchanges: usize,
}

impl Hub {
    /// Its server, which has to be spawned.
    pub fn serve(&self) -> Server {
        let hub = web::Data::new(self.clone());
        let server = HttpServer::new(move || {
            App::new()
                .app_data(hub.clone())
                .route("/.well-known/openid-configuration", web::get().to(metadata))
                .route("/oauth/token", web::post().to(token))
                .route("/oauth/userinfo", web::get().to(user_info))
                .route("/v1/chat/completions", web::post().to(chat))
        });
        let server = server.workers(1).disable_signals().bind("127.0.0.1:0").expect("a free port");
        self.state().issuer = format!("http://{}", server.addrs()[0]);
        server.run()
    }

    pub fn issuer(&self) -> String {
        self.state().issuer.clone()
    }

    /// From now on the user info of who signs in is this; 503 before.
    pub fn tell(&self, user_info: &[u8]) {
        self.state().user_info = Some(user_info.to_vec());
    }

    /// From now on a chat completion comes in these parts.
    pub fn chat(&self, parts: Vec<web::Bytes>) {
        self.state().chat = parts;
    }

    /// How many codes it was asked to exchange.
    pub fn exchanges(&self) -> usize {
        self.state().exchanges
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic while it is held")
    }
}

async fn metadata(hub: web::Data<Hub>) -> HttpResponse {
    let issuer = hub.issuer();
    HttpResponse::Ok().json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/oauth/authorize"),
        "token_endpoint": format!("{issuer}/oauth/token"),
        "userinfo_endpoint": format!("{issuer}/oauth/userinfo"),
    }))
}

async fn token(hub: web::Data<Hub>, form: web::Bytes) -> HttpResponse {
    hub.state().exchanges += 1;
    if !form_urlencoded::parse(&form).any(|(name, value)| name == "code" && value == CODE) {
        return HttpResponse::BadRequest().json(json!({ "error": "invalid_grant" }));
    }
    HttpResponse::Ok()
        .json(json!({ "access_token": TOKEN, "token_type": "bearer", "expires_in": 28_800 }))
}

async fn user_info(hub: web::Data<Hub>, request: HttpRequest) -> HttpResponse {
    let header = request.headers().get("authorization").and_then(|header| header.to_str().ok());
    let token = header.and_then(|header| header.strip_prefix("Bearer ")).unwrap_or_default();
    if token.rsplit_once('.').is_some_and(|(_, signature)| signature == SIGNATURE) {
        return HttpResponse::Ok().json(json!({ "sub": PROGRAM }));
    }
    match hub.state().user_info.clone() {
        None => HttpResponse::new(StatusCode::SERVICE_UNAVAILABLE),
        Some(_) if token != TOKEN => HttpResponse::new(StatusCode::UNAUTHORIZED),
        Some(user_info) => HttpResponse::Ok().body(user_info),
    }
}

async fn chat(hub: web::Data<Hub>, _: web::Bytes) -> HttpResponse {
    let parts = hub.state().chat.clone();
    let parts = iter(parts.into_iter().map(Ok::<_, Infallible>));
    HttpResponse::Ok().content_type("text/event-stream").streaming(parts)
}
