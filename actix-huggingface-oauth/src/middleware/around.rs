//! All of it as one middleware. What it wraps loses its type here, so that the layers are compiled with this crate and not
//! again with every change of an app.

use std::rc::Rc;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::middleware::from_fn;

use super::erased::{AnyService, BoxFuture, Erased};
use super::{bodies, gate, guard, head, refused, session};
use crate::oauth::HuggingFaceOAuth;

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

/// The last layer runs first.
fn layers(app: AnyService, oauth: HuggingFaceOAuth) -> BoxFuture<Result<AnyService, ()>> {
    Box::pin(async move {
        let service = from_fn(refused::dress).new_transform(app).await?;
        let service = from_fn(session::note_session).new_transform(service).await?;
        let service = session::middleware(&oauth).new_transform(service).await?;
        let service = from_fn(session::write_cookies).new_transform(service).await?;
        let service = from_fn(guard::refuse_others).new_transform(service).await?;
        let service = from_fn(head::as_get).new_transform(service).await?;
        let service = from_fn(bodies::bound).new_transform(service).await?;
        Ok::<AnyService, ()>(Rc::new(Erased(service)))
    })
}
