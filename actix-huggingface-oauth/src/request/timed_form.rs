//! Forms, read within a time limit.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::error::ErrorRequestTimeout;
use actix_web::{Error, FromRequest, HttpRequest, web};
use serde::de::DeserializeOwned;

/// For how long a form may take to come.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The fields of a form that was posted, as [`web::Form`] reads them and `web::FormConfig` bounds them, but within 30
/// seconds: Actix alone waits for a body for ever. 408 where it does not come in time.
#[derive(Clone, Debug)]
pub struct TimedForm<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for TimedForm<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let form = tokio::time::timeout(TIMEOUT, web::Form::<T>::from_request(request, payload));
        Box::pin(async {
            let form = form.await.map_err(|_| ErrorRequestTimeout("the form came too slowly"))?;
            Ok(Self(form?.into_inner()))
        })
    }
}
