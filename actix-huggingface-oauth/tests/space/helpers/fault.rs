//! How a part of the fake Hub fails.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::rt::time::{Interval, interval};
use actix_web::web::Bytes;
use futures_util::Stream;
use serde_json::json;

/// Bytes that [`Fault::Flood`] sends.
const FLOOD: usize = 50 * 1024 * 1024;

/// How an endpoint fails.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Answers with this status and an empty JSON object.
    Status(u16),
    /// Answers with this status, header and body.
    Refuse(u16, (&'static str, &'static str), String),
    /// Answers 200 with this body.
    Body(String),
    /// Redirects to this URL.
    Redirect(String),
    /// Never answers.
    Hang,
    /// Answers one byte a second, without end.
    Trickle,
    /// Answers 50 MB.
    Flood,
    /// Drops the connection in the middle of the body.
    Drop,
}

impl Fault {
    pub async fn answer(self) -> HttpResponse {
        match self {
            Self::Status(status) => {
                HttpResponse::build(StatusCode::from_u16(status).unwrap()).json(json!({}))
            }
            Self::Refuse(status, header, body) => {
                let status = StatusCode::from_u16(status).unwrap();
                HttpResponse::build(status).insert_header(header).body(body)
            }
            Self::Body(body) => HttpResponse::Ok().content_type("application/json").body(body),
            Self::Redirect(url) => {
                HttpResponse::TemporaryRedirect().insert_header(("location", url)).finish()
            }
            Self::Hang => std::future::pending().await,
            Self::Trickle => {
                HttpResponse::Ok().streaming(Trickle(interval(Duration::from_secs(1))))
            }
            Self::Flood => HttpResponse::Ok().streaming(Flood(FLOOD)),
            Self::Drop => HttpResponse::Ok().no_chunking(1_000).streaming(Broken(Some(()))),
        }
    }
}

struct Trickle(Interval);

impl Stream for Trickle {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_tick(context).map(|_| Some(Ok(Bytes::from_static(b" "))))
    }
}

/// A body of as many spaces, which is held by nobody.
struct Flood(usize);

impl Stream for Flood {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        static SPACES: [u8; 64 * 1024] = [b' '; 64 * 1024];
        let Some(left) = self.0.checked_sub(SPACES.len()) else {
            return Poll::Ready(None);
        };
        self.0 = left;
        Poll::Ready(Some(Ok(Bytes::from_static(&SPACES))))
    }
}

/// A body that ends before its announced length.
struct Broken(Option<()>);

impl Stream for Broken {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(Some(match self.0.take() {
            Some(()) => Ok(Bytes::from_static(b"{\"sub\":")),
            None => Err(io::Error::other("dropped")),
        }))
    }
}
