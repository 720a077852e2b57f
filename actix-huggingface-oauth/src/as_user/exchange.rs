//! One request to the Hub as the user, and its answer, within bounds.

use std::time::Duration;

use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use futures_util::future::LocalBoxFuture;
use reqwest::header::RETRY_AFTER;
use reqwest::{RequestBuilder, Response};
use tokio::time::timeout;

use super::HubCallError;
use super::acting_as::{ActingAs, Refused, failed};
use super::reason;
use crate::hub::HttpClient;

/// The largest refusal that is read, in bytes.
const MAX_REFUSAL: usize = 16 * 1024;

/// The longest time after which a visitor is asked to try again.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(60 * 60);

/// Sends a request as the user, whose answer has to begin in time. Redirects are none.
///
/// # Errors
/// [`HubCallError`], but where the Hub does what it was asked for.
pub fn send<'a>(
    http: &'a HttpClient,
    request: RequestBuilder,
    acting_as: &'a ActingAs,
    time: Duration,
) -> LocalBoxFuture<'a, Result<Response, HubCallError>> {
    // In a box, it is compiled with this crate, and not again with every app that awaits it.
    Box::pin(async move {
        let begun = timeout(time, begin(http, request, acting_as)).await;
        match begun.map_err(|_| HubCallError::Timeout)?? {
            Ok(response) => Ok(response),
            Err(refused) => Err(acting_as.refusal(refused).await),
        }
    })
}

async fn begin(
    http: &HttpClient,
    request: RequestBuilder,
    acting_as: &ActingAs,
) -> Result<Result<Response, Refused>, HubCallError> {
    let mut response = http.send(request).await.map_err(broken)?;
    if response.status().is_success() {
        return Ok(Ok(response));
    }
    let status = StatusCode::from_u16(response.status().as_u16());
    let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let retry_after = retry_after.and_then(after);
    // A reason that cannot be read is none.
    let body = read(&mut response, MAX_REFUSAL).await.unwrap_or_default();
    let reason = reason::of_body(&body, &acting_as.access_token);
    Ok(Err(Refused { status, retry_after, reason }))
}

/// Reads a whole answer.
///
/// # Errors
/// [`HubCallError`] where it is larger than this, or breaks off.
pub async fn read(response: &mut Response, most: usize) -> Result<Vec<u8>, HubCallError> {
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.map_err(broken)? {
        if body.len() + part.len() > most {
            return Err(HubCallError::TooLarge);
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}

/// What reqwest's error means, which goes to the log without its URL.
pub fn broken(error: reqwest::Error) -> HubCallError {
    if error.is_timeout() { HubCallError::Timeout } else { failed(&error.without_url()) }
}

/// `Retry-After`: seconds, or a date. RFC 9110 §10.2.3.
fn after(value: &str) -> Option<Duration> {
    let seconds = value.trim().parse().map(Duration::from_secs).ok();
    let date = || {
        let date = DateTime::parse_from_rfc2822(value.trim()).ok()?;
        Some((date.to_utc() - Utc::now()).to_std().unwrap_or_default())
    };
    Some(seconds.or_else(date)?.min(MAX_RETRY_AFTER))
}
