//! What becomes of the bodies of requests, whoever answers them.

use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::ServiceResponse;
use actix_web::error::InternalError;
use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use actix_web::{Error, HttpResponse};

use crate::request::TimedBody;

/// Lets an answer out when the body of its request has come, read or not. It ends the connection where that does not come.
pub async fn answer_in_time(
    mut body: TimedBody,
    answer: Result<ServiceResponse, Error>,
) -> Result<ServiceResponse, Error> {
    let is_too_slow = body.has_timed_out();
    body.throw_away().await;
    let close = |mut response: HttpResponse| {
        if is_too_slow && response.status().is_client_error() {
            *response.status_mut() = StatusCode::REQUEST_TIMEOUT;
        }
        response.map_body(|_, answer| BoxBody::new(Last { answer, _unread: body.clone() }))
    };
    match answer {
        answer if !body.is_unread() => answer,
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

/// The last answer on a connection. While somebody holds the unread body, Actix closes the connection after it; a chunked
/// body that nobody holds, it reads for ever.
struct Last {
    answer: BoxBody,
    _unread: TimedBody,
}

impl MessageBody for Last {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        match self.answer.size() {
            // Actix would hold nothing.
            BodySize::None => BodySize::Sized(0),
            size => size,
        }
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.answer).poll_next(context)
    }
}
