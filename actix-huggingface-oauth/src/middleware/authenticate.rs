//! Authentication: the login of each request, and the cookies of its response.

use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{CACHE_CONTROL, HeaderMap, HeaderValue, SET_COOKIE};
use actix_web::{Error, HttpMessage, HttpResponse};
use chrono::Utc;

use super::erased::AnyService;
use super::refused;
use crate::auth::{Auth, Change, CookieNames, Outgoing, StoreUnavailable, drop_set_cookies};
use crate::failure::Failure;
use crate::oauth::{HuggingFaceOAuth, Shared};
use crate::request::theme;

/// Puts the login of a request into its extensions, calls the app, and sets the cookies that login, logout and login controls
/// ask for. If the store is unavailable, requests with a login get 503 instead of being treated as signed out.
pub async fn authenticate(
    oauth: &HuggingFaceOAuth,
    request: ServiceRequest,
    service: &AnyService,
) -> Result<ServiceResponse, Error> {
    let cookies = ResponseCookies::of(&request, oauth);
    let auth = match auth_of(oauth, request.headers(), &cookies.names).await {
        Ok(auth) => auth,
        // Pages that say so need their style.
        Err(_) if oauth.shared.paths.is_resource(request.path()) => signed_out(oauth),
        Err(StoreUnavailable) => {
            let unavailable = Failure::StoreUnavailable.answer(request.request(), oauth);
            return Ok(request.into_response(unavailable));
        }
    };
    request.extensions_mut().insert(auth.clone());
    match service.call(request).await {
        Ok(response) => {
            let mut response = refused::dress(response, oauth);
            if let Err(StoreUnavailable) = cookies.set(oauth, &auth, response.headers_mut()).await {
                let page = Failure::StoreUnavailable.answer(response.request(), oauth);
                response = response.into_response(page);
            }
            Ok(response)
        }
        Err(error) if auth.has_cookies() => {
            let mut response = error.error_response();
            if cookies.set(oauth, &auth, response.headers_mut()).await.is_err() {
                response = HttpResponse::ServiceUnavailable().finish();
            }
            Err(InternalError::from_response(error, response).into())
        }
        Err(error) => Err(error),
    }
}

/// The login of a request with these headers. Of several readable cookies the newest login counts, and if that is not valid, no
/// older one does.
async fn auth_of(
    oauth: &HuggingFaceOAuth,
    headers: &HeaderMap,
    names: &CookieNames,
) -> Result<Auth, StoreUnavailable> {
    let Shared { store, keys, revocations, .. } = &**oauth.shared;
    let name = names.auth().name;
    let values = oauth.cookies(headers).filter(|(cookie, _)| *cookie == name);
    let presented: Vec<_> = values.filter_map(|(_, value)| store.open(value, &keys.auth)).collect();
    let newest = presented.iter().max_by_key(|presented| presented.logged_in_at);
    let record = match newest.filter(|newest| newest.expires_at > Utc::now()) {
        Some(newest) => store.load(newest, revocations).await?,
        None => None,
    };
    Ok(Auth::new(record, presented, revocations.clone()))
}

fn signed_out(oauth: &HuggingFaceOAuth) -> Auth {
    Auth::new(None, Vec::new(), oauth.shared.revocations.clone())
}

/// What decides which cookies a response sets, as its request says.
struct ResponseCookies {
    names: CookieNames,
    is_cross_origin_read: bool,
    theme: Option<HeaderValue>,
}

impl ResponseCookies {
    fn of(request: &ServiceRequest, oauth: &HuggingFaceOAuth) -> Self {
        let headers = request.headers();
        let names = oauth.cookie_names(headers);
        let theme = theme::asked(request.query_string())
            .map(|theme| names.theme().set(theme, None, oauth.cookie_context(headers)));
        let is_cross_origin_read = oauth.shared.origins.is_read_by_others(headers);
        Self { names, is_cross_origin_read, theme }
    }

    /// Sets the cookies of a response, and makes it `no-store` if one of them is of a login.
    ///
    /// # Errors
    /// [`StoreUnavailable`] if a logout cannot be stored.
    async fn set(
        self,
        oauth: &HuggingFaceOAuth,
        auth: &Auth,
        headers: &mut HeaderMap,
    ) -> Result<(), StoreUnavailable> {
        // A handler may pass on what another server set.
        drop_set_cookies(headers, |name| self.names.is_ours(name));
        let outgoing = auth.respond();
        let Some(Outgoing { change, cookies }) = outgoing.filter(|_| !self.is_cross_origin_read)
        else {
            return Ok(());
        };
        let Shared { store, keys, revocations, .. } = &**oauth.shared;
        let cookie = self.names.auth();
        let mut set = cookies;
        match change {
            Change::None => {}
            Change::Set(record, context) => {
                let max_age = (record.expires_at() - Utc::now()).num_seconds().max(0);
                set.extend(cookie.replace(&store.seal(&record, &keys.auth), max_age, context));
            }
            Change::Clear => {
                for login in auth.presented() {
                    store.end(login, revocations).await?;
                }
                set.extend(cookie.remove_everywhere());
            }
        }
        if !set.is_empty() {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        set.extend(self.theme.filter(|_| !is_public(headers)));
        for cookie in set {
            headers.append(SET_COOKIE, cookie);
        }
        Ok(())
    }
}

/// Whether caches that many share may store a response. RFC 9111 §5.2.2.
fn is_public(headers: &HeaderMap) -> bool {
    let values = headers.get_all(CACHE_CONTROL).filter_map(|value| value.to_str().ok());
    let mut directives = values.flat_map(|value| value.split(',')).map(str::trim);
    directives.any(|directive| {
        let name = directive.split('=').next().unwrap_or_default();
        ["public", "s-maxage", "immutable"].iter().any(|public| name.eq_ignore_ascii_case(public))
    })
}
