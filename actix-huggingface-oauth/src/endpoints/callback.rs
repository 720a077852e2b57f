//! The callback: where the Hub sends a visitor back to.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use oauth2::RedirectUrl;
use serde::Deserialize;
use tokio::time::timeout;

use super::provider_calls::{in_time, redirect_uri};
use super::{leftover, unmeant};
use crate::auth::{Auth, AuthRecord, CookieContext, PendingAuthorization, TooLarge};
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

/// Completes a login that this browser started.
pub async fn callback(
    request: HttpRequest,
    oauth: HuggingFaceOAuth,
    auth: web::ReqData<Auth>,
) -> HttpResponse {
    if let Some(refusal) = unmeant::refusal(&request, "GET") {
        return refusal;
    }
    let headers = request.headers();
    let cookies = oauth.pending_cookies(headers);
    let callback =
        web::Query::<Callback>::from_query(request.query_string()).map(web::Query::into_inner);
    let pending = callback
        .as_ref()
        .ok()
        // The Hub sends nobody into an iframe.
        .filter(|_| !is_frame(headers))
        .and_then(|callback| cookies.find(oauth.cookies(headers), callback.state.as_deref()?));
    let pending = match pending {
        Some(pending) if oauth.shared.used_states.mark(pending.state.secret()).await => pending,
        // It starts nothing, so that nothing can loop.
        _ => {
            return match auth.record() {
                Some(_) => see_other("/"),
                None => Failure::UnknownSignIn.page(&request, &oauth, "/"),
            };
        }
    };

    auth.add_cookies([cookies.remove(pending.state.secret())]);
    leftover::remove(&request, &oauth, &auth);
    let return_to = pending.return_to.clone();
    let challenge = pending.challenge.clone();
    let result = match callback {
        Ok(callback) => finish(&request, &oauth, callback, pending).await,
        Err(_) => Err(Failure::BadCallback),
    };
    #[cfg(feature = "app-session")]
    let before = auth.record();
    let logged_in = match result {
        Ok((info, at)) => log_in(&oauth, &auth, info, at, challenge.clone()).await,
        Err(failure) => Err(failure),
    };
    #[cfg(feature = "app-session")]
    if logged_in.is_ok() && before.zip(auth.record()).is_some_and(|(b, now)| b.sub() == now.sub()) {
        let message = "What you share with this app is up to date.";
        crate::app_session::flash_if_wrapped(&request, message);
    }
    match (logged_in, challenge) {
        (Err(failure), _) => failure.page(&request, &oauth, &return_to),
        (Ok(()), None) => see_other(&return_to),
        (Ok(()), Some(_)) => back_to_the_frame(&request, &oauth, return_to),
    }
}

/// Logs this browser in, and the iframe with this challenge, if one started it.
async fn log_in(
    oauth: &HuggingFaceOAuth,
    auth: &Auth,
    info: OAuthInfo,
    logged_in_at: DateTime<Utc>,
    challenge: Option<String>,
) -> Result<(), Failure> {
    let record = AuthRecord::new(info, logged_in_at).map_err(|TooLarge| Failure::TooLarge)?;
    oauth.shared.store.save(&record, auth.presented(), challenge).await?;
    auth.log_in(record, CookieContext::TopLevel);
    Ok(())
}

/// The end of the tab in which a frame's user signed in.
fn back_to_the_frame(
    request: &HttpRequest,
    oauth: &HuggingFaceOAuth,
    return_to: String,
) -> HttpResponse {
    let message = "Go back to the Space: you may close this tab. Or go on here.";
    let page = MessagePage::new(oauth.site_for(request), "You are signed in", message);
    let actions = vec![Action::primary("Go on here", return_to)];
    MessagePage { actions, ..page }.respond(StatusCode::OK)
}

async fn finish(
    request: &HttpRequest,
    oauth: &HuggingFaceOAuth,
    callback: Callback,
    pending: PendingAuthorization,
) -> Result<(OAuthInfo, DateTime<Utc>), Failure> {
    let provider = oauth.shared.provider.as_ref().ok_or(Failure::NotConfigured)?;
    let origin = oauth.shared.origins.canonical(request.headers()).unwrap_or_default();
    let redirect_uri = redirect_uri(oauth, &origin)?;
    let exchange = async {
        if !provider.may_send(callback.iss.as_deref()).await? {
            return Err(Failure::BadCallback);
        }
        match (callback.code, callback.error.as_deref()) {
            (Some(code), None) => Ok(exchange(provider, code, pending, redirect_uri).await?),
            (_, Some("access_denied")) => Err(Failure::Denied),
            (_, Some(error)) => Err(HubError::Refused(RefusedBy::of(error)).into()),
            (None, None) => Err(Failure::BadCallback),
        }
    };
    let info = in_time(oauth, exchange).await?;
    // Before the hook: a user who is revoked while it runs is not logged in.
    let now = Utc::now();
    if info.access_token_expires_at <= now {
        return Err(Failure::TokenEnded);
    }
    if let Some(hook) = &oauth.shared.on_login {
        let called = timeout(oauth.shared.limits.on_login, hook.call(&info)).await;
        called.map_err(|_| Failure::HookTimeout)?.map_err(|error| Failure::of_hook(&error))?;
    }
    oauth.shared.org_lists.insert(&info.access_token, info.user_info.orgs.clone()).await;
    Ok((info, now))
}

async fn exchange(
    provider: &Provider,
    code: String,
    pending: PendingAuthorization,
    redirect_uri: RedirectUrl,
) -> Result<OAuthInfo, HubError> {
    let grant = provider.exchange(code, pending.code_verifier, redirect_uri).await?;
    let user_info = provider.user_info(&grant.access_token).await?;
    Ok(OAuthInfo {
        access_token: grant.access_token,
        access_token_expires_at: grant.expires_at,
        user_info,
        state: Some(pending.state),
        scope: grant.scope,
    })
}
