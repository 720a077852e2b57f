//! What the tests share: the app, and a browser without JavaScript.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::time::Duration;

use actix_huggingface_oauth::oauth2::url::form_urlencoded::Serializer;
use actix_huggingface_oauth::reqwest::{Client, Method, Response, header::HeaderMap};
use actix_huggingface_oauth::{Audience, SetupError, http_client};
use actix_web::dev::{Server, ServerHandle};
use app::settings::Settings;
use app::startup;
use serde_json::Value;

/// Timeout of a test's request, far more than any takes.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(120);

/// Variables that every test sets. Add those of your own settings here.
const VARS: [(&str, &str); 1] = [("SPACE_TITLE", "My Space")];

/// A Space whose users sign in at a Hub that no test asks.
pub const SPACE: [(&str, &str); 6] = [
    ("SPACE_ID", "me/app"),
    ("SPACE_HOST", "me-app.hf.space"),
    ("OAUTH_CLIENT_ID", "client-id"),
    ("OAUTH_CLIENT_SECRET", "client-secret"),
    ("OAUTH_SCOPES", "openid profile"),
    ("OPENID_PROVIDER_URL", "https://huggingface.co"),
];

/// Settings from these variables, and from nothing of this computer.
pub fn settings(vars: &[(&str, &str)]) -> Result<Settings, SetupError> {
    let vars: BTreeMap<_, _> = VARS.iter().chain(vars).copied().collect();
    Settings::from_vars(|name| vars.get(name).map(ToString::to_string))
}

/// Starts the app with these variables, whomever it is for, as if it were for everybody; it stops with the test.
pub fn start(vars: &[(&str, &str)]) -> App {
    start_for(Audience::Everybody, vars)
}

/// The same, for `AUDIENCE` or another one.
pub fn start_for(audience: Audience, vars: &[(&str, &str)]) -> App {
    let settings = Settings { audience, ..settings(vars).unwrap() };
    App::serve(|listener| startup::run(vec![listener], settings).unwrap())
}

/// The app on a laptop, and a browser with a user of the mock Hub signed in: `free`, `pro`, …; or, with a role in the
/// organization `acme-corporation`, `enterprise-admin`, `writer`, `contributor`, `reader` or `no-access`.
#[cfg(feature = "mock-hub")]
pub async fn sign_in(user: &str) -> (App, Browser) {
    sign_in_with(user, &[("OAUTH_SCOPES", "openid profile email read-memberships")]).await
}

/// The same with these variables.
#[cfg(feature = "mock-hub")]
pub async fn sign_in_with(user: &str, vars: &[(&str, &str)]) -> (App, Browser) {
    let app = start(vars);
    let browser = app.sign_in(user).await;
    (app, browser)
}

pub struct App {
    address: String,
    handle: ServerHandle,
}

impl App {
    /// Any server; it stops with the test.
    pub fn serve(server: impl FnOnce(TcpListener) -> Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let server = server(listener);
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { address, handle }
    }

    /// A browser with a user of the mock Hub signed in, of whom one app may have several.
    #[cfg(feature = "mock-hub")]
    pub async fn sign_in(&self, user: &str) -> Browser {
        let mut browser = self.browser();
        let consent = browser.open("/oauth/huggingface/login").await;
        let (action, user) = ("/mock-hub/oauth/authorize", ("user", user));
        let hidden = consent.body.split("<input type=\"hidden\" name=\"").skip(1);
        let fields = hidden.filter_map(|rest| rest.split('>').next()?.split_once("\" value=\""));
        let fields: Vec<_> =
            fields.map(|(name, value)| (name, value.trim_end_matches('"'))).collect();
        let back = browser.post_form(action, &[&fields[..], &[user]].concat()).await;
        let signed_in = browser.send(Method::GET, back.header("location"), &[]).await;
        assert_eq!(signed_in.status, 303, "{signed_in:?}");
        browser
    }

    /// Stops the app, and waits until it has.
    pub async fn stop(self) {
        self.handle.stop(true).await;
    }

    pub fn browser(&self) -> Browser {
        // The app closes idle connections, as is its right.
        let client = http_client().no_proxy().pool_max_idle_per_host(0).timeout(ANSWER_TIMEOUT);
        let client = client.build().unwrap();
        Browser { client, address: self.address.clone(), cookies: BTreeMap::new() }
    }
}

