//! Login: by a link, or by the form that stands in a frame.

use actix_web::http::StatusCode;
use actix_web::http::header::SET_COOKIE;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::provider_calls::{in_time, redirect_uri};
use crate::failure::Failure;
use crate::hub::AuthorizationRedirect;
use crate::oauth::HuggingFaceOAuth;
use crate::pages::{MessagePage, not_as_head, see_other};
use crate::request::fetch_metadata::is_frame;
use crate::request::{forms, head, way_back};
use crate::session::{PendingSignIn, PendingSignIns, is_challenge};

/// What the login control posts.
#[derive(Deserialize)]
pub struct LoginForm {
    challenge: String,
    #[serde(rename = "_target_url", default)]
    target: String,
}

/// Begins a sign-in and sends the visitor to the Hub.
pub async fn link(request: HttpRequest, oauth: HuggingFaceOAuth) -> HttpResponse {
    if head::was_asked(&request) {
        return not_as_head("GET, POST");
    }
    if oauth.shared.origins.is_other_name(request.headers()) {
        let origin = oauth.shared.origins.canonical(request.headers()).unwrap_or_default();
        // The Hub sends users back to the first name only, and cookies of another name are not sent there.
        let query = request.query_string();
        return see_other(&format!("{origin}{}?{query}", oauth.shared.paths.login));
    }
    let target = way_back::from_query(request.query_string(), &oauth.shared.paths.folder);
    if is_frame(request.headers()) {
        // The Hub's consent page is not shown in frames.
        let message = "Signing in opens a new tab. Come back here when you are through.";
        let page = MessagePage::new(oauth.site_for(&request), "Sign in", message);
        let login = Some(oauth.login_control(&request, &target));
        return MessagePage { login, ..page }.respond(StatusCode::OK);
    }
    begin(&request, &oauth, target, None).await
}

/// Begins, in a tab, the sign-in of a frame. A refusal is a redirect, never a page: its reload
/// would post again, with our own Origin.
pub async fn form(
    request: HttpRequest,
    oauth: HuggingFaceOAuth,
    payload: web::Payload,
) -> HttpResponse {
    let is_ours = oauth.shared.origins.sent_by_us(request.headers()) == Some(true)
        && !oauth.shared.origins.is_other_name(request.headers());
    if !is_ours {
        return see_other("/");
    }
    match forms::read::<LoginForm>(&request, payload).await {
        Some(form) if is_challenge(&form.challenge) => {
            let target = oauth.way_back(&form.target);
            begin(&request, &oauth, target, Some(form.challenge)).await
        }
        _ => see_other("/"),
    }
}

/// Sends the visitor to the Hub; `challenge` is that of the frame that waits for the sign-in.
async fn begin(
    request: &HttpRequest,
    oauth: &HuggingFaceOAuth,
    target: String,
    challenge: Option<String>,
) -> HttpResponse {
    match authorization_redirect(request, oauth).await {
        Ok(begun) => {
            let mut response = see_other(&begun.url);
            let AuthorizationRedirect { state, code_verifier, .. } = begun;
            let cookie = oauth.pending_cookie();
            let mut sign_ins = PendingSignIns::of(request, cookie);
            sign_ins.add(PendingSignIn::new(state, code_verifier, target, challenge));
            response.headers_mut().append(SET_COOKIE, sign_ins.cookie(cookie));
            response
        }
        Err(failure) => failure.page(request, oauth, &target),
    }
}

async fn authorization_redirect(
    request: &HttpRequest,
    oauth: &HuggingFaceOAuth,
) -> Result<AuthorizationRedirect, Failure> {
    let provider = oauth.shared.provider.as_ref().ok_or(Failure::NotConfigured)?;
    let origin = oauth.shared.origins.canonical(request.headers()).unwrap_or_default();
    in_time(oauth, provider.authorization_request(redirect_uri(oauth, &origin)?)).await
}
