//! The app, as `main` starts it in a Space, with a Hub in the same process.

use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use actix_huggingface_oauth::Limits;
use actix_web::rt::{System, spawn};
use app::settings::Settings;
use app::startup;

use crate::http::{Answer, Connection, HOST};
use crate::hub::{CODE, Hub};

/// The secret of which the keys of the cookies are derived.
pub const SESSION_SECRET: &str = "a secret of at least 32 bytes for the fuzzer";

/// The id of the OAuth app.
pub const CLIENT_ID: &str = "client-id";

/// Name of the auth cookie.
pub const AUTH: &str = "__Host-hf-auth";

/// Prefix of the names of the cookies of pending logins.
const PENDING: &str = "__Host-hf-login-";

/// The longest line of a chat completion: so short that an input can be longer.
pub const MOST_IN_A_LINE: usize = 256;

/// The longest chat completion.
pub const MOST_IN_A_STREAM: usize = 2_048;

/// A running Space, which ends with the process.
pub struct Space {
    pub hub: Hub,
    connection: Connection,
}

/// A sign-in under way: what the browser has of it.
pub struct Begun {
    pub state: String,
    pub cookie: String,
}

impl Space {
    pub fn start() -> Self {
        let hub = Hub::default();
        let (sender, receiver) = mpsc::channel();
        let served = hub.clone();
        thread::spawn(move || System::new().block_on(serve(served, &sender)));
        let address = receiver.recv().expect("the app starts");
        Self { hub, connection: Connection::to(address) }
    }

    /// GET as a browser sends it, with one cookie, or none.
    pub fn get(&mut self, target: &str, cookie: &str) -> Answer {
        let headers = [("Accept", "text/html".as_bytes()), ("Cookie", cookie.as_bytes())];
        self.send(&format!("GET {target}"), &headers, "")
    }

    /// Sends a request, as `GET /`, with these headers and a body.
    pub fn send(&mut self, request_line: &str, headers: &[(&str, &[u8])], body: &str) -> Answer {
        self.connection.send(request_line, headers, body)
    }

    /// Begins a sign-in that comes back to `target`, a path.
    pub fn begin_sign_in(&mut self, target: &str) -> Begun {
        let login = format!("/oauth/huggingface/login?_target_url={target}");
        let answer = self.get(&login, "");
        let (_, query) = answer.header("location").split_once('?').expect("the way to the Hub");
        let state = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "state");
        let cookie = answer.new_cookie(PENDING).expect("a cookie that binds the sign-in");
        Begun { state: state.expect("a state").1.into_owned(), cookie: pair(cookie) }
    }

    /// Signs in whom the Hub tells of, and comes back to `target`: the answer to the callback.
    pub fn sign_in(&mut self, target: &str) -> Answer {
        let begun = self.begin_sign_in(target);
        let callback = format!("/oauth/huggingface/callback?code={CODE}&state={}", begun.state);
        self.get(&callback, &begun.cookie)
    }

    /// Logs a user of this `sub` in: their auth cookie.
    pub fn session_of(&mut self, sub: &str) -> String {
        self.hub.tell(format!(r#"{{"sub":"{sub}"}}"#).as_bytes());
        pair(self.sign_in("/").new_cookie(AUTH).expect("a login"))
    }
}

/// What a browser sends back of a `Set-Cookie` header.
pub fn pair(set_cookie: &str) -> String {
    set_cookie.split(';').next().unwrap_or_default().to_owned()
}

/// Runs the Hub and the app.
async fn serve(hub: Hub, sender: &mpsc::Sender<SocketAddr>) {
    spawn(hub.serve());
    let issuer = hub.issuer();
    let router = format!("{issuer}/v1");
    let settings = Settings::from_vars(|name| {
        let value = match name {
            "SPACE_ID" => "me/app",
            "SPACE_HOST" => HOST,
            "OAUTH_CLIENT_ID" => CLIENT_ID,
            "OAUTH_CLIENT_SECRET" => "client-secret",
            "OAUTH_SCOPES" => "openid profile",
            "OPENID_PROVIDER_URL" => &issuer,
            "HF_ROUTER_URL" => &router,
            "SESSION_SECRET" => SESSION_SECRET,
            _ => return None,
        };
        Some(value.to_owned())
    });
    let mut settings = settings.expect("settings of a Space");
    let mut limits = Limits::default();
    // The Hub is asked as often as there is another token.
    limits.bearer_window = Duration::ZERO;
    limits.chat_line = MOST_IN_A_LINE;
    limits.chat_stream = MOST_IN_A_STREAM;
    settings.oauth = settings.oauth.limits(limits);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    sender.send(listener.local_addr().expect("an address")).expect("the starter waits");
    let server = startup::run(vec![listener], settings);
    server.expect("the app can be put together").await.expect("the app serves");
}
