//! How a handler asks who calls.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::Caller;
use super::by_bearer::by_bearer;
use crate::extract::require_info;
use crate::user::Refusal;

impl FromRequest for Caller {
    type Error = Refusal;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refusal>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            if let Some(told) = by_bearer(&request).await {
                return told;
            }
            let info = require_info(&request).await?;
            Ok(Self::of_session(info))
        })
    }
}
