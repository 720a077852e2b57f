//! A Hub of the tests' own. It refuses what the Hub refuses: another `redirect_uri`, a wrong client
//! authentication, a used code, a wrong verifier, an unknown token. And it can fail on demand.

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::{Mutex, MutexGuard};

use actix_web::dev::ServerHandle;
use actix_web::rt::net::TcpSocket;
use actix_web::{App, HttpRequest, HttpResponse, web};
use oauth2::url::{Url, form_urlencoded};
use oauth2::{PkceCodeChallenge, PkceCodeVerifier};
use reqwest::Client;
use serde_json::{Map, Value, json};

use super::{Fault, HOST, http_client, server};

/// Part of the Hub.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Endpoint {
    Metadata,
    Token,
    UserInfo,
    Whoami,
    /// The rest of the Hub's API, in which sign-in has no part.
    Api,
}

impl Endpoint {
    pub const ALL: [Self; 3] = [Self::Metadata, Self::Token, Self::UserInfo];

    pub fn path(self) -> &'static str {
        match self {
            Self::Metadata => "/.well-known/openid-configuration",
            Self::Token => "/oauth/token",
            Self::UserInfo => "/oauth/userinfo",
            Self::Whoami => "/api/whoami-v2",
            Self::Api => "/api/{path:.*}",
        }
    }
}

pub struct FakeHub {
    /// Its issuer.
    pub url: String,
    state: Shared,
    servers: Mutex<Vec<ServerHandle>>,
    /// An address that is ours and where nothing listens.
    closed: Mutex<Option<TcpSocket>>,
}

struct State {
    client: Client,
    url: String,
    /// Endpoints elsewhere than at `url`: where.
    moved: HashMap<Endpoint, String>,
    user: Value,
    promises_issuer: bool,
    /// Fields of the token response that replace its own.
    token: Map<String, Value>,
    client_secret: Option<String>,
    redirect_uris: Vec<String>,
    faults: HashMap<Endpoint, Fault>,
    requests: HashMap<Endpoint, usize>,
    codes: HashMap<String, HashMap<String, String>>,
    tokens: HashMap<String, Value>,
    /// What `whoami` says of a personal access token.
    personal: HashMap<String, Value>,
    /// What was granted, by the token.
    scopes: HashMap<String, String>,
    issued: usize,
}

/// The tokens of a Hub, for what else takes them.
pub struct Tokens(Shared);

impl Tokens {
    /// What was granted with a token that holds.
    pub fn scope_of(&self, token: &str) -> Option<String> {
        let state = self.0.lock().unwrap();
        state
            .tokens
            .contains_key(token)
            .then(|| state.scopes.get(token).cloned().unwrap_or_default())
    }
}

