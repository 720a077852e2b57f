//! What is in the cookies that only the app can read and write.

use actix_web::cookie::{Cookie, CookieJar, Key};
use hkdf::Hkdf;
use serde_json::Value;
use sha2::Sha512;

use super::{Browser, FakeHub, space_vars};

/// The beginning of a cookie's name, and for what its key is derived.
pub type Sealed = (&'static str, &'static str);

pub const SESSION: Sealed = ("__Host-session", "session");
pub const SIGN_IN: Sealed = ("__Host-sign-in", "sign-in");

/// The key of a cookie of a Space, from its `OAUTH_CLIENT_SECRET`.
fn key(issuer: &str, purpose: &str) -> Key {
    let [.., (_, client_id), (_, secret), _, (_, issuer)] = space_vars(issuer);
    let hkdf = Hkdf::<Sha512>::new(Some(b"actix-huggingface-oauth-v2"), secret.as_bytes());
    let mut bytes = [0; 64];
    let info = [purpose, "real", issuer, client_id].join("\n");
    hkdf.expand(info.as_bytes(), &mut bytes).unwrap();
    Key::from(&bytes)
}

/// Changes what is in an encrypted cookie of a browser.
pub fn change(
    browser: &mut Browser,
    hub: &FakeHub,
    (name, purpose): Sealed,
    change: impl Fn(&mut Value),
) {
    let key = key(&hub.url, purpose);
    let (name, sealed) =
        browser.cookies.iter_mut().find(|(cookie, _)| cookie.starts_with(name)).unwrap();
    let mut jar = CookieJar::new();
    jar.add_original(Cookie::new(name.clone(), sealed.clone()));
    let opened = jar.private(&key).get(name).unwrap();
    let mut content = serde_json::from_str(opened.value()).unwrap();
    change(&mut content);
    jar.private_mut(&key).add(Cookie::new(name.clone(), content.to_string()));
    jar.get(name).unwrap().value().clone_into(sealed);
}
