//! Why a call to the Hub came to nothing, by what one can do about it.

use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};
use serde_json::{Value, json};

use crate::oauth::HuggingFaceOAuth;
use crate::pages::LoginControl;
use crate::user::Refusal;

/// Where one sees what is paid for, and pays.
const BILLING_URL: &str = "https://huggingface.co/settings/billing";

/// When a user whose chats are all under way may ask again.
const NEXT_CHAT: Duration = Duration::from_secs(5);

/// Why a call to the Hub as the user came to nothing. `Display` is written for the visitor; what the Hub did wrong is in
/// the log, and nothing of a token anywhere.
///
/// Its answer is JSON, with a status that says who has to do something: never 500 or 502, since the app is well.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HubCallError {
    /// The sign-in has ended (401), or the user has not granted what this needs (403): signing in again helps.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The user's credit is used up. 402.
    #[error("Your credit for Inference Providers at Hugging Face is used up. See {BILLING_URL}")]
    NoCredit,
    /// The Hub does not do this for this user, whose sign-in holds. 403, 404 or 422.
    #[error("Hugging Face refuses this{}", .reason.as_ref().map_or(".".to_owned(), |reason| format!(": {reason}")))]
    RefusedByHub {
        /// What the Hub answered.
        status: StatusCode,
        /// What the Hub says of it: at most 200 printable characters.
        reason: Option<String>,
    },
    /// The user has as many chats under way as one may. 429.
    #[error("Your other answers are still being written. Please try again when one is there.")]
    TooManyChats,
    /// The Hub, or the model's provider, has too much to do. 429 or 503.
    #[error("Hugging Face is busy. Please try again {}.", in_a_while(*retry_after))]
    Busy {
        /// 429 where it is this user's or this app's doing, else 503.
        status: StatusCode,
        /// When to try again.
        retry_after: Duration,
    },
    /// The Hub cannot be reached, fails, or answers what it should not. 503.
    #[error("Hugging Face does not answer as it should. Please try again in a minute.")]
    Failed,
    /// The Hub does not answer within [`Limits`](crate::Limits). 504.
    #[error("Hugging Face takes too long. Please try again.")]
    Timeout,
    /// The answer is larger than [`Limits`](crate::Limits) allow. 503.
    #[error("The answer is too long for this app. Please try again with another question.")]
    TooLarge,
    /// Nothing was sent: the app itself does not take it, for this reason. 422.
    #[error("{0}")]
    NotSent(&'static str),
    /// Nothing was sent: this is no path of the Hub's API. 400.
    #[error("This is no path at Hugging Face.")]
    NoPath,
}

fn in_a_while(time: Duration) -> String {
    match time.as_secs() {
        0 => "now".to_owned(),
        1 => "in a second".to_owned(),
        seconds @ ..120 => format!("in {seconds} seconds"),
        seconds => format!("in {} minutes", seconds.div_ceil(60)),
    }
}

impl HubCallError {
    /// Says it in a few words, as the heading of a page.
    #[must_use]
    pub fn heading(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.heading(),
            Self::NoCredit => "No credit left",
            Self::RefusedByHub { .. } | Self::NoPath => "Hugging Face refuses this",
            Self::TooManyChats => "One after the other",
            Self::Busy { .. } => "Hugging Face is busy",
            Self::Failed => "Hugging Face does not answer as it should",
            Self::Timeout => "Hugging Face takes too long",
            Self::TooLarge => "The answer is too long",
            Self::NotSent(_) => "That did not work",
        }
    }

    /// The refusal that it is, for an app that has a page for those.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// The link that helps, where signing in or being asked again does; it comes back to `target`.
    #[must_use]
    pub fn remedy(&self, oauth: &HuggingFaceOAuth, target: &str) -> Option<LoginControl> {
        oauth.remedy_link(self.refusal()?, target)
    }

    /// Where the visitor can pay, if that is what helps.
    #[must_use]
    pub fn billing_url(&self) -> Option<&'static str> {
        matches!(self, Self::NoCredit).then_some(BILLING_URL)
    }

    /// As JSON, for the last event of a stream whose status has gone: `{"error": "…"}`, with `sign_in`, which comes back to
    /// `target`, where signing in or being asked again helps, and `billing` where paying does.
    #[must_use]
    pub fn to_json(&self, oauth: &HuggingFaceOAuth, target: &str) -> Value {
        let mut json = json!({ "error": self.to_string() });
        if let Some(remedy) = self.remedy(oauth, target) {
            json["sign_in"] = remedy.href().into();
        }
        if let Some(url) = self.billing_url() {
            json["billing"] = url.into();
        }
        json
    }

    /// The answer to a page's script: [`to_json`](Self::to_json) with its status.
    #[must_use]
    pub fn json_response(&self, oauth: &HuggingFaceOAuth, target: &str) -> HttpResponse {
        let json = self.to_json(oauth, target).to_string();
        self.error_response().set_body(BoxBody::new(json))
    }

    /// A page of the app's that says so, with its status.
    #[must_use]
    pub fn page_response(&self, page: String) -> HttpResponse {
        let mut response = self.error_response().set_body(BoxBody::new(page));
        let html = HeaderValue::from_static("text/html; charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, html);
        response
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Busy { retry_after, .. } => Some(*retry_after),
            Self::TooManyChats => Some(NEXT_CHAT),
            _ => None,
        }
    }
}

impl ResponseError for HubCallError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Refused(refusal) => refusal.status_code(),
            Self::NoCredit => StatusCode::PAYMENT_REQUIRED,
            Self::RefusedByHub { status, .. } => match status.as_u16() {
                401 | 403 => StatusCode::FORBIDDEN,
                404 => StatusCode::NOT_FOUND,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            },
            Self::TooManyChats => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy { status, .. } => *status,
            Self::Failed | Self::TooLarge => StatusCode::SERVICE_UNAVAILABLE,
            Self::Timeout => StatusCode::GATEWAY_TIMEOUT,
            Self::NotSent(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::NoPath => StatusCode::BAD_REQUEST,
        }
    }

    fn error_response(&self) -> HttpResponse {
        if let Self::Refused(refusal) = self {
            return refusal.error_response();
        }
        let mut response = HttpResponse::build(self.status_code());
        if let Some(retry_after) = self.retry_after() {
            response.insert_header((RETRY_AFTER, retry_after.as_secs()));
        }
        let mut json = json!({ "error": self.to_string() });
        if let Some(url) = self.billing_url() {
            json["billing"] = url.into();
        }
        response.json(json)
    }
}
