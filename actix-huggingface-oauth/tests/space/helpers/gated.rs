//! An app behind a gate.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix_huggingface_oauth::{
    BodyTimeout, Gate, HeadAsGet, HuggingFaceOAuth, OAuthInfo, OAuthSettings,
    attach_huggingface_oauth,
};
use actix_web::dev::Server;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::{self, ServiceConfig, resource};
use actix_web::{App, HttpResponse, guard};

use super::{Space, server};

/// What only those see who are let in.
pub const SECRET: &str = "the secret of the page";

/// How often a form was taken.
pub type Taken = Arc<AtomicUsize>;

/// The app of these settings, as a whole behind the gate that `gate` makes.
pub fn start(
    settings: OAuthSettings,
    gate: impl Fn() -> Gate + Send + Clone + 'static,
) -> (Space, Taken) {
    let taken = Taken::default();
    let space = Space::serving(|listener| serve(listener, settings, gate, taken.clone()));
    (space, taken)
}

fn serve(
    listener: TcpListener,
    settings: OAuthSettings,
    gate: impl Fn() -> Gate + Send + Clone + 'static,
    taken: Taken,
) -> Server {
    let address = listener.local_addr().unwrap();
    let oauth = HuggingFaceOAuth::new(settings.listening_on(address)).unwrap();
    server(listener, 2, move || {
        attach_huggingface_oauth(App::new().wrap(gate()), oauth.clone())
            .app_data(web::Data::from(taken.clone()))
            .configure(configure)
            .wrap(BodyTimeout::default())
            .wrap(HeadAsGet)
    })
}

fn configure(config: &mut ServiceConfig) {
    config
        .service(resource("/").get(async || SECRET))
        .service(resource("/profile").get(async || SECRET).post(take))
        .service(resource("/healthz").get(async || "ok"))
        .service(resource(["/public", "/not-public"]).get(async || "public"))
        .service(resource("/files/{name}").get(file))
        .service(
            resource("/guarded").guard(guard::Header("x-internal", "1")).get(async || "internal"),
        )
        .service(resource("/guarded").get(async || SECRET))
        .service(resource("/me").get(async |info: OAuthInfo| info.user_info.sub))
        .service(resource("/cached/{directives}").get(cached))
        .service(web::scope("/area").service(resource("/open").get(async || "open")));
}

async fn take(taken: web::Data<AtomicUsize>) -> &'static str {
    taken.fetch_add(1, Ordering::Relaxed);
    SECRET
}

async fn file(name: web::Path<String>) -> HttpResponse {
    match &**name {
        "logo.svg" => {
            HttpResponse::Ok().insert_header((CACHE_CONTROL, "public, max-age=60")).body("<svg/>")
        }
        _ => HttpResponse::NotFound().body("no such file"),
    }
}

async fn cached(directives: web::Path<String>) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    if &**directives != "none" {
        response.insert_header((CACHE_CONTROL, directives.replace('+', ", ")));
    }
    response.body(SECRET)
}
