//! The callback: where the Hub sends a visitor back to.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::http::header::SET_COOKIE;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::Utc;
use oauth2::RedirectUrl;
use serde::Deserialize;

use super::provider_calls::{in_time, redirect_uri};
use super::unmeant;
use crate::auth::{CurrentSignIn, PendingSignIn, StoredOAuthInfo};
use crate::extract::signed_in_user;
use crate::failure::Failure;
use crate::hub::{HubError, Provider, RefusedBy};
use crate::oauth::HuggingFaceOAuth;
use crate::pages::{Action, MessagePage, see_other};
use crate::request::fetch_metadata::is_frame;
use crate::user::OAuthInfo;

/// What the Hub sends a visitor back with: `code` or `error`. RFC 6749 §4.1.2.
#[derive(Deserialize)]
struct Callback {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

/// Ends a sign-in that this browser began.
pub async fn callback(
    request: HttpRequest,
    oauth: HuggingFaceOAuth,
    session: Session,
) -> HttpResponse {
    if let Some(refusal) = unmeant::refusal(&request, "GET") {
        return refusal;
    }
    let headers = request.headers();
    let cookies = oauth.pending_cookies(headers);
    let callback =
        web::Query::<Callback>::from_query(request.query_string()).map(web::Query::into_inner);
    let begun = callback
        .as_ref()
        .ok()
        // The Hub sends nobody into a frame.
        .filter(|_| !is_frame(headers))
        .and_then(|callback| cookies.find(headers, callback.state.as_deref()?));
    let Some(begun) = begun else {
        // It starts nothing, so that nothing can loop.
        return match signed_in_user(&request) {
            Some(_) => see_other("/"),
            None => Failure::UnknownSignIn.page(&request, &oauth, "/"),
        };
    };

    let target = begun.target.clone();
    let challenge = begun.challenge.clone();
    let end = cookies.end(begun.state.secret());
    let result = match callback {
        Ok(callback) => finish(&request, &oauth, callback, begun).await,
        Err(_) => Err(Failure::BadCallback),
    };
    let signed_in = match result {
        Ok(info) => keep(&request, &oauth, &session, info, challenge.clone()).await,
        Err(failure) => Err(failure),
    };
    let mut response = match (signed_in, challenge) {
        (Err(failure), _) => failure.page(&request, &oauth, &target),
        (Ok(()), None) => see_other(&target),
        (Ok(()), Some(_)) => back_to_the_frame(&request, &oauth, target),
    };
    response.headers_mut().append(SET_COOKIE, end);
    response
}

/// Signs this browser in, and the frame with this challenge, if one began it.
async fn keep(
    request: &HttpRequest,
    oauth: &HuggingFaceOAuth,
    session: &Session,
    info: OAuthInfo,
    challenge: Option<String>,
) -> Result<(), Failure> {
    let sign_in = StoredOAuthInfo::of(info).map_err(|_| Failure::TooLarge)?;
    if let Some(challenge) = challenge {
        oauth.shared.hand_offs.offer(challenge, sign_in.clone()).await?;
    }
    if let Some(current) = CurrentSignIn::of(request) {
        current.sign_in(session, sign_in);
    }
    Ok(())
}

/// The end of the tab in which a frame's user signed in.
fn back_to_the_frame(
    request: &HttpRequest,
    oauth: &HuggingFaceOAuth,
    target: String,
) -> HttpResponse {
    let message = "Go back to the Space: you may close this tab. Or go on here.";
    let page = MessagePage::new(oauth.site_for(request), "You are signed in", message);
    let actions = vec![Action::primary("Go on here", target)];
    MessagePage { actions, ..page }.respond(StatusCode::OK)
}

async fn finish(
    request: &HttpRequest,
    oauth: &HuggingFaceOAuth,
    callback: Callback,
    begun: PendingSignIn,
) -> Result<OAuthInfo, Failure> {
    let provider = oauth.shared.provider.as_ref().ok_or(Failure::NotConfigured)?;
    let origin = oauth.shared.origins.canonical(request.headers()).unwrap_or_default();
    let redirect_uri = redirect_uri(oauth, &origin)?;
    let exchange = async {
        if !provider.may_send(callback.iss.as_deref()).await? {
            return Err(Failure::BadCallback);
        }
        match (callback.code, callback.error.as_deref()) {
            (Some(code), None) => Ok(exchange(provider, code, begun, redirect_uri).await?),
            (_, Some("access_denied")) => Err(Failure::Denied),
            (_, Some(error)) => Err(HubError::Refused(RefusedBy::of(error)).into()),
            (None, None) => Err(Failure::BadCallback),
        }
    };
    let info = in_time(oauth, exchange).await?;
    if info.access_token_expires_at <= Utc::now() {
        return Err(Failure::TokenEnded);
    }
    oauth.shared.org_lists.insert(&info.access_token, info.user_info.orgs.clone()).await;
    Ok(info)
}

async fn exchange(
    provider: &Provider,
    code: String,
    begun: PendingSignIn,
    redirect_uri: RedirectUrl,
) -> Result<OAuthInfo, HubError> {
    let grant = provider.exchange(code, begun.code_verifier, redirect_uri).await?;
    let user_info = provider.user_info(&grant.access_token).await?;
    Ok(OAuthInfo {
        access_token: grant.access_token,
        access_token_expires_at: grant.expires_at,
        user_info,
        state: Some(begun.state),
        scope: grant.scope,
    })
}
