//! HEAD that was routed as GET.

use actix_web::http::Method;
use actix_web::{HttpMessage, HttpRequest};

struct RoutedAsGet;

/// Marks a request that is routed as GET.
pub fn mark(request: &impl HttpMessage) {
    request.extensions_mut().insert(RoutedAsGet);
}

/// Whether the request came as HEAD.
pub fn is_head(request: &HttpRequest) -> bool {
    request.method() == Method::HEAD || request.extensions().contains::<RoutedAsGet>()
}
