//! Headers of every answer that does not bring its own.

use actix_huggingface_oauth::HuggingFaceOAuth;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::middleware::Next;
use actix_web::{Error, web};

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// The headers of an app. There is no `X-Frame-Options`: Hugging Face shows a Space in a frame.
pub struct Headers(Vec<(HeaderName, HeaderValue)>);

impl Headers {
    /// The headers of an app whose users sign in with `oauth`.
    pub fn of(oauth: &HuggingFaceOAuth) -> Self {
        let policy = HeaderValue::try_from(content_security_policy(oauth));
        let mut headers = vec![
            (CONTENT_SECURITY_POLICY, policy.expect("an origin is ASCII")),
            (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            // `no-referrer` would send `Origin: null`, and the app could not tell its own forms from others'.
            (REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin")),
            (CACHE_CONTROL, HeaderValue::from_static("no-store")),
            // Other sites, other Spaces among them, load nothing of this one.
            (RESOURCE_POLICY, HeaderValue::from_static("same-origin")),
        ];
        if oauth.is_https() {
            let year = HeaderValue::from_static("max-age=31536000");
            headers.push((STRICT_TRANSPORT_SECURITY, year));
        }
        Self(headers)
    }

    /// Adds them to an answer, to that of a middleware's error, too.
    pub async fn add(
        headers: web::Data<Self>,
        request: ServiceRequest,
        next: Next<impl MessageBody>,
    ) -> Result<ServiceResponse<impl MessageBody>, Error> {
        match next.call(request).await {
            Ok(mut response) => {
                headers.add_to(response.headers_mut());
                Ok(response)
            }
            Err(error) => {
                let mut response = error.error_response();
                headers.add_to(response.headers_mut());
                Err(InternalError::from_response(error, response).into())
            }
        }
    }

    fn add_to(&self, answer: &mut HeaderMap) {
        for (name, value) in &self.0 {
            if !answer.contains_key(name) {
                answer.append(name.clone(), value.clone());
            }
        }
    }
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
