//! A Hub that answers what it is told to.

use std::sync::{Arc, Mutex, MutexGuard};

use actix_web::dev::Server;
use actix_web::http::StatusCode;
use actix_web::{App, HttpResponse, HttpServer, web};
use serde_json::json;

/// The code that the Hub exchanges for a token. It refuses all others.
pub const CODE: &str = "good-code";

/// What the Hub answers, and what it was asked.
#[derive(Clone, Default)]
pub struct Hub {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    issuer: String,
    user_info: Option<Vec<u8>>,
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
        });
        let server = server.workers(1).disable_signals().bind("127.0.0.1:0").expect("a free port");
        self.state().issuer = format!("http://{}", server.addrs()[0]);
        server.run()
    }

    pub fn issuer(&self) -> String {
        self.state().issuer.clone()
    }

    /// From now on user info is this; 503 before.
    pub fn tell(&self, user_info: &[u8]) {
        self.state().user_info = Some(user_info.to_vec());
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
    HttpResponse::Ok().json(
        json!({ "access_token": "hf_oauth_token", "token_type": "bearer", "expires_in": 28_800 }),
    )
}

async fn user_info(hub: web::Data<Hub>) -> HttpResponse {
    match hub.state().user_info.clone() {
        Some(user_info) => HttpResponse::Ok().body(user_info),
        None => HttpResponse::new(StatusCode::SERVICE_UNAVAILABLE),
    }
}
