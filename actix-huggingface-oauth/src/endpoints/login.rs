//! Login: by a link, or by the form that stands in a frame.

use actix_web::http::StatusCode;
use actix_web::http::header::SET_COOKIE;
use actix_web::{HttpRequest, HttpResponse, web};
use oauth2::RedirectUrl;
use serde::Deserialize;

use super::cookies::is_frame;
use super::failure::Failure;
use super::hand_off::is_base64url;
use super::pages::{MessagePage, respond, see_other};
use super::provider::AuthorizationRequest;
use super::sign_ins::{SignIn, SignIns};
use super::{HubError, HuggingFaceOAuth, forms, way_back};

/// What the login control posts.
#[derive(Deserialize)]
pub struct LoginForm {
    challenge: String,
    #[serde(rename = "_target_url", default)]
    target: String,
}

/// Begins a sign-in and sends the visitor to the Hub.
pub async fn link(request: HttpRequest, oauth: web::Data<HuggingFaceOAuth>) -> HttpResponse {
    if oauth.origins.is_other_name(request.headers()) {
        let origin = oauth.origins.canonical(request.headers()).unwrap_or_default();
        // The Hub sends users back to the first name only, and cookies of another name are not sent there.
        let query = request.query_string();
        return see_other(&format!("{origin}{}?{query}", oauth.paths.login));
    }
    let target = way_back::from_query(request.query_string(), &oauth.paths.sign_in);
    if is_frame(request.headers()) {
        // The Hub's consent page is not shown in frames.
        let page = MessagePage {
            site: oauth.site_for(&request),
            heading: "Sign in",
            message: "Signing in opens a new tab. Come back here when you are through.",
            hint: None,
            login: Some(oauth.login_control(&request, &target)),
            actions: Vec::new(),
        };
        return respond(&request, page, StatusCode::OK);
    }
    begin(&request, &oauth, target, None).await
}

/// Begins, in a tab, the sign-in of a frame. A refusal is a redirect, never a page: its reload
/// would post again, with our own Origin.
pub async fn form(
    request: HttpRequest,
    oauth: web::Data<HuggingFaceOAuth>,
    payload: web::Payload,
) -> HttpResponse {
    let is_ours = oauth.origins.sent_by_us(request.headers()) == Some(true)
        && !oauth.origins.is_other_name(request.headers());
    if !is_ours {
        return see_other("/");
    }
    match forms::read::<LoginForm>(&request, payload).await {
        Some(form) if is_base64url(&form.challenge) => {
            let target = way_back::checked(&form.target, &oauth.paths.sign_in);
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
    match authorization_request(request, oauth).await {
        Ok(begun) => {
            let mut response = see_other(&begun.url);
            let mut sign_ins = SignIns::of(request, oauth);
            sign_ins.add(SignIn::new(begun, target, challenge));
            response.headers_mut().append(SET_COOKIE, sign_ins.cookie(oauth));
            response
        }
        Err(failure) => failure.page(request, oauth, &target),
    }
}

async fn authorization_request(
    request: &HttpRequest,
    oauth: &HuggingFaceOAuth,
) -> Result<AuthorizationRequest, Failure> {
    let provider = oauth.provider.as_ref().ok_or(Failure::NotConfigured)?;
    let origin = oauth.origins.canonical(request.headers()).unwrap_or_default();
    in_time(oauth, provider.authorization_request(redirect_uri(oauth, &origin)?)).await
}

/// Exactly the same at login and at the code exchange. RFC 6749 §4.1.3.
pub fn redirect_uri(oauth: &HuggingFaceOAuth, origin: &str) -> Result<RedirectUrl, Failure> {
    RedirectUrl::new(format!("{origin}{}", oauth.paths.callback)).map_err(|_| Failure::BadCallback)
}

/// Bounds what the Hub may take of a visitor's time.
pub async fn in_time<T, E>(
    oauth: &HuggingFaceOAuth,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, Failure>
where
    Failure: From<E>,
{
    match tokio::time::timeout(oauth.limits.sign_in, work).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(HubError::Timeout.into()),
    }
}
