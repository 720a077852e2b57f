//! What a visitor is told of an error of this crate.

use actix_web::Error;

use super::HubCallError;
use crate::user::Refusal;

/// An error of this crate, as an app's own pages show it.
#[derive(Clone, Debug)]
pub struct VisitorError<'a> {
    /// In a few words.
    pub heading: &'static str,
    /// What happened, and what to do.
    pub text: String,
    /// The refusal that it is: [`HuggingFaceOAuth::remedy`](crate::HuggingFaceOAuth::remedy) may help.
    pub refusal: Option<&'a Refusal>,
}

impl<'a> VisitorError<'a> {
    /// `None` for an error that is not this crate's.
    #[must_use]
    pub fn of(error: &'a Error) -> Option<Self> {
        if let Some(refusal) = error.as_error::<Refusal>() {
            let text = refusal.to_string();
            return Some(Self { heading: refusal.heading(), text, refusal: Some(refusal) });
        }
        let error = error.as_error::<HubCallError>()?;
        Some(Self { heading: error.heading(), text: error.to_string(), refusal: error.refusal() })
    }
}
