//! A line of the log for each request.

use std::rc::Rc;
use std::time::Instant;

use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{Error, HttpMessage};
use tracing::Instrument;

use super::erased::{AnyService, Layer};
use crate::request::RequestId;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The most of a path that is logged, in bytes.
const MAX_PATH: usize = 200;

/// Middleware that logs each request at `info`: method, path, status, milliseconds until the head of the answer, and an id. The
/// id is in all lines that are logged meanwhile, in `X-Request-Id`, and as [`RequestId`] in the request's extensions. No user,
/// no token and no query is logged. Wrapped last.
#[derive(Clone, Default)]
pub struct RequestLog {
    quiet: Rc<[String]>,
}

impl RequestLog {
    /// Without a line for paths that begin like this: `/healthz`, `/static/`.
    #[must_use]
    pub fn except<I: IntoIterator<Item: Into<String>>>(paths: I) -> Self {
        Self { quiet: paths.into_iter().map(Into::into).collect() }
    }

    /// Whether a request gets a line.
    fn logs(&self, request: &ServiceRequest) -> bool {
        tracing::enabled!(tracing::Level::INFO)
            && !self.quiet.iter().any(|quiet| request.path().starts_with(quiet))
    }
}

impl Layer for RequestLog {
    async fn pass(
        self,
        request: ServiceRequest,
        service: AnyService,
    ) -> Result<ServiceResponse, Error> {
        let id = RequestId::new_random();
        let line = self.logs(&request).then(|| {
            let path = request.path().as_bytes();
            let path = String::from_utf8_lossy(&path[..path.len().min(MAX_PATH)]).into_owned();
            (Instant::now(), request.method().clone(), path)
        });
        request.extensions_mut().insert(id.clone());
        let span = tracing::info_span!("request", %id);
        let answer = service.call(request).instrument(span).await;
        if let Some((begun, method, path)) = line {
            let status = match &answer {
                Ok(response) => response.status(),
                Err(error) => error.as_response_error().status_code(),
            };
            let ms = (begun.elapsed().as_secs_f64() * 1e6).round() / 1e3;
            tracing::info!(%method, path, status = status.as_u16(), ms, %id, "request");
        }
        let header = HeaderValue::from_str(id.as_str()).expect("base64 is ASCII");
        match answer {
            Ok(mut response) => {
                response.headers_mut().insert(REQUEST_ID, header);
                Ok(response)
            }
            Err(error) => {
                let mut response = error.error_response();
                response.headers_mut().insert(REQUEST_ID, header);
                Err(InternalError::from_response(error, response).into())
            }
        }
    }
}
