//! The pages, and the table of their URLs.
//!
//! To add a page: a file here, a template of the same name in `templates/`, a line in
//! [`configure`], and a test in `tests/`.

mod agents;
#[cfg(feature = "chat")]
mod chat;
pub(crate) mod error;
mod home;
pub(crate) mod layout;
mod me;
mod profile;

use actix_web::middleware::from_fn;
use actix_web::web::{ServiceConfig, resource, scope};

use crate::error::as_json;

/// The table of URLs. A handler that takes `OAuthInfo` is for signed-in users only.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(resource("/").get(home::home))
        .service(resource("/profile").get(profile::profile))
        .service(scope("/api").wrap(from_fn(as_json)).configure(api))
        .service(resource("/agents.md").get(agents::agents))
        .service(resource("/healthz").get(async || "ok"));
    #[cfg(feature = "chat")]
    chat::configure(config);
}

/// What is under `/api`, with JSON for errors. A handler that takes `Caller` is for programs, too.
fn api(config: &mut ServiceConfig) {
    config.service(resource("/me").get(me::me));
}
