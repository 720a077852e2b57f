//! Login: by a link, or by the form that stands in a frame.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::provider_calls::{in_time, redirect_uri};
use super::unmeant;
use crate::auth::{Auth, PendingAuthorization, is_challenge};
use crate::failure::Failure;
use crate::hub::{Asking, AuthorizationRedirect};
use crate::oauth::HuggingFaceOAuth;
use crate::pages::{MessagePage, SIGN_IN, see_other};
use crate::request::fetch_metadata::is_frame;
use crate::request::way_back;

/// What the login control posts.
#[derive(Deserialize)]
pub struct LoginForm {
    challenge: String,
    #[serde(rename = "_target_url", default)]
    target: String,
    #[serde(flatten)]
    again: AskAgain,
}

/// What a link or a form says where the Hub is to ask again.
#[derive(Deserialize, Default)]
struct AskAgain {
    prompt: Option<String>,
    #[serde(rename = "orgIds")]
    org_ids: Option<String>,
}

impl AskAgain {
    fn asking(&self) -> Asking {
        Asking::from_query(self.prompt.as_deref(), self.org_ids.as_deref())
    }
}

/// Begins a sign-in and sends the visitor to the Hub.
pub async fn link(request: HttpRequest, oauth: HuggingFaceOAuth) -> HttpResponse {
    if let Some(refusal) = unmeant::refusal(&request, "GET, POST") {
        return refusal;
    }
    let query = request.query_string();
    if oauth.shared.origins.is_other_name(request.headers()) && !way_back::was_moved(query) {
        let origin = oauth.shared.origins.canonical(request.headers()).unwrap_or_default();
        // The Hub sends users back to the first name only, and cookies of another name are not sent there. Once: what
        // stands before the app may give all requests another `Host`.
        let query = way_back::moved(query);
        return see_other(&format!("{origin}{}?{query}", oauth.shared.paths.login));
    }
    let target = way_back::from_query(query, &oauth.shared.paths.folder);
    let again = web::Query::<AskAgain>::from_query(query).map(web::Query::into_inner);
    let asking = again.unwrap_or_default().asking();
    if is_frame(request.headers()) {
        // The Hub's consent page is not shown in frames.
        let message = "Signing in opens a new tab. Come back here when you are through.";
        let page = MessagePage::new(oauth.site_for(&request), "Sign in", message);
        let label = if asking.is_again() { "Go to Hugging Face" } else { SIGN_IN };
        let login = Some(oauth.asking_control(&request, &target, label, &asking));
        return MessagePage { login, ..page }.respond(StatusCode::OK);
    }
    begin(&request, &oauth, target, None, &asking).await
}

/// Begins, in a tab, the sign-in of a frame. A refusal is a redirect, never a page: its reload
/// would post again, with our own Origin.
pub async fn form(
    request: HttpRequest,
    oauth: HuggingFaceOAuth,
    form: Option<web::Form<LoginForm>>,
) -> HttpResponse {
    if !oauth.shared.origins.sent_by_canonical(request.headers()) {
        return see_other("/");
    }
    match form.map(web::Form::into_inner) {
        Some(form) if is_challenge(&form.challenge) => {
            let target = oauth.way_back(&form.target);
            let asking = form.again.asking();
            begin(&request, &oauth, target, Some(form.challenge), &asking).await
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
    asking: &Asking,
) -> HttpResponse {
    match authorization_redirect(request, oauth, asking).await {
        Ok(AuthorizationRedirect { url, state, code_verifier }) => {
            let pending = PendingAuthorization::new(state, code_verifier, target, challenge);
            let headers = request.headers();
            let cookies = oauth.pending_cookies(headers).add(oauth.cookies(headers), pending);
            if let Some(auth) = Auth::of(request) {
                auth.add_cookies(cookies);
            }
            see_other(&url)
        }
        Err(failure) => failure.page(request, oauth, &target),
    }
}

async fn authorization_redirect(
    request: &HttpRequest,
    oauth: &HuggingFaceOAuth,
    asking: &Asking,
) -> Result<AuthorizationRedirect, Failure> {
    let provider = oauth.shared.provider.as_ref().ok_or(Failure::NotConfigured)?;
    let origin = oauth.shared.origins.canonical(request.headers()).unwrap_or_default();
    let redirect_uri = redirect_uri(oauth, &origin)?;
    let mut redirect = in_time(oauth, provider.authorization_request(redirect_uri, asking)).await?;
    if oauth.is_mocked() {
        // Where the visitor reaches this app, which need not be where it listens: ports are forwarded.
        redirect.url.replace_range(..provider.origin().len(), &origin);
    }
    Ok(redirect)
}
