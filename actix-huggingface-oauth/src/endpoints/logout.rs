//! Logout: by a link, or by the form of the page that asks.

use actix_web::{HttpRequest, HttpResponse};

use super::{leftover, unmeant};
use crate::auth::Auth;
use crate::extract::sign_out;
use crate::oauth::HuggingFaceOAuth;
use crate::pages::{LogoutPage, see_other};
use crate::request::fetch_metadata::{is_frame, is_from_another_origin, is_user_activated};
use crate::request::way_back;

/// Signs out by a link, unless another site follows it, or a frame without a click: then a page asks.
pub async fn link(request: HttpRequest, oauth: HuggingFaceOAuth) -> HttpResponse {
    if let Some(refusal) = unmeant::refusal(&request, "GET, POST") {
        return refusal;
    }
    let headers = request.headers();
    let is_unasked = is_frame(headers) && !is_user_activated(headers);
    if is_from_another_origin(headers) || is_unasked {
        let target = way_back::from_query(request.query_string(), &oauth.shared.paths.folder);
        let action = oauth.logout_url(&target);
        let page = LogoutPage { site: oauth.site_for(&request), action, cancel_url: target };
        return page.respond();
    }
    logout(request, oauth).await
}

/// Signs out and goes on to where the link asks.
pub async fn logout(request: HttpRequest, oauth: HuggingFaceOAuth) -> HttpResponse {
    sign_out(&request);
    if let Some(auth) = Auth::of(&request) {
        leftover::remove(&request, &oauth, &auth);
    }
    #[cfg(feature = "app-session")]
    crate::app_session::flash_if_wrapped(&request, "You are signed out.");
    see_other(&way_back::from_query(request.query_string(), &oauth.shared.paths.folder))
}
