//! A Hub that refuses what the Hub refuses: another `redirect_uri`, a wrong secret, a used code, a wrong verifier.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use crate::https::Request;

/// Its name. It is reached at a port of its own.
pub const NAME: &str = "huggingface.test";

pub const CLIENT_ID: &str = "00000000-1111-2222-3333-444444444444";
pub const CLIENT_SECRET: &str = "a client secret/+&";

pub struct Hub {
    redirect_uri: String,
    codes: Mutex<HashMap<String, Form>>,
    tokens: Mutex<HashMap<String, Value>>,
    hold: Mutex<Option<(Sender<()>, Receiver<()>)>>,
}

/// A request for a token that waits.
pub struct Held {
    pub arrived: Receiver<()>,
    pub answer: Sender<()>,
}

type Form = HashMap<String, String>;

impl Hub {
    /// A Hub where users of one Space can sign in.
    pub fn new(redirect_uri: &str) -> Self {
        Self {
            redirect_uri: redirect_uri.to_owned(),
            codes: Mutex::default(),
            tokens: Mutex::default(),
            hold: Mutex::default(),
        }
    }

    /// The next request for a token waits until it is told to be answered.
    pub fn hold_token(&self) -> Held {
        let (has_arrived, arrived) = channel();
        let (answer, may_answer) = channel();
        *self.hold.lock().unwrap() = Some((has_arrived, may_answer));
        Held { arrived, answer }
    }

    /// The answer to a request, head and body.
    pub fn answer(&self, request: &Request) -> Vec<u8> {
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        match (request.method.as_str(), path) {
            ("GET", "/.well-known/openid-configuration") => {
                json_answer("200 OK", &metadata(request))
            }
            ("GET", "/oauth/authorize") => self.authorize(&form(query.as_bytes())),
            ("POST", "/oauth/token") => self.token(request),
            ("GET", "/oauth/userinfo") => self.user_info(request),
            _ => json_answer("404 Not Found", &json!({ "error": path })),
        }
    }

    /// The user says yes at once.
    fn authorize(&self, asked: &Form) -> Vec<u8> {
        let is = |name: &str, value: &str| asked.get(name).is_some_and(|given| given == value);
        let accepted = is("client_id", CLIENT_ID)
            && is("response_type", "code")
            && is("code_challenge_method", "S256")
            && is("redirect_uri", &self.redirect_uri)
            && asked.contains_key("state");
        if !accepted {
            return json_answer("400 Bad Request", &json!({ "refused": asked }));
        }
        let mut codes = self.codes.lock().unwrap();
        let code = format!("code-{}", codes.len());
        let mut back = form_urlencoded::Serializer::new(format!("{}?", self.redirect_uri));
        back.append_pair("code", &code).append_pair("state", &asked["state"]);
        codes.insert(code, asked.clone());
        let location = back.finish().replace("?&", "?");
        format!("HTTP/1.1 303 See Other\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            .into_bytes()
    }

    fn token(&self, request: &Request) -> Vec<u8> {
        if let Some((has_arrived, may_answer)) = self.hold.lock().unwrap().take() {
            has_arrived.send(()).unwrap();
            may_answer.recv().unwrap();
        }

        // RFC 6749 §2.3.1: id and secret are form-encoded inside of Basic.
        let encode =
            |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let basic = STANDARD.encode(format!("{}:{}", encode(CLIENT_ID), encode(CLIENT_SECRET)));
        if request.header("authorization") != format!("Basic {basic}") {
            return json_answer("401 Unauthorized", &json!({ "error": "invalid_client" }));
        }
        let asked = form(&request.body);
        let field = |name: &str| asked.get(name).cloned().unwrap_or_default();
        let begun = self.codes.lock().unwrap().remove(&field("code"));
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, field("code_verifier").as_bytes()));
        match begun {
            Some(begun)
                if field("grant_type") == "authorization_code"
                    && field("redirect_uri") == self.redirect_uri
                    && begun.get("code_challenge") == Some(&challenge) =>
            {
                let mut tokens = self.tokens.lock().unwrap();
                let token =
                    format!("hf_oauth_{}", "eyJhbGciOiJFZERTQSJ9".repeat(30 + tokens.len()));
                tokens.insert(token.clone(), user());
                let scope = begun.get("scope");
                let answer = json!({
                    "access_token": token, "token_type": "bearer", "expires_in": 28_800, "scope": scope,
                });
                json_answer("200 OK", &answer)
            }
            _ => json_answer("400 Bad Request", &json!({ "error": "invalid_grant" })),
        }
    }

    fn user_info(&self, request: &Request) -> Vec<u8> {
        let token = request.header("authorization").trim_start_matches("Bearer ");
        match self.tokens.lock().unwrap().get(token) {
            Some(user) => json_answer("200 OK", user),
            None => json_answer("401 Unauthorized", &json!({ "error": "invalid_token" })),
        }
    }
}

fn metadata(request: &Request) -> Value {
    let issuer = format!("https://{}", request.header("host"));
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/oauth/authorize"),
        "token_endpoint": format!("{issuer}/oauth/token"),
        "userinfo_endpoint": format!("{issuer}/oauth/userinfo"),
        "jwks_uri": format!("{issuer}/oauth/jwks"),
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
    })
}

fn user() -> Value {
    json!({
        "sub": "62f264b9f3c90f4b6514a269",
        "name": "Hub CI bot",
        "preferred_username": "hub.js",
        "profile": "https://huggingface.co/hub.js",
        "isPro": true,
        "orgs": [{ "sub": "62f264b9f3c90f4b6514a26a", "name": "Acme", "preferred_username": "acme", "roleInOrg": "admin" }],
    })
}

fn form(encoded: &[u8]) -> Form {
    form_urlencoded::parse(encoded).into_owned().collect()
}

fn json_answer(status: &str, body: &Value) -> Vec<u8> {
    let body = body.to_string();
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .into_bytes()
}
