//! Logout: by a link, or by the form of the page that asks.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse};

use crate::oauth::HuggingFaceOAuth;
use crate::pages::{LogoutPage, not_as_head, see_other};
use crate::request::fetch_metadata::is_from_another_origin;
use crate::request::{head, way_back};
use crate::session::CurrentSignIn;

/// Signs out by a link, unless another site or a prefetch follows it: then a page asks.
pub async fn link(request: HttpRequest, oauth: HuggingFaceOAuth, session: Session) -> HttpResponse {
    if head::was_asked(&request) {
        return not_as_head("GET, POST");
    }
    let headers = request.headers();
    if is_from_another_origin(headers) || headers.contains_key("Sec-Purpose") {
        let target = way_back::from_query(request.query_string(), &oauth.shared.paths.folder);
        let action = oauth.logout_url(&target);
        let page = LogoutPage { site: oauth.site_for(&request), action, cancel_url: target };
        return page.respond();
    }
    logout(request, oauth, session).await
}

/// Signs out and goes on to where the link asks.
pub async fn logout(
    request: HttpRequest,
    oauth: HuggingFaceOAuth,
    session: Session,
) -> HttpResponse {
    if let Some(current) = CurrentSignIn::of(&request) {
        current.sign_out(&session);
    }
    see_other(&way_back::from_query(request.query_string(), &oauth.shared.paths.folder))
}
