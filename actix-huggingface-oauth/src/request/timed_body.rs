//! Bodies of requests, bounded in time. Actix alone waits for a body for ever.

use std::cell::RefCell;
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::HttpMessage;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use actix_web::http::header::{CONTENT_LENGTH, TRANSFER_ENCODING, UPGRADE};
use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt};
use tokio::time::{Instant, Sleep, sleep, timeout};

/// What each byte gives back of the time that a body may keep the app waiting: at 4,000 bytes a second it never ends.
const PER_BYTE: Duration = Duration::from_micros(250);

/// How long an unread body is drained.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(2 * 60);

/// The body of a request, that of whoever reads it: a clone is the same body.
#[derive(Clone)]
pub struct TimedBody(Rc<RefCell<Body>>);

/// The body of a request that is limited, in its extensions.
struct Limited(Weak<RefCell<Body>>);

struct Body {
    payload: Payload,
    /// The most that it may keep the app waiting.
    timeout: Duration,
    /// The most that is drained of it, in bytes.
    max_drained: usize,
    /// What is left of that. No time passes while nobody waits, as where the app is slower than the client.
    left: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Coming,
    Ended,
    TimedOut,
}

impl TimedBody {
    /// Limits the time of a request's body, and the bytes that are drained of it. `None` if it has none, if a WebSocket follows
    /// its head, or if it is limited already: then the lower limits apply.
    pub fn of(request: &mut ServiceRequest, timeout: Duration, max_drained: usize) -> Option<Self> {
        let headers = request.headers();
        let has_body = headers.contains_key(TRANSFER_ENCODING)
            || headers.contains_key(CONTENT_LENGTH) && !asks_for_websocket(request);
        if !has_body {
            return None;
        }
        let limited = request.extensions().get::<Limited>().and_then(|body| body.0.upgrade());
        if let Some(body) = limited {
            let mut body = body.borrow_mut();
            body.timeout = body.timeout.min(timeout);
            body.left = body.left.min(timeout);
            body.max_drained = body.max_drained.min(max_drained);
            return None;
        }
        let payload = request.take_payload();
        let (left, waiting, state) = (timeout, None, State::Coming);
        let body = Body { payload, timeout, max_drained, left, waiting, state };
        let timed = Self(Rc::new(RefCell::new(body)));
        let stream: Pin<Box<dyn Stream<Item = _>>> = Box::pin(timed.clone());
        request.set_payload(stream.into());
        request.extensions_mut().insert(Limited(Rc::downgrade(&timed.0)));
        Some(timed)
    }

    /// Whether it came too slowly.
    pub fn has_timed_out(&self) -> bool {
        self.0.borrow().state == State::TimedOut
    }

    /// Whether it has not come to its end.
    pub fn is_unread(&self) -> bool {
        self.0.borrow().state != State::Ended
    }

    /// Reads and drops what no handler has read, unless the response is still reading.
    pub async fn drain(&mut self) {
        let _ = timeout(DRAIN_TIMEOUT, self.read_to_the_end()).await;
    }

    async fn read_to_the_end(&mut self) {
        let (mut length, max_drained) = (0, self.0.borrow().max_drained);
        while Rc::strong_count(&self.0) == 1
            && length <= max_drained
            && let Some(Ok(chunk)) = self.next().await
        {
            length += chunk.len();
        }
    }
}

/// As Actix decides it.
fn asks_for_websocket(request: &ServiceRequest) -> bool {
    let upgrade = request.headers().get(UPGRADE);
    upgrade
        .is_some_and(|upgrade| upgrade.as_bytes().trim_ascii().eq_ignore_ascii_case(b"websocket"))
}

impl Stream for TimedBody {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.borrow_mut().poll_next(context)
    }
}

impl Body {
    fn poll_next(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, PayloadError>>> {
        if self.state != State::Coming {
            return Poll::Ready(None);
        }
        let Poll::Ready(part) = self.payload.poll_next_unpin(context) else {
            let left = self.left;
            let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(left)));
            return waiting.as_mut().poll(context).map(|()| {
                self.state = State::TimedOut;
                let error = io::Error::new(ErrorKind::TimedOut, "the body came too slowly");
                Some(Err(PayloadError::Io(error)))
            });
        };
        if let Some(waiting) = self.waiting.take() {
            self.left = waiting.deadline().saturating_duration_since(Instant::now());
        }
        match &part {
            Some(Ok(chunk)) => {
                let length = u32::try_from(chunk.len()).unwrap_or(u32::MAX);
                self.left = self.left.saturating_add(PER_BYTE * length).min(self.timeout);
            }
            Some(Err(_)) | None => self.state = State::Ended,
        }
        Poll::Ready(part)
    }
}
