//! Authentication, CSRF and host checks, as one middleware. The service that it wraps loses its type here, so that the layers are
//! compiled with this crate and not again with every change of an app.

use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::Error;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode};

use super::body_timeout::respond_in_time;
use super::erased::{AnyService, Layer, Layered};
use super::{authenticate, gate, guard};
use crate::oauth::HuggingFaceOAuth;
use crate::request::TimedBody;

/// How long the body of a request to an endpoint may keep it waiting. They take short forms alone.
const ENDPOINT_BODY_TIMEOUT: Duration = Duration::from_secs(5);

/// The most that is drained of it, in bytes.
const MAX_ENDPOINT_BODY: usize = 16 * 1024;

/// Middleware that authenticates requests, and rejects those for other hosts and those that another site forged:
/// [`HuggingFaceOAuth::middleware`].
#[derive(Clone)]
pub struct OAuthMiddleware(pub(crate) HuggingFaceOAuth);

impl Layer for OAuthMiddleware {
    async fn pass(
        self,
        mut request: ServiceRequest,
        service: AnyService,
    ) -> Result<ServiceResponse, Error> {
        let oauth = self.0;
        let is_health_check = request.method() == Method::HEAD && request.path() == "/";
        let is_endpoint = oauth.serves(request.path());
        let body = is_endpoint
            .then(|| TimedBody::of(&mut request, ENDPOINT_BODY_TIMEOUT, MAX_ENDPOINT_BODY))
            .flatten();
        let response = async {
            match guard::refusal_of(&request, &oauth) {
                Some(refusal) => Ok(request.into_response(refusal)),
                None => authenticate::authenticate(&oauth, request, &service).await,
            }
        };
        let response = respond_in_time(body, response).await;
        if is_health_check && oauth.shared.origins.are_https() {
            warn_if_head_is_not_served(&response, &oauth.shared.is_head_reported);
        }
        response
    }
}

/// Warns once if HEAD `/` is not served, by which Hugging Face checks whether a Space works.
fn warn_if_head_is_not_served(response: &Result<ServiceResponse, Error>, is_reported: &AtomicBool) {
    let status = match response {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    let is_served = !matches!(status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED);
    if !is_served && !is_reported.swap(true, Ordering::Relaxed) {
        tracing::warn!(
            "HEAD / gets {status}, so that Hugging Face takes this Space for broken: wrap the app in actix_huggingface_oauth::HeadAsGet"
        );
    }
}

impl OAuthMiddleware {
    #[inline(never)]
    pub(super) fn around(&self, service: AnyService) -> AnyService {
        if self.0.shared.space_owner.is_none() {
            gate::say_that_there_is_no_owner();
        }
        Rc::new(Layered::new(self.clone(), service))
    }
}
