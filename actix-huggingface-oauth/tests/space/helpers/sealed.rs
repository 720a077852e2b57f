//! What is in the cookies that only the app can read and write.

use actix_web::cookie::{Cookie, CookieJar, Key};
use hkdf::Hkdf;
use serde_json::Value;
use sha2::Sha512;

use super::{Browser, FakeHub, space_vars};

/// The beginning of a cookie's name, for what its key is derived, and as what it is sealed, if not by its name.
pub type Sealed = (&'static str, &'static str, Option<&'static str>);

pub const AUTH: Sealed = ("__Host-hf-auth", "auth", Some("auth"));
pub const PENDING: Sealed = ("__Host-hf-login", "pending", None);

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
    (name, purpose, sealed_as): Sealed,
    change: impl Fn(&mut Value),
) {
    let key = key(&hub.url, purpose);
    let (name, sealed) =
        browser.cookies.iter_mut().find(|(cookie, _)| cookie.starts_with(name)).unwrap();
    let name = sealed_as.unwrap_or(name).to_owned();
    let mut jar = CookieJar::new();
    jar.add_original(Cookie::new(name.clone(), sealed.clone()));
    let opened = jar.private(&key).get(&name).unwrap();
    let mut content = serde_json::from_str(opened.value()).unwrap();
    change(&mut content);
    jar.private_mut(&key).add(Cookie::new(name.clone(), content.to_string()));
    jar.get(&name).unwrap().value().clone_into(sealed);
}

/// A value that was sealed for this purpose under this name.
pub fn seal(hub: &FakeHub, purpose: &str, name: &'static str, content: &str) -> String {
    let mut jar = CookieJar::new();
    jar.private_mut(&key(&hub.url, purpose)).add(Cookie::new(name, content.to_owned()));
    jar.get(name).unwrap().value().to_owned()
}
