//! HEAD wherever GET is served.

use actix_web::Error;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;

use super::erased::{AnyService, Layer};
use crate::request::head;

/// Middleware that routes HEAD as GET, whose response Actix then sends without its body (RFC 9110 §9.3.2). Hugging Face checks
/// with HEAD `/` whether a Space works, and Actix alone responds to it with 404.
///
/// Login and logout do not act on HEAD: 405.
#[derive(Clone, Copy, Debug, Default)]
pub struct HeadAsGet;

impl Layer for HeadAsGet {
    async fn pass(
        self,
        mut request: ServiceRequest,
        service: AnyService,
    ) -> Result<ServiceResponse, Error> {
        if request.method() == Method::HEAD {
            request.head_mut().method = Method::GET;
            head::mark(&request);
        }
        service.call(request).await
    }
}