impl FakeHub {
    /// A Hub with one user, who says yes to everything.
    pub fn start(user: Value) -> Self {
        let state = web::Data::new(Mutex::new(State {
            client: http_client(),
            url: String::new(),
            moved: HashMap::new(),
            user,
            promises_issuer: false,
            token: Map::new(),
            client_secret: Some("client-secret/+&".to_owned()),
            redirect_uris: vec![format!("https://{HOST}/oauth/huggingface/callback")],
            faults: HashMap::new(),
            requests: HashMap::new(),
            codes: HashMap::new(),
            tokens: HashMap::new(),
            personal: HashMap::new(),
            scopes: HashMap::new(),
            issued: 0,
        }));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        state.lock().unwrap().url.clone_from(&url);
        let servers = Mutex::new(vec![serve(listener, &state)]);
        Self { url, state, servers, closed: Mutex::new(None) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// The tokens that it gave.
    pub fn tokens(&self) -> Tokens {
        Tokens(self.state.clone())
    }

    /// From now on an endpoint fails.
    pub fn fail(&self, endpoint: Endpoint, fault: Fault) {
        self.state().faults.insert(endpoint, fault);
    }

    /// From now on an endpoint is where no connection is accepted. For an app that starts after this.
    pub fn refuse_connections(&mut self, endpoint: Endpoint) {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let url = format!("http://{}", socket.local_addr().unwrap());
        if endpoint == Endpoint::Metadata {
            self.state().url.clone_from(&url);
            self.url = url;
        } else {
            self.state().moved.insert(endpoint, url);
        }
        *self.closed.lock().unwrap() = Some(socket);
    }

    /// From now on it is reached at this URL, where something passes requests on to it. For an app that starts after this.
    pub fn is_reached_at(&mut self, url: &str) {
        url.clone_into(&mut self.state().url);
        url.clone_into(&mut self.url);
    }

    /// From now on all is well.
    pub fn recover(&self) {
        self.state().faults.clear();
        if let Some(socket) = self.closed.lock().unwrap().take() {
            let listener = socket.listen(1_024).unwrap().into_std().unwrap();
            self.servers.lock().unwrap().push(serve(listener, &self.state));
        }
    }

    /// Its metadata say from now on that callbacks name the issuer; they still do not.
    pub fn promise_issuer(&self) {
        self.state().promises_issuer = true;
    }

    /// How often an endpoint was asked.
    pub fn requests(&self, endpoint: Endpoint) -> usize {
        self.state().requests.get(&endpoint).copied().unwrap_or_default()
    }

    /// Tokens from now on are of this user.
    pub fn set_user(&self, user: Value) {
        self.state().user = user;
    }

    /// Tokens from before are of this user from now on.
    pub fn change_users(&self, user: &Value) {
        self.state().tokens.values_mut().for_each(|value| *value = user.clone());
    }

    /// A token that was not given here is this user's.
    pub fn accept_token(&self, token: &str, user: Value) {
        self.state().tokens.insert(token.to_owned(), user);
    }

    /// A personal access token, of which `whoami` says this.
    pub fn accept_personal(&self, token: &str, whoami: Value) {
        self.state().personal.insert(token.to_owned(), whoami);
    }

    /// Tokens from before do not hold any more.
    pub fn revoke_tokens(&self) {
        let mut state = self.state();
        state.tokens.clear();
        state.personal.clear();
    }

    /// Sets a field of the token response; null leaves it out.
    pub fn set_token_field(&self, field: &str, value: Value) {
        self.state().token.insert(field.to_owned(), value);
    }

    /// Makes the OAuth app a public one, which signs in from a laptop.
    pub fn make_public(&self, redirect_uri: &str) {
        let mut state = self.state();
        state.client_secret = None;
        state.redirect_uris = vec![redirect_uri.to_owned()];
    }

    /// The OAuth app is at this redirect URI, too.
    pub fn add_redirect_uri(&self, redirect_uri: &str) {
        self.state().redirect_uris.push(redirect_uri.to_owned());
    }

    /// As [`Self::authorize`], as somebody of this name, in an organization of their own.
    pub async fn authorize_as(&self, name: &str, url: &str) -> String {
        self.authorize(&format!("{url}&user={name}")).await
    }

    /// Says yes to an authorization URL: where the Hub sends the user back to.
    pub async fn authorize(&self, url: &str) -> String {
        assert!(url.starts_with(&self.url), "not a URL of the Hub: {url}");
        let client = self.state().client.clone();
        let response = client.get(url).send().await.unwrap();
        assert_eq!(
            response.status().as_u16(),
            303,
            "the Hub refuses {url}: {}",
            response.text().await.unwrap()
        );
        response.headers()["location"].to_str().unwrap().to_owned()
    }
}

impl Drop for FakeHub {
    fn drop(&mut self) {
        for server in self.servers.lock().unwrap().drain(..) {
            drop(server.stop(false));
        }
    }
}

type Shared = web::Data<Mutex<State>>;

fn serve(listener: TcpListener, state: &Shared) -> ServerHandle {
    let data = state.clone();
    let server = server(listener, 1, move || {
        App::new()
            .app_data(data.clone())
            .route("/oauth/authorize", web::get().to(authorize))
            .route(Endpoint::Metadata.path(), web::get().to(metadata))
            .route(Endpoint::Token.path(), web::post().to(token))
            .route(Endpoint::UserInfo.path(), web::get().to(user_info))
            .route(Endpoint::Whoami.path(), web::get().to(whoami))
            .route(Endpoint::Api.path(), web::to(api))
    });
    let handle = server.handle();
    actix_web::rt::spawn(server);
    handle
}

/// Counts a request and fails it on demand.
async fn begin(state: &Shared, endpoint: Endpoint) -> Option<HttpResponse> {
    let fault = {
        let mut state = state.lock().unwrap();
        *state.requests.entry(endpoint).or_default() += 1;
        state.faults.get(&endpoint).cloned()?
    };
    Some(fault.answer().await)
}

async fn metadata(state: Shared) -> HttpResponse {
    if let Some(failed) = begin(&state, Endpoint::Metadata).await {
        return failed;
    }
    let state = state.lock().unwrap();
    let url = &state.url;
    let at = |endpoint: Endpoint| {
        format!("{}{}", state.moved.get(&endpoint).unwrap_or(url), endpoint.path())
    };
    HttpResponse::Ok().json(json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/oauth/authorize"),
        "token_endpoint": at(Endpoint::Token),
        "userinfo_endpoint": at(Endpoint::UserInfo),
        "jwks_uri": format!("{url}/oauth/jwks"),
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": state.promises_issuer.then_some(true),
    }))
}

async fn authorize(state: Shared, request: HttpRequest) -> HttpResponse {
    let mut state = state.lock().unwrap();
    let asked = pairs(request.query_string().as_bytes());
    let accepted = asked["client_id"] == "client-id"
        && asked["response_type"] == "code"
        && asked["code_challenge_method"] == "S256"
        && state.redirect_uris.contains(&asked["redirect_uri"]);
    if !accepted {
        return HttpResponse::BadRequest().body(format!("refused: {asked:?}"));
    }
    state.issued += 1;
    let code = format!("code-{}", state.issued);
    let mut back = Url::parse(&asked["redirect_uri"]).unwrap();
    back.query_pairs_mut().append_pair("code", &code).append_pair("state", &asked["state"]);
    state.codes.insert(code, asked);
    HttpResponse::SeeOther().insert_header(("location", back.as_str())).finish()
}

