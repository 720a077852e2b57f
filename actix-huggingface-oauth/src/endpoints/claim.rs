//! The frame's claim of the sign-in in its tab, and the script that makes it.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, SET_COOKIE};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

use super::cookies::{Sent, set_cookie};
use super::pages::{Action, MessagePage, respond, see_other};
use super::request_guard::{is_navigation, refusal};
use super::{HuggingFaceOAuth, forms, session, way_back};

/// What the frame posts where there is no JavaScript.
#[derive(Deserialize)]
pub struct ClaimForm {
    #[serde(rename = "_target_url", default)]
    target: String,
}

/// Signs the frame in, once its tab is.
pub async fn claim(
    request: HttpRequest,
    oauth: web::Data<HuggingFaceOAuth>,
    session: Session,
    payload: web::Payload,
) -> HttpResponse {
    let is_script = !is_navigation(request.headers());
    if oauth.origins.sent_by_us(request.headers()) != Some(true) {
        return refusal(request.headers());
    }
    let form = forms::read::<ClaimForm>(&request, payload).await;
    let target = form.map(|form| form.target).unwrap_or_default();
    let target = way_back::checked(&target, &oauth.paths.sign_in);
    let is_signed_in = session::load(&session).is_some();
    let name = oauth.cookie_names.hand_off;
    let verifier = request.cookie(name).map(|cookie| cookie.value().to_owned());
    let has_verifier = verifier.is_some();
    let claimed = match verifier {
        Some(verifier) => oauth.hand_offs.claim(verifier).await,
        None => Ok(None),
    };
    let claimed = match claimed {
        Ok(claimed) => claimed,
        Err(failure) => return failure.page(&request, &oauth, &target),
    };
    if let Some(sign_in) = claimed {
        session::store(&session, &sign_in);
        let mut response = signed_in(is_script, &target);
        let removal = set_cookie(name, "", Some(0), Sent::InFrames);
        response.headers_mut().append(SET_COOKIE, removal);
        return response;
    }
    match (is_signed_in, has_verifier) {
        (true, _) => signed_in(is_script, &target),
        (false, true) if is_script => HttpResponse::Accepted().json(json!({ "signed_in": false })),
        (false, true) => {
            let heading = "Not signed in yet";
            let message = "Finish signing in in the tab that opened, then go back and continue.";
            let back = Action { label: "Go back", href: target, primary: true, new_tab: false };
            page(&request, &oauth, StatusCode::OK, heading, message, back)
        }
        (false, false) if is_script => {
            let error = "This browser keeps no cookies in frames.";
            HttpResponse::BadRequest().json(json!({ "error": error }))
        }
        (false, false) => {
            let heading = "This browser keeps no cookies in frames";
            let message = "The app works in a tab of its own, where you are signed in already.";
            let label = "Open the app in its own tab";
            let own_tab = Action { label, href: target, primary: true, new_tab: true };
            page(&request, &oauth, StatusCode::BAD_REQUEST, heading, message, own_tab)
        }
    }
}

/// The script that claims without a click.
pub async fn script() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/javascript; charset=utf-8")
        .insert_header((CACHE_CONTROL, "public, max-age=3600"))
        .body(include_str!("hand-off.js"))
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
    let site = oauth.site_for(request);
    let page =
        MessagePage { site, heading, message, hint: None, login: None, actions: vec![action] };
    respond(request, page, status)
}
