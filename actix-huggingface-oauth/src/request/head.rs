//! HEAD is routed as GET: this is how an endpoint knows what was asked.

use actix_web::{HttpMessage, HttpRequest};

struct AskedAsHead;

/// Marks a request that is routed as GET.
pub fn mark(request: &impl HttpMessage) {
    request.extensions_mut().insert(AskedAsHead);
}

/// Whether the request came as HEAD.
pub fn was_asked(request: &HttpRequest) -> bool {
    request.extensions().contains::<AskedAsHead>()
}
