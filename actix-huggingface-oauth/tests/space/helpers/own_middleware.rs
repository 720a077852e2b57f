//! Middleware of an app's own.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::ErrorImATeapot;
use actix_web::middleware::Next;

/// Parses all cookies of a request, as many do.
pub async fn parse_cookies(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let _ = request.cookie("__Host-hf-auth");
    let _ = request.cookies().map(|cookies| cookies.len());
    next.call(request).await
}

/// Makes an error of the response to a request with the header `x-fail`.
pub async fn fail(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let fails = request.headers().contains_key("x-fail");
    let response = next.call(request).await?;
    if fails { Err(ErrorImATeapot("failed")) } else { Ok(response) }
}
