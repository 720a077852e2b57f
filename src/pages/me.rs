//! The one who asks, as JSON: what the profile page shows, for scripts and for programs.

use actix_huggingface_oauth::{Caller, UserInfoJson};
use actix_web::{HttpResponse, Responder};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// Without token and state, which are nobody's to see.
#[derive(Serialize)]
struct Me<'a> {
    access_token_expires_at: Option<DateTime<Utc>>,
    user_info: UserInfoJson<'a>,
    scope: Option<&'a str>,
}

pub async fn me(caller: Caller) -> impl Responder {
    HttpResponse::Ok().json(Me {
        access_token_expires_at: caller.access_token_expires_at(),
        user_info: caller.user_info.json(),
        scope: caller.scope(),
    })
}
