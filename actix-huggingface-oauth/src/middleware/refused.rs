//! The page of a refusal that the app has not dressed itself.

use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::WWW_AUTHENTICATE;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, ResponseError};

use crate::extract::signed_in_user;
use crate::oauth::HuggingFaceOAuth;
use crate::pages::{Action, MessagePage};
use crate::request::{asks_whether_up, wants_page, way_back};
use crate::user::Refusal;

/// Marks a request that a gate did not let in.
pub struct RefusedByGate;

/// Makes a page of a refusal where the browser shows it. A stranger at a gate gets it with 200 at `/`: Hugging Face takes a
/// Space for broken that answers anything else there.
pub fn dress(mut response: ServiceResponse, oauth: &HuggingFaceOAuth) -> ServiceResponse {
    let error = response.response().error();
    let refusal = error.and_then(|error| error.as_error::<Refusal>()).cloned();
    if let Some(refusal) = refusal.filter(|refusal| !refusal.is_of_token())
        && wants_page(response.request())
    {
        let page = page(&refusal, response.request(), oauth);
        response = response.into_response(page);
    }
    let (request, answer) = (response.request(), response.response());
    let is_stranger = answer.status() == StatusCode::UNAUTHORIZED
        && request.extensions().contains::<RefusedByGate>();
    if is_stranger && asks_whether_up(request) && wants_page(request) {
        *response.response_mut().status_mut() = StatusCode::OK;
        response.headers_mut().remove(WWW_AUTHENTICATE);
    }
    response
}

fn page(refusal: &Refusal, request: &HttpRequest, oauth: &HuggingFaceOAuth) -> HttpResponse {
    let here = way_back::here(request);
    let plain = refusal.error_response();
    let page = MessagePage::new(oauth.site_for(request), refusal.heading(), refusal.to_string());
    let login = oauth.remedy(request, refusal, here);
    let user = signed_in_user(request).filter(|_| plain.status() == StatusCode::FORBIDDEN);
    let hint =
        user.as_ref().map(|user| format!("You are signed in as {}.", user.display_name()).into());
    let actions = match user {
        Some(_) => vec![Action::secondary("Sign in as somebody else", oauth.logout_url(here))],
        None => Vec::new(),
    };
    let mut response = MessagePage { hint, login, actions, ..page }.respond(plain.status());
    for challenge in plain.headers().get_all(WWW_AUTHENTICATE) {
        response.headers_mut().append(WWW_AUTHENTICATE, challenge.clone());
    }
    response
}
