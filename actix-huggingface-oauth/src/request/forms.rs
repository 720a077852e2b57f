//! Forms that are posted to sign-in.

use std::time::Duration;

use actix_web::{FromRequest, HttpRequest, web};
use serde::de::DeserializeOwned;

/// For how long a form may take to come. Actix waits for a body for ever.
const FORM_TIMEOUT: Duration = Duration::from_secs(5);

/// The form that a request brings; `None` where it is none, or comes too slowly.
pub async fn read<T: DeserializeOwned + 'static>(
    request: &HttpRequest,
    payload: web::Payload,
) -> Option<T> {
    let mut payload = payload.into_inner();
    let form = web::Form::from_request(request, &mut payload);
    tokio::time::timeout(FORM_TIMEOUT, form).await.ok()?.ok().map(web::Form::into_inner)
}
