//! HEAD wherever GET is served, as Hugging Face asks for `/` to see whether a Space is up.

use actix_web::dev::ServiceRequest;
use actix_web::http::Method;

use crate::request::head;

/// Routes HEAD as GET, with a mark that says so. Actix remembers what was asked and leaves the body out. RFC 9110 §9.3.2.
pub fn route_as_get(request: &mut ServiceRequest) {
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
        head::mark(request);
    }
}
