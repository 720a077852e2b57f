//! The one who is signed in, as JSON: what the profile page shows, for scripts.

use actix_huggingface_oauth::{OAuthInfo, UserInfoJson};
use actix_web::{HttpResponse, Responder};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// `OAuthInfo` without token and state, which are nobody's to see.
#[derive(Serialize)]
struct Me<'a> {
    access_token_expires_at: DateTime<Utc>,
    user_info: UserInfoJson<'a>,
    scope: &'a str,
}

pub async fn me(info: OAuthInfo) -> impl Responder {
    HttpResponse::Ok().json(Me {
        access_token_expires_at: info.access_token_expires_at,
        user_info: info.user_info.json(),
        scope: &info.scope,
    })
}
