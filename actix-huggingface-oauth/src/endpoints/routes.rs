//! The table of the endpoints of sign-in.

use actix_web::web::{ServiceConfig, resource};

use super::{callback, handoff, login, logout};
use crate::oauth::HuggingFaceOAuth;
use crate::pages::{HAND_OFF_SCRIPT, STYLESHEET};

/// Adds the endpoints.
pub fn configure(oauth: &HuggingFaceOAuth, config: &mut ServiceConfig) {
    let paths = oauth.shared.paths.clone();
    config
        .service(resource(paths.login).get(login::link).head(login::link).post(login::form))
        .service(resource(paths.callback).get(callback::callback).head(callback::callback))
        .service(resource(paths.logout).get(logout::link).head(logout::link).post(logout::logout))
        .service(resource(paths.claim).post(handoff::redeem))
        .service(resource(paths.script).get(async || HAND_OFF_SCRIPT.response()))
        .service(resource(paths.stylesheet).get(async || STYLESHEET.response()));
}
