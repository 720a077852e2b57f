//! The session store cannot be reached.

use actix_web::ResponseError;
use actix_web::http::StatusCode;

/// Error returned when Redis is unavailable: 503. The log has the reason.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the session store is unavailable")]
pub struct StoreUnavailable;

impl ResponseError for StoreUnavailable {
    fn status_code(&self) -> StatusCode {
        StatusCode::SERVICE_UNAVAILABLE
    }
}
