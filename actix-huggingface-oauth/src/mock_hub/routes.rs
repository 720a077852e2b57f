//! The table of the mock Hub's URLs.

use actix_web::{HttpResponse, web};
use serde_json::json;

use super::hub::{MockHub, PATH};
use super::{authorize, avatar, chat, frame, token};

/// Adds the mock Hub to an app that has one.
pub fn configure(hub: &web::Data<MockHub>, config: &mut web::ServiceConfig) {
    let resource = web::resource::<&str>;
    let hub = web::scope(PATH)
        .app_data(hub.clone())
        .service(resource("/.well-known/openid-configuration").get(metadata))
        .service(resource("/oauth/authorize").get(authorize::ask).post(authorize::answer))
        .service(resource("/oauth/token").post(token::exchange))
        .service(resource("/oauth/userinfo").get(token::user_info))
        .service(resource("/v1/chat/completions").post(chat::complete))
        .service(resource("/space").get(frame::space))
        .service(resource("/avatars/{name}.svg").get(avatar::picture));
    config.service(hub);
}

/// Whether a pattern of the router is one of the mock Hub's.
pub fn serves(pattern: &str) -> bool {
    pattern.strip_prefix(PATH).is_some_and(|rest| rest.starts_with('/'))
}

/// OpenID Connect Discovery 1.0 §4.2.
async fn metadata(hub: web::Data<MockHub>) -> HttpResponse {
    let issuer = hub.issuer();
    HttpResponse::Ok().json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/oauth/authorize"),
        "token_endpoint": format!("{issuer}/oauth/token"),
        "userinfo_endpoint": format!("{issuer}/oauth/userinfo"),
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
    }))
}
