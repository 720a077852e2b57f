//! The cookie of the version before the auth cookie, which browsers would send until they are closed.

use actix_web::HttpRequest;

use crate::auth::Auth;
use crate::oauth::HuggingFaceOAuth;
use crate::request::sealed::unseal;

const NAME: &str = "__Host-session";

/// Has a login or a logout remove the cookie, unless an app of the owner's own made it.
pub fn remove(request: &HttpRequest, oauth: &HuggingFaceOAuth, auth: &Auth) {
    let cookie = oauth.cookie_names(request.headers()).named(NAME);
    let value = oauth.cookie(request.headers(), &cookie);
    if value.and_then(|value| unseal(&oauth.shared.keys.leftover, NAME, value)).is_some() {
        auth.add_cookies(cookie.remove_everywhere());
    }
}
