//! The handoff of the tab's login to the iframe.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

use crate::auth::{Auth, CookieContext};
use crate::failure::Failure;
use crate::hub::Asking;
use crate::middleware::guard::refusal;
use crate::oauth::{HuggingFaceOAuth, Shared};
use crate::pages::{Action, MessagePage, see_other};
use crate::request::fetch_metadata::is_navigation;

/// The form that the iframe posts without JavaScript.
#[derive(Deserialize)]
pub struct HandoffForm {
    #[serde(rename = "_target_url", default)]
    target: String,
}

/// Logs the iframe in, once its tab is.
pub async fn redeem(
    request: HttpRequest,
    oauth: HuggingFaceOAuth,
    auth: web::ReqData<Auth>,
    form: Option<web::Form<HandoffForm>>,
) -> HttpResponse {
    let headers = request.headers();
    let is_script = !is_navigation(headers);
    if oauth.shared.origins.sent_by_us(headers) != Some(true) {
        return refusal(headers);
    }
    let target = form.map(|form| form.into_inner().target).unwrap_or_default();
    let target = oauth.way_back(&target);
    // A user whose consent is asked again is signed in all along.
    let asks_again = request.query_string() == Asking::CLAIM_QUERY;
    let is_signed_in = !asks_again && auth.record().is_some();
    let cookie = oauth.cookie_names(headers).handoff();
    let verifier = oauth.cookie(headers, &cookie).map(str::to_owned);
    let has_verifier = verifier.is_some();
    let Shared { store, revocations, .. } = &**oauth.shared;
    let redeemed = match verifier {
        Some(verifier) => store.redeem(verifier, revocations).await,
        None => Ok(None),
    };
    match redeemed {
        Ok(Some(record)) => {
            auth.add_cookies([cookie.remove(CookieContext::Embedded)]);
            auth.log_in(record, CookieContext::Embedded);
            return signed_in(is_script, &target);
        }
        Ok(None) => {}
        Err(unavailable) => return Failure::from(unavailable).page(&request, &oauth, &target),
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
