//! The frame's claim of the sign-in in its tab.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::http::header::SET_COOKIE;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

use crate::auth::{CurrentSignIn, Sent, set_cookie};
use crate::extract::signed_in_user;
use crate::failure::Failure;
use crate::hub::Asking;
use crate::middleware::guard::refusal;
use crate::oauth::HuggingFaceOAuth;
use crate::pages::{Action, MessagePage, see_other};
use crate::request::fetch_metadata::is_navigation;

/// What the frame posts where there is no JavaScript.
#[derive(Deserialize)]
pub struct ClaimForm {
    #[serde(rename = "_target_url", default)]
    target: String,
}

/// Signs the frame in, once its tab is.
pub async fn claim(
    request: HttpRequest,
    oauth: HuggingFaceOAuth,
    session: Session,
    form: Option<web::Form<ClaimForm>>,
) -> HttpResponse {
    let is_script = !is_navigation(request.headers());
    if oauth.shared.origins.sent_by_us(request.headers()) != Some(true) {
        return refusal(request.headers());
    }
    let target = form.map(|form| form.into_inner().target).unwrap_or_default();
    let target = oauth.way_back(&target);
    // One who is asked again is signed in all along.
    let asks_again = request.query_string() == Asking::CLAIM_QUERY;
    let is_signed_in = !asks_again && signed_in_user(&request).is_some();
    let name = oauth.cookie_names(request.headers()).hand_off();
    let verifier = request.cookie(&name).map(|cookie| cookie.value().to_owned());
    let has_verifier = verifier.is_some();
    let claimed = match verifier {
        Some(verifier) => oauth.shared.hand_offs.claim(verifier).await,
        None => Ok(None),
    };
    let claimed = match claimed {
        Ok(claimed) => claimed,
        Err(unavailable) => return Failure::from(unavailable).page(&request, &oauth, &target),
    };
    if let (Some(sign_in), Some(current)) = (claimed, CurrentSignIn::of(&request)) {
        current.sign_in(&session, sign_in);
        let mut response = signed_in(is_script, &target);
        let removal = set_cookie(&name, "", Some(0), Sent::InFrames);
        response.headers_mut().append(SET_COOKIE, removal);
        return response;
    }
    match (is_signed_in, has_verifier) {
        (true, _) => signed_in(is_script, &target),
        (false, true) if is_script => HttpResponse::Accepted().json(json!({ "signed_in": false })),
        (false, true) => {
            let heading = "Not signed in yet";
            let message = "Finish signing in in the tab that opened, then go back and continue.";
            let back = Action::primary("Go back", target);
            page(&request, &oauth, StatusCode::OK, heading, message, back)
        }
        (false, false) if is_script => {
            let error = "This browser keeps no cookies in frames.";
            HttpResponse::BadRequest().json(json!({ "error": error }))
        }
        (false, false) => {
            let heading = "This browser keeps no cookies in frames";
            let message = "The app works in a tab of its own, where you are signed in already.";
            let own_tab = Action::primary("Open the app in its own tab", target).in_new_tab();
            page(&request, &oauth, StatusCode::BAD_REQUEST, heading, message, own_tab)
        }
    }
}

fn signed_in(is_script: bool, target: &str) -> HttpResponse {
    if is_script {
        HttpResponse::Ok().json(json!({ "signed_in": true }))
    } else {
        see_other(target)
    }
}

fn page(
    request: &HttpRequest,
    oauth: &HuggingFaceOAuth,
    status: StatusCode,
    heading: &'static str,
    message: &'static str,
    action: Action,
) -> HttpResponse {
    let page = MessagePage::new(oauth.site_for(request), heading, message);
    MessagePage { actions: vec![action], ..page }.respond(status)
}
