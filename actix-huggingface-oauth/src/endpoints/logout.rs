//! Logout: by a link, or by the form of the page that asks.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::pages::{LogoutPage, respond, see_other};
use super::{HuggingFaceOAuth, way_back};

/// Signs out by a link, unless another site or a prefetch follows it: then a page asks.
pub async fn link(
    request: HttpRequest,
    oauth: web::Data<HuggingFaceOAuth>,
    session: Session,
) -> HttpResponse {
    let headers = request.headers();
    let from_others = headers
        .get("Sec-Fetch-Site")
        .is_some_and(|site| site == "cross-site" || site == "same-site");
    if from_others || headers.contains_key("Sec-Purpose") {
        let target = way_back::from_query(request.query_string(), &oauth.paths.sign_in);
        let action = oauth.logout_url(&target);
        let page = LogoutPage { site: oauth.site_for(&request), action, cancel_url: target };
        return respond(&request, page, StatusCode::OK);
    }
    logout(request, oauth, session).await
}

/// Signs out and goes on to where the link asks.
pub async fn logout(
    request: HttpRequest,
    oauth: web::Data<HuggingFaceOAuth>,
    session: Session,
) -> HttpResponse {
    session.purge();
    see_other(&way_back::from_query(request.query_string(), &oauth.paths.sign_in))
}