impl Drop for App {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

/// A browser at the app's home page.
pub struct Browser {
    client: Client,
    address: String,
    pub cookies: BTreeMap<String, String>,
}

#[derive(Debug)]
pub struct Page {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    /// The bytes as text.
    pub body: String,
}

impl Browser {
    /// Opens a path, and goes where it redirects to.
    #[cfg(feature = "mock-hub")]
    pub async fn open(&mut self, path: &str) -> Page {
        let mut page = self.send(Method::GET, path, &[]).await;
        for _ in 0..10 {
            if page.status != 303 {
                return page;
            }
            let location = page.header("location").to_owned();
            page = self.send(Method::GET, &location, &[]).await;
        }
        panic!("the redirects do not end: {page:?}");
    }

    /// Posts a form, as a page of the app does.
    pub async fn post_form(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let form = Serializer::new(String::new()).extend_pairs(fields).finish();
        self.post(path, "application/x-www-form-urlencoded", form.into()).await
    }

    /// Posts a form with a file: the fields, then the file's field, name and content.
    pub async fn post_file(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        (field, name, content): (&str, &str, &[u8]),
    ) -> Page {
        let part =
            |field: &str| format!("--end\r\nContent-Disposition: form-data; name=\"{field}\"");
        let mut body = Vec::new();
        for (field, value) in fields {
            body.extend(format!("{}\r\n\r\n{value}\r\n", part(field)).into_bytes());
        }
        body.extend(format!("{}; filename=\"{name}\"\r\n\r\n", part(field)).into_bytes());
        body.extend([content, b"\r\n--end--\r\n"].concat());
        self.post(path, "multipart/form-data; boundary=end", body).await
    }

    /// Sends a request, with a browser's `Accept` where `headers` has no other.
    pub async fn send(&mut self, method: Method, path: &str, headers: &[(&str, &str)]) -> Page {
        let answer = self.answer(method, path, headers, Vec::new()).await;
        Page::of(answer).await
    }

    /// Opens a path whose answer comes bit by bit: `chunk()` gives the next.
    pub async fn stream(&mut self, path: &str) -> Response {
        self.answer(Method::GET, path, &[("accept", "text/event-stream")], Vec::new()).await
    }

    /// Posts a form whose answer comes bit by bit, as a script of the app does.
    pub async fn post_for_stream(&mut self, path: &str, fields: &[(&str, &str)]) -> Response {
        let form = Serializer::new(String::new()).extend_pairs(fields).finish();
        let (accept, origin) = (("accept", "text/event-stream"), self.address.clone());
        let content_type = ("content-type", "application/x-www-form-urlencoded");
        let headers = [accept, content_type, ("origin", &*origin)];
        self.answer(Method::POST, path, &headers, form.into()).await
    }

    async fn post(&mut self, path: &str, content_type: &str, body: Vec<u8>) -> Page {
        let origin = self.address.clone();
        let headers = [("origin", &*origin), ("content-type", content_type)];
        Page::of(self.answer(Method::POST, path, &headers, body).await).await
    }

    async fn answer(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Response {
        let url =
            if path.starts_with('/') { format!("{}{path}", self.address) } else { path.into() };
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        let mut all = BTreeMap::from([("accept", "text/html,*/*;q=0.8")]);
        all.extend(headers.iter().copied());
        let mut request = self.client.request(method, url).body(body);
        request = request.header("cookie", cookies.collect::<Vec<_>>().join("; "));
        for (name, value) in all {
            request = request.header(name, value);
        }
        let answer = request.send().await.unwrap();
        for cookie in answer.headers().get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.remove(name);
            if !cookie.contains("Max-Age=0") {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }
}

impl Page {
    async fn of(answer: Response) -> Self {
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let bytes = answer.bytes().await.unwrap().to_vec();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Self { status, headers, bytes, body }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// Asserts that the page has each of these texts.
    pub fn assert_has(&self, parts: &[&str]) {
        for part in parts {
            assert!(self.body.contains(part), "{part} is missing: {}", self.body);
        }
    }
}
