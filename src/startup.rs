//! Puts the app together.

use std::net::TcpListener;

use actix_huggingface_oauth::{
    AppSession, BodyTimeout, HeadAsGet, HuggingFaceOAuth, RequestLog, attach_huggingface_oauth,
};
use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, web};
use anyhow::Context;

use crate::headers::Headers;
use crate::settings::Settings;
use crate::{assets, error, logs, pages};

/// Seconds in which requests in flight are answered after SIGTERM.
const SHUTDOWN_TIMEOUT: u64 = 8;

/// What everybody may see, whomever the Space is for: resources by their patterns.
const OPEN: [&str; 3] = [assets::PATTERN, "/agents.md", "/healthz"];

/// The server with the whole app, listening on all of `listeners`.
pub fn run(listeners: Vec<TcpListener>, settings: Settings) -> anyhow::Result<Server> {
    let address = listeners.first().context("nothing to listen on")?.local_addr()?;
    let oauth = HuggingFaceOAuth::new(settings.oauth.clone().listening_on(address))?;
    logs::announce(address);
    let headers = web::Data::new(Headers::of(&oauth));
    let settings = web::Data::new(settings);

    let mut server = HttpServer::new(move || {
        // Middleware that needs the signed-in user is wrapped inside of attach; the last wrap runs first.
        let gate = settings.audience.gate().open(OPEN).or_bearer();
        let app = App::new().wrap(AppSession).wrap(gate).wrap(from_fn(error::dress_errors));
        attach_huggingface_oauth(app, oauth.clone())
            .configure(pages::configure)
            .configure(assets::configure)
            .default_service(web::to(error::not_found))
            .app_data(headers.clone())
            .app_data(settings.clone())
            .wrap(BodyTimeout::default())
            .wrap(HeadAsGet)
            .wrap(from_fn(Headers::add))
            .wrap(RequestLog::except(["/healthz", "/static/"]))
    });
    // A visitor who leaves is noticed at once, and what is done for that one ends; what comes bit by bit is sent at once.
    server = server.h1_allow_half_closed(false).tcp_nodelay(true);
    for listener in listeners {
        // Who takes nothing of an answer for 30 seconds is cut off: Actix alone keeps the rest for ever.
        #[cfg(target_os = "linux")]
        socket2::SockRef::from(&listener)
            .set_tcp_user_timeout(Some(std::time::Duration::from_secs(30)))?;
        server = server.listen(listener)?;
    }
    Ok(server.shutdown_timeout(SHUTDOWN_TIMEOUT).run())
}
