//! Services without their types, so that layers around them are compiled with this crate and not with every app.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};

pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T>>>;

pub type AnyService = Rc<
    dyn Service<
            ServiceRequest,
            Response = ServiceResponse,
            Error = Error,
            Future = BoxFuture<Result<ServiceResponse, Error>>,
        >,
>;

/// A service whose futures and bodies have one type.
pub struct Erased<S>(pub S);

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

/// What is done around each request, by a service that is called for it. To be put around one in a function without type
/// parameters: where those are known only in an app, all that a layer calls is compiled again with each app.
pub trait Layer: Clone + 'static {
    fn pass(
        self,
        request: ServiceRequest,
        service: AnyService,
    ) -> impl Future<Output = Result<ServiceResponse, Error>> + 'static;
}

/// A service with a layer around it.
pub struct Layered<L> {
    layer: L,
    service: AnyService,
}

impl<L: Layer> Layered<L> {
    pub fn new(layer: L, service: AnyService) -> Self {
        Self { layer, service }
    }
}

impl<L: Layer> Service<ServiceRequest> for Layered<L> {
    type Response = ServiceResponse;
    type Error = Error;
    type Future = BoxFuture<Result<ServiceResponse, Error>>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.service.poll_ready(context)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        Box::pin(self.layer.clone().pass(request, Rc::clone(&self.service)))
    }
}

/// Makes middleware of types that are a [`Layer`].
macro_rules! middleware {
    ($($layer:ty),+) => {
        $(impl $layer {
            #[inline(never)]
            fn around(&self, service: $crate::middleware::erased::AnyService) -> $crate::middleware::erased::AnyService {
                ::std::rc::Rc::new($crate::middleware::erased::Layered::new(self.clone(), service))
            }
        })+
        $crate::middleware::erased::transform!($($layer),+);
    };
}

/// Makes middleware of types whose `around` puts a layer around a service without its type.
macro_rules! transform {
    ($($layer:ty),+) => {$(
        impl<S, B> ::actix_web::dev::Transform<S, ::actix_web::dev::ServiceRequest> for $layer
        where
            S: ::actix_web::dev::Service<
                    ::actix_web::dev::ServiceRequest,
                    Response = ::actix_web::dev::ServiceResponse<B>,
                    Error = ::actix_web::Error,
                > + 'static,
            B: ::actix_web::body::MessageBody + 'static,
        {
            type Response = ::actix_web::dev::ServiceResponse;
            type Error = ::actix_web::Error;
            type Transform = $crate::middleware::erased::AnyService;
            type InitError = ();
            type Future = ::std::future::Ready<Result<Self::Transform, ()>>;

            fn new_transform(&self, service: S) -> Self::Future {
                let service = ::std::rc::Rc::new($crate::middleware::erased::Erased(service));
                ::std::future::ready(Ok(self.around(service)))
            }
        }
    )+};
}

pub(crate) use {middleware, transform};
