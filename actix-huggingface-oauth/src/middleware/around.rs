//! All of it as one middleware. What it wraps loses its type here, so that the layers are compiled with this crate and not
//! again with every change of an app.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::middleware::from_fn;

use super::{guard, head, session};
use crate::oauth::HuggingFaceOAuth;

type BoxFuture<T> = Pin<Box<dyn Future<Output = T>>>;

type AnyService = Rc<
    dyn Service<
            ServiceRequest,
            Response = ServiceResponse,
            Error = Error,
            Future = BoxFuture<Result<ServiceResponse, Error>>,
        >,
>;

/// The session, the check of requests that change something, and HEAD wherever GET is served.
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
        layers(Rc::new(Erased(service)), self.0.clone())
    }
}

/// The last layer runs first.
fn layers(app: AnyService, oauth: HuggingFaceOAuth) -> BoxFuture<Result<AnyService, ()>> {
    Box::pin(async move {
        let service = from_fn(session::note_session).new_transform(app).await?;
        let service = session::middleware(&oauth).new_transform(service).await?;
        let service = from_fn(session::write_cookies).new_transform(service).await?;
        let service = from_fn(guard::refuse_others).new_transform(service).await?;
        let service = from_fn(head::as_get).new_transform(service).await?;
        Ok::<AnyService, ()>(Rc::new(Erased(service)))
    })
}

/// A service whose futures and bodies have one type.
struct Erased<S>(S);

impl<S, B> Service<ServiceRequest> for Erased<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    S::Future: 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse;
    type Error = Error;
    type Future = BoxFuture<Result<ServiceResponse, Error>>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.0.poll_ready(context)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let response = self.0.call(request);
        Box::pin(async move { response.await.map(ServiceResponse::map_into_boxed_body) })
    }
}
