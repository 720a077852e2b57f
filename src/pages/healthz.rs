//! Whether the app is up, for those who watch it.

use actix_web::Responder;

pub async fn healthz() -> impl Responder {
    "ok"
}
