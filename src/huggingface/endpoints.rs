//! The three endpoints of sign-in: login, callback, logout.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::http::header::{LOCATION, SET_COOKIE};
use actix_web::{HttpRequest, HttpResponse, web};
use oauth2::RedirectUrl;
use serde::Deserialize;

use super::cookies::is_frame;
use super::failure::Failure;
use super::pages::{Action, LogoutPage, MessagePage, respond};
use super::provider::{AuthorizationRequest, Provider};
use super::sign_ins::{SignIn, SignIns};
use super::{HubError, HuggingFaceOAuth, OAuthInfo, claim, session, way_back};

/// Adds the endpoints.
pub fn configure(oauth: &HuggingFaceOAuth) -> impl FnOnce(&mut web::ServiceConfig) + use<> {
    let paths = oauth.paths.clone();
    move |config| {
        config
            .service(web::resource(paths.login).get(login).post(claim::login))
            .service(web::resource(paths.callback).get(callback))
            .service(web::resource(paths.logout).get(logout_link).post(logout))
            .service(web::resource(paths.claim).post(claim::claim))
            .service(web::resource(paths.script).get(claim::script));
    }
}

/// Begins a sign-in and sends the visitor to the Hub.
async fn login(request: HttpRequest, oauth: web::Data<HuggingFaceOAuth>) -> HttpResponse {
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
    begin_sign_in(&request, &oauth, target, None).await
}

/// Sends the visitor to the Hub; `challenge` is that of the frame that waits for the sign-in.
pub async fn begin_sign_in(
    request: &HttpRequest,
    oauth: &HuggingFaceOAuth,
    target: String,
    challenge: Option<String>,
) -> HttpResponse {
    match begin(request, oauth).await {
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

async fn begin(
    request: &HttpRequest,
    oauth: &HuggingFaceOAuth,
) -> Result<AuthorizationRequest, Failure> {
    let provider = oauth.provider.as_ref().ok_or(Failure::NotConfigured)?;
    let origin = oauth.origins.canonical(request.headers()).unwrap_or_default();
    in_time(oauth, provider.authorization_request(redirect_uri(oauth, &origin)?)).await
}

/// What the Hub sends a visitor back with: `code` or `error`. RFC 6749 §4.1.2.
#[derive(Deserialize)]
struct Callback {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

/// Ends a sign-in that this browser began.
async fn callback(
    request: HttpRequest,
    oauth: web::Data<HuggingFaceOAuth>,
    session: Session,
) -> HttpResponse {
    let mut sign_ins = SignIns::of(&request, &oauth);
    let callback =
        web::Query::<Callback>::from_query(request.query_string()).map(web::Query::into_inner);
    let begun =
        callback.as_ref().ok().and_then(|callback| sign_ins.take(callback.state.as_deref()?));
    let Some(begun) = begun else {
        // It starts nothing, so that nothing can loop.
        return match session::load(&session) {
            Some(_) => see_other("/"),
            None => Failure::UnknownSignIn.page(&request, &oauth, "/"),
        };
    };

    let target = begun.target.clone();
    let challenge = begun.challenge.clone();
    let result = match callback {
        Ok(callback) => finish(&request, &oauth, callback, begun).await,
        Err(_) => Err(Failure::BadCallback),
    };
    let stored = result.and_then(|info| {
        session::store(&session, info.clone()).map_err(|_| Failure::TooLarge).map(|()| info)
    });
    let mut response = match (stored, challenge) {
        (Err(failure), _) => failure.page(&request, &oauth, &target),
        (Ok(_), None) => see_other(&target),
        (Ok(info), Some(challenge)) => {
            oauth.hand_offs.offer(challenge, info).await;
            back_to_the_frame(&request, &oauth, target)
        }
    };
    response.headers_mut().append(SET_COOKIE, sign_ins.cookie(&oauth));
    response
}

/// The end of the tab in which a frame's user signed in.
fn back_to_the_frame(
    request: &HttpRequest,
    oauth: &HuggingFaceOAuth,
    target: String,
) -> HttpResponse {
    let page = MessagePage {
        site: oauth.site_for(request),
        heading: "You are signed in",
        message: "Go back to the Space: you may close this tab. Or go on here.",
        hint: None,
        login: None,
        actions: vec![Action { label: "Go on here", href: target, primary: true, new_tab: false }],
    };
    respond(request, page, StatusCode::OK)
}

async fn finish(
    request: &HttpRequest,
    oauth: &HuggingFaceOAuth,
    callback: Callback,
    begun: SignIn,
) -> Result<OAuthInfo, Failure> {
    let provider = oauth.provider.as_ref().ok_or(Failure::NotConfigured)?;
    let origin = oauth.origins.canonical(request.headers()).unwrap_or_default();
    let redirect_uri = redirect_uri(oauth, &origin)?;
    let exchange = async {
        if let Some(iss) = &callback.iss
            && !provider.is_issuer(iss).await?
        {
            return Err(Failure::BadCallback);
        }
        match (callback.code, callback.error.as_deref()) {
            (Some(code), None) => Ok(exchange(provider, code, begun, redirect_uri).await?),
            (_, Some("access_denied")) => Err(Failure::Denied),
            _ => Err(Failure::BadCallback),
        }
    };
    let info = in_time(oauth, exchange).await?;
    oauth.org_lists.insert(&info.access_token, info.user_info.orgs.clone()).await;
    Ok(info)
}

async fn exchange(
    provider: &Provider,
    code: String,
    begun: SignIn,
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

/// Signs out by a link, unless another site or a prefetch follows it: then a page asks.
async fn logout_link(
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
async fn logout(
    request: HttpRequest,
    oauth: web::Data<HuggingFaceOAuth>,
    session: Session,
) -> HttpResponse {
    session.purge();
    see_other(&way_back::from_query(request.query_string(), &oauth.paths.sign_in))
}

/// Exactly the same at login and at the code exchange. RFC 6749 §4.1.3.
fn redirect_uri(oauth: &HuggingFaceOAuth, origin: &str) -> Result<RedirectUrl, Failure> {
    RedirectUrl::new(format!("{origin}{}", oauth.paths.callback)).map_err(|_| Failure::BadCallback)
}

/// Bounds what the Hub may take of a visitor's time.
async fn in_time<T, E>(
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

/// A redirect that is followed with GET. RFC 9110 §15.4.4.
pub fn see_other(location: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((LOCATION, location))
        .insert_header(("Cache-Control", "no-store"))
        .finish()
}
