//! All of it as one middleware. What it wraps loses its type here, so that the layers are compiled with this crate and not
//! again with every change of an app.

use std::rc::Rc;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};

use super::erased::{AnyService, BoxFuture, Erased, Layer, Layered};
use super::{bodies, gate, guard, head, session};
use crate::oauth::HuggingFaceOAuth;
use crate::request::TimedBody;

/// The session, the check of requests that change something, HEAD wherever GET is served, and bodies in time.
pub struct AroundApp(pub HuggingFaceOAuth);

impl<S, B> Transform<S, ServiceRequest> for AroundApp
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse;
    type Error = Error;
    type Transform = AnyService;
    type InitError = ();
    type Future = BoxFuture<Result<AnyService, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        if self.0.shared.space_owner.is_none() {
            gate::say_that_there_is_no_owner();
        }
        layers(Rc::new(Erased(service)), self.0.clone())
    }
}

/// The last one runs first.
fn layers(app: AnyService, oauth: HuggingFaceOAuth) -> BoxFuture<Result<AnyService, ()>> {
    Box::pin(async move {
        let service = Layered::new(InSession(oauth.clone()), app);
        let service = session::middleware(&oauth).new_transform(service).await?;
        let service = Layered::new(BeforeSession(oauth), Rc::new(service));
        Ok::<AnyService, ()>(Rc::new(service))
    })
}

/// What is done before the session is loaded, and when it is saved.
#[derive(Clone)]
struct BeforeSession(HuggingFaceOAuth);

impl Layer for BeforeSession {
    async fn pass(
        self,
        mut request: ServiceRequest,
        service: AnyService,
    ) -> Result<ServiceResponse, Error> {
        let oauth = self.0;
        let body = TimedBody::of(&mut request, oauth.shared.limits.body);
        head::route_as_get(&mut request);
        let answer = match guard::refusal_of(&request, &oauth) {
            Some(refusal) => Ok(request.into_response(refusal)),
            None => session::with_cookies(&oauth, request, &service).await,
        };
        match body {
            Some(body) => bodies::answer_in_time(body, answer).await,
            None => answer,
        }
    }
}

/// What is done while the session is there.
#[derive(Clone)]
struct InSession(HuggingFaceOAuth);

impl Layer for InSession {
    async fn pass(
        self,
        request: ServiceRequest,
        service: AnyService,
    ) -> Result<ServiceResponse, Error> {
        session::with_sign_in(&self.0, request, &service).await
    }
}
