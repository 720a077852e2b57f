//! Puts the app together.

use std::net::TcpListener;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, web};

use crate::huggingface::{HuggingFaceOAuth, Limits, OAuthSettings, attach_huggingface_oauth};
use crate::settings::Settings;
use crate::{assets, error, head_requests, headers, logs, pages};

/// Seconds in which requests in flight are answered after SIGTERM.
const SHUTDOWN_TIMEOUT: u64 = 8;

/// The server with the whole app, listening on `listener`.
///
/// # Errors
/// Where the listener cannot be used, or no HTTP client for the Hub can be made.
pub fn run(listener: TcpListener, settings: Settings, limits: Limits) -> anyhow::Result<Server> {
    let address = listener.local_addr()?;
    logs::announce(&settings, address);
    let https = settings.origins.are_https();
    let oauth = web::Data::new(HuggingFaceOAuth::new(OAuthSettings {
        sign_in: settings.sign_in,
        origins: settings.origins,
        address,
        route_prefix: String::new(),
        session_secret: settings.session_secret,
        session_storage: settings.session_storage,
        app_title: settings.title,
        stylesheet: Some(assets::url("app.css")),
        limits,
    })?);

    let server = HttpServer::new(move || {
        let app = App::new()
            .configure(pages::configure)
            .configure(assets::configure)
            .default_service(web::to(error::not_found))
            .wrap(from_fn(error::dress_errors));
        // The last wrap runs first.
        attach_huggingface_oauth(app, oauth.clone())
            .wrap(from_fn(head_requests::as_get))
            .wrap(headers::security_headers(&oauth, https))
    });
    Ok(server.shutdown_timeout(SHUTDOWN_TIMEOUT).listen(listener)?.run())
}
