//! What a request brings back that this app alone can have made, and can read: encrypted and authenticated.

use actix_web::cookie::{Cookie, CookieJar, Key};

/// The cookie whose value was sealed under a name; `None` where another key sealed it, another name, or nobody.
pub fn unseal(key: &Key, name: &str, value: &str) -> Option<Cookie<'static>> {
    let sealed = Cookie::new(name.to_owned(), value.to_owned());
    CookieJar::new().private(key).decrypt(sealed)
}

/// A text that nobody else can read or make, in base64.
pub fn seal(key: &Key, name: &str, content: String) -> String {
    let mut jar = CookieJar::new();
    jar.private_mut(key).add(Cookie::new(name.to_owned(), content));
    jar.get(name).map(|cookie| cookie.value().to_owned()).unwrap_or_default()
}
