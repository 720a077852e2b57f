//! Bodies of requests that are refused before anybody reads them.

use std::time::Duration;

use actix_web::HttpMessage;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::header::{CONTENT_LENGTH, TRANSFER_ENCODING, UPGRADE};
use futures_util::StreamExt;

/// For how long the rest of a body may come.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The most that is read of it, in bytes.
const MAX_LENGTH: usize = 32 * 1024 * 1024;

/// Reads a body to its end and throws it away: a browser that is still sending sees a broken connection instead of the
/// answer.
pub async fn throw_away(request: &mut ServiceRequest) {
    let headers = request.headers();
    let has_body = headers.contains_key(CONTENT_LENGTH) || headers.contains_key(TRANSFER_ENCODING);
    if !has_body || headers.contains_key(UPGRADE) {
        // What comes after a handshake never ends.
        return;
    }
    let mut body = request.take_payload();
    let _ = tokio::time::timeout(TIMEOUT, read(&mut body)).await;
}

async fn read(body: &mut Payload) {
    let mut length = 0;
    while let Some(Ok(chunk)) = body.next().await {
        length += chunk.len();
        if length > MAX_LENGTH {
            return;
        }
    }
}
