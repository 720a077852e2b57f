//! Flash messages: one message for the next page.

use actix_session::SessionExt;
use actix_web::{HttpMessage, HttpRequest};

use super::state::{FLASH, Wrapped};
use crate::request::fetch_metadata::is_prefetch;
use crate::request::head::is_head;

/// Stores a message that the next page shows once: "Your note is saved." after a form, before a redirect. It replaces a message
/// that no page has shown. Needs [`AppSession`](crate::AppSession), or another session middleware.
///
/// ```
/// use actix_huggingface_oauth::flash;
/// use actix_web::{HttpRequest, Responder, post, web::Redirect};
///
/// #[post("/notes")]
/// async fn save(request: HttpRequest) -> impl Responder {
///     flash(&request, "Your note is saved.");
///     Redirect::to("/notes").see_other()
/// }
/// ```
pub fn flash(request: &HttpRequest, message: impl Into<String>) {
    let _ = request.get_session().insert(FLASH, message.into());
}

/// The same, if [`AppSession`](crate::AppSession) is wrapped: sessions of the app's own stay as they are.
pub fn flash_if_wrapped(request: &HttpRequest, message: &str) {
    if request.extensions().contains::<Wrapped>() {
        flash(request, message);
    }
}

/// Takes the message that this page shows. Returns `None` without a message, and for a prefetch or HEAD, which leave it for the page.
#[must_use]
pub fn take_flash(request: &HttpRequest) -> Option<String> {
    if is_prefetch(request.headers()) || is_head(request) {
        return None;
    }
    request.get_session().remove_as(FLASH)?.ok()
}
