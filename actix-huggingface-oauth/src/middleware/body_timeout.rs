//! Timeout for the bodies of requests.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use actix_web::{Error, HttpResponse};

use super::erased::{AnyService, Layer};
use crate::request::TimedBody;

/// The most that is drained of a body, in bytes.
const MAX_DRAINED: usize = 32 * 1024 * 1024;

/// Middleware that limits how long the body of a request, read or not, may keep the app waiting: 30 seconds by default. Each 4,000
/// bytes that are received extend the deadline by one second. Requests that time out get 408.
///
/// A body that no handler read is drained before the response, up to 32 MB within two minutes: otherwise a browser that is still
/// sending would see a broken connection instead of the response. Actix alone waits for a body without a limit.
#[derive(Clone, Copy, Debug)]
pub struct BodyTimeout {
    timeout: Duration,
}

impl BodyTimeout {
    /// A timeout of this length.
    #[must_use]
    pub const fn new(timeout: Duration) -> Self {
        Self { timeout }
    }
}

impl Default for BodyTimeout {
    fn default() -> Self {
        Self::new(Duration::from_secs(30))
    }
}

impl Layer for BodyTimeout {
    async fn pass(
        self,
        mut request: ServiceRequest,
        service: AnyService,
    ) -> Result<ServiceResponse, Error> {
        let body = TimedBody::of(&mut request, self.timeout, MAX_DRAINED);
        respond_in_time(body, service.call(request)).await
    }
}

/// The response, once the body of its request was received. If that does not happen in time, it ends the connection.
pub async fn respond_in_time(
    body: Option<TimedBody>,
    response: impl Future<Output = Result<ServiceResponse, Error>>,
) -> Result<ServiceResponse, Error> {
    let response = response.await;
    let Some(mut body) = body else {
        return response;
    };
    let is_too_slow = body.has_timed_out();
    body.drain().await;
    let close = |mut response: HttpResponse| {
        if is_too_slow && response.status().is_client_error() {
            *response.status_mut() = StatusCode::REQUEST_TIMEOUT;
        }
        response.map_body(|_, body_of_response| {
            BoxBody::new(CloseAfter { body: body_of_response, _unread: body.clone() })
        })
    };
    match response {
        response if !body.is_unread() => response,
        Ok(response) => {
            let (request, response) = response.into_parts();
            Ok(ServiceResponse::new(request, close(response)))
        }
        Err(error) => {
            let response = close(error.error_response());
            Err(InternalError::from_response(error, response).into())
        }
    }
}

/// The body of the last response on a connection. While the unread body of the request is held, Actix closes the connection
/// after the response; a chunked body that nothing holds, it reads without a limit.
struct CloseAfter {
    body: BoxBody,
    _unread: TimedBody,
}

impl MessageBody for CloseAfter {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        match self.body.size() {
            // Actix would hold nothing.
            BodySize::None => BodySize::Sized(0),
            size => size,
        }
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}
