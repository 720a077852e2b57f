//! The table of the endpoints of sign-in.

use actix_web::web::{ServiceConfig, resource};

use super::{HuggingFaceOAuth, callback, claim, login, logout};

/// Adds the endpoints.
pub fn configure(oauth: &HuggingFaceOAuth) -> impl FnOnce(&mut ServiceConfig) + use<> {
    let paths = oauth.paths.clone();
    move |config| {
        config
            .service(resource(paths.login).get(login::link).post(login::form))
            .service(resource(paths.callback).get(callback::callback))
            .service(resource(paths.logout).get(logout::link).post(logout::logout))
            .service(resource(paths.claim).post(claim::claim))
            .service(resource(paths.script).get(claim::script));
    }
}
