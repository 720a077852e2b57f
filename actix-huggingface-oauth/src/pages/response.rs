//! Pages and redirects as answers.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, ContentType, LOCATION, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use askama::Template;

/// A page as an answer with this status, never kept in a cache.
pub fn respond(page: &impl Template, policy: &str, status: StatusCode) -> HttpResponse {
    match page.render() {
        Ok(html) => HttpResponse::build(status)
            .insert_header(ContentType::html())
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header((CONTENT_SECURITY_POLICY, policy))
            .insert_header(("Cross-Origin-Resource-Policy", "same-origin"))
            .insert_header((REFERRER_POLICY, "strict-origin-when-cross-origin"))
            .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .body(html),
        Err(error) => {
            tracing::error!(%error, "a page of the sign-in cannot be rendered");
            HttpResponse::InternalServerError().finish()
        }
    }
}

/// A redirect that is followed with GET (RFC 9110 §15.4.4), never kept in a cache.
pub fn see_other(location: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((LOCATION, location))
        .insert_header((CACHE_CONTROL, "no-store"))
        .finish()
}
