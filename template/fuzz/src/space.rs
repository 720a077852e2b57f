//! The app, as `main` starts it in a Space, with a Hub in the same process.

use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc;
use std::thread;

use actix_web::rt::{System, spawn};
use app::settings::Settings;
use app::startup;

use crate::http::{Answer, Connection, HOST};
use crate::hub::Hub;

/// The secret of which the keys of the cookies are derived.
pub const SESSION_SECRET: &str = "a secret of at least 32 bytes for the fuzzer";

/// The id of the OAuth app.
pub const CLIENT_ID: &str = "client-id";

/// The name of the session cookie.
pub const SESSION: &str = "__Host-session";

/// What the names of the cookies of sign-ins under way begin with.
const SIGN_IN: &str = "__Host-sign-in-";

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

    /// GET with one cookie, or none.
    pub fn get(&mut self, target: &str, cookie: &str) -> Answer {
        self.connection.get(target, cookie)
    }

    /// Begins a sign-in that comes back to `target`, a path.
    pub fn begin_sign_in(&mut self, target: &str) -> Begun {
        let login = format!("/oauth/huggingface/login?_target_url={target}");
        let answer = self.get(&login, "");
        let (_, query) = answer.header("location").split_once('?').expect("the way to the Hub");
        let state = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "state");
        let cookie = answer.new_cookie(SIGN_IN).expect("a cookie that binds the sign-in");
        Begun { state: state.expect("a state").1.into_owned(), cookie: pair(cookie) }
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
    let settings = Settings::from_vars(|name| {
        let value = match name {
            "SPACE_ID" => "me/app",
            "SPACE_HOST" => HOST,
            "OAUTH_CLIENT_ID" => CLIENT_ID,
            "OAUTH_CLIENT_SECRET" => "client-secret",
            "OAUTH_SCOPES" => "openid profile",
            "OPENID_PROVIDER_URL" => &issuer,
            "SESSION_SECRET" => SESSION_SECRET,
            _ => return None,
        };
        Some(value.to_owned())
    });
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    sender.send(listener.local_addr().expect("an address")).expect("the starter waits");
    let server = startup::run(vec![listener], settings.expect("settings of a Space"));
    server.expect("the app can be put together").await.expect("the app serves");
}
