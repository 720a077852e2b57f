//! Headers of every answer that does not bring its own.

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use actix_web::middleware::DefaultHeaders;

use crate::huggingface::HuggingFaceOAuth;

/// The headers of an app whose users sign in with `oauth`.
///
/// There is no `X-Frame-Options`: Hugging Face shows a Space in a frame.
#[must_use]
pub fn security_headers(oauth: &HuggingFaceOAuth, https: bool) -> DefaultHeaders {
    let headers = DefaultHeaders::new()
        .add((CONTENT_SECURITY_POLICY, content_security_policy(oauth)))
        .add((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        // `no-referrer` would send `Origin: null`, and the app could not tell its own forms from others'.
        .add((REFERRER_POLICY, "strict-origin-when-cross-origin"))
        .add((CACHE_CONTROL, "no-store"));
    if https { headers.add((STRICT_TRANSPORT_SECURITY, "max-age=31536000")) } else { headers }
}

/// No inline script or style. `frame-ancestors` never names `*.hf.space`: any Space could frame
/// this one and have its users click. `form-action` names the provider, since Chromium applies it
/// to the redirect after a post.
fn content_security_policy(oauth: &HuggingFaceOAuth) -> String {
    let provider = oauth.provider_origin().map(|origin| format!(" {origin}")).unwrap_or_default();
    format!(
        "default-src 'self'; img-src 'self' https: data:; object-src 'none'; base-uri 'none'; \
         frame-ancestors 'self'{provider}; form-action 'self'{provider}"
    )
}
