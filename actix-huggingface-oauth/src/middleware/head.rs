//! HEAD wherever GET is served, as Hugging Face asks for `/` to see whether a Space is up.

use actix_web::Error;
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;

use crate::request::head;

/// Routes HEAD as GET, with a mark that says so. Actix remembers what was asked and leaves the body out. RFC 9110 §9.3.2.
pub async fn as_get(
    mut request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse, Error> {
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
        head::mark(&request);
    }
    next.call(request).await
}