async fn token(state: Shared, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    if let Some(failed) = begin(&state, Endpoint::Token).await {
        return failed;
    }
    let mut state = state.lock().unwrap();
    let asked = pairs(&body);
    if !authenticated(&state, &request) || asked["client_id"] != "client-id" {
        return HttpResponse::Unauthorized().json(json!({ "error": "invalid_client" }));
    }
    let Some(begun) = state.codes.remove(&asked["code"]) else {
        return HttpResponse::BadRequest().json(json!({ "error": "invalid_grant" }));
    };
    let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(
        asked["code_verifier"].clone(),
    ));
    if asked["redirect_uri"] != begun["redirect_uri"]
        || asked["grant_type"] != "authorization_code"
        || challenge.as_str() != begun["code_challenge"]
    {
        return HttpResponse::BadRequest().json(json!({ "error": "invalid_grant" }));
    }
    state.issued += 1;
    let access_token = format!("hf_oauth_{}", state.issued).repeat(40);
    let mut answer = Map::from_iter([
        ("access_token".to_owned(), json!(access_token)),
        ("id_token".to_owned(), json!("not.for.us")),
        ("token_type".to_owned(), json!("bearer")),
        ("expires_in".to_owned(), json!(28_800)),
        ("scope".to_owned(), json!(begun["scope"])),
    ]);
    answer.extend(state.token.clone());
    answer.retain(|_, value| !value.is_null());
    let mut user = state.user.clone();
    if let Some(name) = begun.get("user") {
        user["sub"] = json!(name);
        user["preferred_username"] = json!(name);
        user["orgs"][0]["preferred_username"] = json!(format!("org-of-{name}"));
    }
    if let Some(token) = answer.get("access_token").and_then(Value::as_str) {
        let scope = answer.get("scope").and_then(Value::as_str).unwrap_or_default().to_owned();
        state.scopes.insert(token.to_owned(), scope);
        state.tokens.insert(token.to_owned(), user);
    }
    HttpResponse::Ok().json(answer)
}

/// RFC 6749 §2.3.1: id and secret are form-encoded inside of Basic.
fn authenticated(state: &State, request: &HttpRequest) -> bool {
    let header =
        request.headers().get("authorization").map(|value| value.to_str().unwrap().to_owned());
    let Some(secret) = &state.client_secret else {
        return header.is_none();
    };
    let secret: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let expected =
        state.client.get(&state.url).basic_auth("client-id", Some(secret)).build().unwrap();
    header.as_deref() == Some(expected.headers()["authorization"].to_str().unwrap())
}

async fn user_info(state: Shared, request: HttpRequest) -> HttpResponse {
    if let Some(failed) = begin(&state, Endpoint::UserInfo).await {
        return failed;
    }
    let header = request.headers().get("authorization").map_or("", |value| value.to_str().unwrap());
    match state.lock().unwrap().tokens.get(header.trim_start_matches("Bearer ")) {
        Some(user) => HttpResponse::Ok().json(user),
        None => HttpResponse::Unauthorized().json(json!({ "error": "invalid_token" })),
    }
}

/// Takes personal access tokens alone: nothing here asks it for another one.
async fn whoami(state: Shared, request: HttpRequest) -> HttpResponse {
    if let Some(failed) = begin(&state, Endpoint::Whoami).await {
        return failed;
    }
    let header = request.headers().get("authorization").map_or("", |value| value.to_str().unwrap());
    match state.lock().unwrap().personal.get(header.trim_start_matches("Bearer ")) {
        Some(whoami) => HttpResponse::Ok().json(whoami),
        None => HttpResponse::Unauthorized().json(json!({ "error": "Invalid user token." })),
    }
}

/// Says who asks for what.
async fn api(state: Shared, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    if let Some(failed) = begin(&state, Endpoint::Api).await {
        return failed;
    }
    let header = request.headers().get("authorization").map_or("", |value| value.to_str().unwrap());
    match state.lock().unwrap().tokens.get(header.trim_start_matches("Bearer ")) {
        Some(user) => HttpResponse::Ok().json(json!({
            "sub": user["sub"],
            "method": request.method().as_str(),
            "path": request.uri().to_string(),
            "body": serde_json::from_slice::<Value>(&body).ok(),
        })),
        None => HttpResponse::Unauthorized().json(json!({ "error": "Invalid credentials" })),
    }
}

/// Form fields; a missing one reads as empty.
fn pairs(encoded: &[u8]) -> HashMap<String, String> {
    let mut pairs: HashMap<String, String> = form_urlencoded::parse(encoded).into_owned().collect();
    for name in [
        "client_id",
        "response_type",
        "code_challenge",
        "code_challenge_method",
        "redirect_uri",
        "state",
        "code",
        "code_verifier",
        "grant_type",
        "scope",
    ] {
        pairs.entry(name.to_owned()).or_default();
    }
    if pairs["code_verifier"].len() < 43 {
        pairs.insert("code_verifier".to_owned(), "-".repeat(43));
    }
    pairs
}
