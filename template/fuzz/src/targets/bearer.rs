//! Programs with bearer tokens: the `Authorization` header, and what a token says of itself.

use std::sync::{LazyLock, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, from_slice, from_str, json};

use crate::http::Answer;
use crate::hub::{PROGRAM, SIGNATURE};
use crate::space::{CLIENT_ID, Space};

/// In an input, a token that counts.
const TOKEN: &str = "{token}";

/// Who is signed in besides.
const VISITOR: &str = "visitor";

/// What is said of a token that does not count, whatever it is.
const REFUSED: &str =
    r#"{"error":"This access token is none that this app accepts, or it has ended."}"#;

/// The app, the auth cookie of a signed-in user, and a token that counts.
static SPACE: LazyLock<Mutex<(Space, String, String)>> = LazyLock::new(|| {
    let mut space = Space::start();
    let cookie = space.session_of(VISITOR);
    let claims = json!({ "sub": PROGRAM, "oauthApp": CLIENT_ID, "exp": 4_102_444_800_i64 });
    Mutex::new((space, cookie, token_saying(claims.to_string().as_bytes())))
});

/// Sends the lines of the input as so many headers, and the input as the claims of a token that the Hub accepts.
pub fn bearer(input: &[u8]) {
    let mut space = SPACE.lock().expect("no panic before");
    let (space, visitor, counting) = &mut *space;
    let text = String::from_utf8_lossy(input).replace(TOKEN, counting);
    let headers = text.lines().take(8).map(|line| line.replace(char::is_control, ""));
    let headers: Vec<_> = headers.map(|header| header.trim_ascii().to_owned()).collect();
    let of_claims = [format!("Bearer {}", token_saying(input))];
    for headers in [&*headers, &of_claims] {
        check(space, visitor, counting, headers);
    }
}

/// Asks with these headers, as one who is signed in and as nobody.
fn check(space: &mut Space, visitor: &str, counting: &str, headers: &[String]) {
    let mut ask = |path: &str, cookie: &str| {
        let own = [("Accept", "*/*"), ("Cookie", cookie)];
        let sent = headers.iter().map(|header| ("Authorization", &**header));
        let all: Vec<_> =
            own.into_iter().chain(sent).map(|(name, value)| (name, value.as_bytes())).collect();
        space.send(&format!("GET {path}"), &all, "")
    };
    let (as_visitor, as_nobody) = (ask("/api/me", visitor), ask("/api/me", ""));
    let of_visitors = ask("/profile", "");
    assert_eq!((of_visitors.status, of_visitors.header("www-authenticate")), (401, "Bearer"));

    let tokens: Vec<_> = headers.iter().filter_map(|header| token_in(header)).collect();
    if tokens.is_empty() {
        assert_eq!(me(&as_visitor)["user_info"]["sub"], VISITOR, "{headers:?}");
        assert_eq!((as_nobody.status, as_nobody.header("www-authenticate")), (401, "Bearer"));
        return;
    }
    if as_nobody.status == 200 {
        assert_eq!(headers.len(), 1, "{headers:?}");
        let claims = claims(tokens[0]).expect("a token that may count");
        let me = me(&as_nobody);
        assert_eq!(me["user_info"]["sub"], PROGRAM, "{claims}");
        assert!(!claims["scope"].is_string() || me["scope"] == claims["scope"], "{me}");
        assert_eq!(as_visitor.body, as_nobody.body, "{claims}");
    } else {
        assert!(headers.len() > 1 || tokens[0] != counting, "{as_nobody:?}");
        for answer in [as_visitor, as_nobody] {
            assert_eq!((answer.status, &*answer.body), (401, REFUSED), "{headers:?}");
            assert_eq!(answer.header("www-authenticate"), "Bearer error=\"invalid_token\"");
            assert_eq!(answer.header("set-cookie"), "", "{headers:?}");
        }
    }
}

fn me(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{answer:?}");
    from_str(&answer.body).expect("JSON")
}

/// A token that the Hub accepts.
fn token_saying(claims: &[u8]) -> String {
    let [header, claims] = [br#"{"alg":"EdDSA"}"#, claims].map(|part| URL_SAFE_NO_PAD.encode(part));
    format!("hf_oauth_{header}.{claims}.{SIGNATURE}")
}

/// What comes after `Bearer`. RFC 9110 §11.1: in whatever case.
fn token_in(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once([' ', '\t']).unwrap_or((header, ""));
    scheme.eq_ignore_ascii_case("Bearer").then(|| token.trim_ascii())
}

/// The claims of a token that the Hub accepts, and that is this app's, holds, and is whose the Hub says.
fn claims(token: &str) -> Option<Value> {
    let parts: Vec<_> = token.strip_prefix("hf_oauth_")?.split('.').collect();
    let [_, claims, SIGNATURE] = *parts else {
        return None;
    };
    let claims: Value = from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time").as_secs();
    let holds = claims["exp"].as_i64()? >= i64::try_from(now).expect("a time") - 60;
    (holds && claims["sub"] == PROGRAM && claims["oauthApp"] == CLIENT_ID).then_some(claims)
}
