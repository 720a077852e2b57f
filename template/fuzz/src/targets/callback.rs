//! The callback's query.

use std::sync::{LazyLock, Mutex};

use crate::http::as_query;
use crate::hub::CODE;
use crate::space::{AUTH, Space};

/// In an input, the state of a sign-in that is under way, which is another one each time.
const STATE: &str = "{state}";
/// In an input, the Hub's issuer.
const ISSUER: &str = "{issuer}";

static SPACE: LazyLock<Mutex<Space>> = LazyLock::new(|| {
    let space = Space::start();
    space.hub.tell(br#"{"sub":"somebody"}"#);
    Mutex::new(space)
});

/// Sends the input as the query of a callback, with the cookie of a sign-in under way and without.
pub fn callback(input: &[u8]) {
    let mut space = SPACE.lock().expect("no panic before");
    let begun = space.begin_sign_in("/profile");
    let issuer = space.hub.issuer();
    let input =
        String::from_utf8_lossy(input).replace(STATE, &begun.state).replace(ISSUER, &issuer);
    let query = as_query(&input);
    let target = format!("/oauth/huggingface/callback?{query}");
    let expected = expected(&query, &begun.state, &issuer);

    let exchanges = space.hub.exchanges();
    let answer = space.get(&target, &begun.cookie);
    assert_eq!(answer.status, expected.status, "{query}");
    assert_eq!(space.hub.exchanges() - exchanges, usize::from(expected.asks_the_hub), "{query}");
    let is_signed_in = answer.status == 303;
    assert_eq!(answer.header("location"), if is_signed_in { "/profile" } else { "" }, "{query}");
    assert_eq!(answer.new_cookie(AUTH).is_some(), is_signed_in, "{query}");

    let exchanges = space.hub.exchanges();
    let answer = space.get(&target, "");
    assert_eq!(answer.status, 400, "without the cookie: {query}");
    assert_eq!(answer.new_cookie(AUTH), None, "without the cookie: {query}");
    assert_eq!(space.hub.exchanges(), exchanges, "without the cookie: {query}");
}

struct Expected {
    status: u16,
    asks_the_hub: bool,
}

/// What RFC 6749 §4.1.2 and RFC 9207 ask for: a parameter that comes twice makes the callback invalid.
fn expected(query: &str, state: &str, issuer: &str) -> Expected {
    let values = |wanted: &str| -> Vec<String> {
        let pairs = form_urlencoded::parse(query.as_bytes());
        pairs.filter(|(name, _)| name == wanted).map(|(_, value)| value.into_owned()).collect()
    };
    let known = ["state", "code", "error", "iss"].map(values);
    let refused = Expected { status: 400, asks_the_hub: false };
    if known.iter().any(|values| values.len() > 1) {
        return refused;
    }
    let [found_state, code, error, iss] = known.map(|values| values.into_iter().next());
    if found_state.as_deref() != Some(state) || iss.is_some_and(|iss| iss != issuer) {
        return refused;
    }
    match (code.as_deref(), error.as_deref()) {
        (Some(CODE), None) => Expected { status: 303, asks_the_hub: true },
        (Some(_), None) => Expected { status: 400, asks_the_hub: true },
        (_, Some("access_denied")) => Expected { status: 403, asks_the_hub: false },
        _ => refused,
    }
}
