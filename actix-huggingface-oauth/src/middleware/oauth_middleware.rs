//! All that surrounds an app, as one middleware. The service that it wraps loses its type here, so that the layers are compiled
//! with this crate and not again with every change of an app.

use std::future::{Ready, ready};
use std::rc::Rc;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};

use super::erased::{AnyService, Erased, Layer, Layered};
use super::{authenticate, bodies, gate, guard, head};
use crate::oauth::HuggingFaceOAuth;
use crate::request::TimedBody;

/// Middleware that authenticates requests, checks those that change something, routes HEAD as GET, and limits the time of
/// bodies.
#[derive(Clone)]
pub struct OAuthMiddleware(pub HuggingFaceOAuth);

impl Layer for OAuthMiddleware {
    async fn pass(
        self,
        mut request: ServiceRequest,
        service: AnyService,
    ) -> Result<ServiceResponse, Error> {
        let oauth = self.0;
        let body = TimedBody::of(&mut request, oauth.shared.limits.body);
        head::route_as_get(&mut request);
        let response = match guard::refusal_of(&request, &oauth) {
            Some(refusal) => Ok(request.into_response(refusal)),
            None => authenticate::authenticate(&oauth, request, &service).await,
        };
        match body {
            Some(body) => bodies::answer_in_time(body, response).await,
            None => response,
        }
    }
}

impl<S, B> Transform<S, ServiceRequest> for OAuthMiddleware
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse;
    type Error = Error;
    type Transform = AnyService;
    type InitError = ();
    type Future = Ready<Result<AnyService, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(self.around(Rc::new(Erased(service)))))
    }
}

impl OAuthMiddleware {
    #[inline(never)]
    fn around(&self, service: AnyService) -> AnyService {
        if self.0.shared.space_owner.is_none() {
            gate::say_that_there_is_no_owner();
        }
        Rc::new(Layered::new(self.clone(), service))
    }
}
