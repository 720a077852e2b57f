//! A browser without JavaScript: it keeps cookies and shows what came back.

use std::collections::BTreeMap;

use oauth2::url::Url;
use reqwest::{Client, Method};
use serde_json::Value;

use super::{FakeHub, Space, http_client};

/// A browser whose tab is at one host of the app.
#[derive(Clone)]
pub struct Browser {
    client: Client,
    /// Where the app listens: that of each replica, which take turns.
    addresses: Vec<String>,
    sent: usize,
    host: String,
    /// Of the app's pages.
    scheme: &'static str,
    /// Cookies by name.
    pub cookies: BTreeMap<String, String>,
}

/// An answer.
#[derive(Debug)]
pub struct Page {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: String,
}

impl Page {
    /// What the mock Hub's page that asks whom to be says of a user.
    #[cfg(feature = "mock-hub")]
    pub fn choice(&self, user: &str) -> &str {
        let (_, button) = self.body.split_once(&format!("value=\"{user}\">")).unwrap();
        button.split_once("</button>").unwrap().0
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn location(&self) -> &str {
        assert_eq!(self.status, 303, "no redirect: {self:?}");
        self.header("location")
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The `Set-Cookie` headers of a cookie: at most one for each jar.
    pub fn set_cookies(&self, name: &str) -> Vec<&str> {
        let headers =
            self.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
        headers.filter(|header| header.starts_with(&format!("{name}="))).collect()
    }

    /// The `Set-Cookie` header of a cookie that counts for a browser with one jar: the last, behind removals alone.
    pub fn set_cookie(&self, name: &str) -> Option<&str> {
        let (last, before) = self.set_cookies(name).split_last().map(|(l, b)| (*l, b.to_vec()))?;
        let are_removals = before.iter().all(|header| header.contains("Max-Age=0"));
        assert!(are_removals && before.len() < 2, "{name} is set twice: {before:?}");
        Some(last)
    }
}

impl Browser {
    pub fn at(address: &str, host: &str) -> Self {
        Self::behind_round_robin(&[address], host)
    }

    /// A browser at a name with http.
    #[cfg(feature = "mock-hub")]
    pub fn over_http(address: &str, host: &str) -> Self {
        Self { scheme: "http", ..Self::at(address, host) }
    }

    /// A browser at a proxy that sends each request to the next replica.
    pub fn behind_round_robin(addresses: &[&str], host: &str) -> Self {
        Self {
            client: http_client(),
            addresses: addresses.iter().map(ToString::to_string).collect(),
            sent: 0,
            host: host.to_owned(),
            scheme: if host.starts_with("localhost") { "http" } else { "https" },
            cookies: BTreeMap::new(),
        }
    }

    /// A browser on the laptop on which the app runs.
    pub fn on_laptop(space: &Space) -> Self {
        let host = space.address.trim_start_matches("http://").replace("127.0.0.1", "localhost");
        Self::at(&space.address, &host)
    }

    /// The app listens somewhere else now.
    pub fn move_to(&mut self, address: &str) {
        self.addresses = vec![address.to_owned()];
    }

    /// The origin of the app's pages.
    pub fn origin(&self) -> String {
        format!("{}://{}", self.scheme, self.host)
    }

    /// Opens a path, as a click on a link does.
    pub async fn get(&mut self, path: &str) -> Page {
        self.send(Method::GET, path, &[]).await
    }

    /// Asks for JSON, as a program does.
    pub async fn get_json(&mut self, path: &str) -> Page {
        self.send(Method::GET, path, &[("accept", "application/json")]).await
    }

    /// The name of a cookie of an app on a laptop, whose port it carries.
    pub fn named(&self, name: &str) -> String {
        format!("{name}-{}", self.host.rsplit_once(':').map_or("80", |(_, port)| port))
    }

    /// Opens a path of an app that may not live to answer.
    pub async fn try_get(&mut self, path: &str) -> Option<Page> {
        self.try_send(Method::GET, path, &[], String::new()).await.ok()
    }

    /// Opens a path and goes where it redirects to, to the mock Hub in the app, too.
    #[cfg(feature = "mock-hub")]
    pub async fn follow(&mut self, path: &str) -> Page {
        let mut page = self.get(path).await;
        while page.status == 303 {
            let url = Url::parse(&self.origin()).unwrap().join(page.location()).unwrap();
            page = self.get(&url[oauth2::url::Position::BeforePath..]).await;
        }
        page
    }

    /// Sends a form of the app.
    pub async fn post(&mut self, path: &str) -> Page {
        let origin = self.origin();
        self.send(Method::POST, path, &[("origin", &origin)]).await
    }

    pub async fn send(&mut self, method: Method, path: &str, headers: &[(&str, &str)]) -> Page {
        self.send_body(method, path, headers, String::new()).await
    }

    /// Posts JSON, as a script of the app does.
    pub async fn post_json(&mut self, path: &str, body: &Value) -> Page {
        let origin = self.origin();
        let headers = [("origin", &*origin), ("content-type", "application/json")];
        self.send_body(Method::POST, path, &headers, body.to_string()).await
    }

    pub async fn send_body(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Page {
        self.try_send(method, path, headers, body).await.unwrap()
    }

    async fn try_send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> reqwest::Result<Page> {
        let address = &self.addresses[self.sent % self.addresses.len()];
        self.sent += 1;
        let mut request = self.client.request(method, format!("{address}{path}")).body(body);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", &self.host);
        }
        if !headers.iter().any(|(name, _)| *name == "accept") {
            request = request.header("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !self.cookies.is_empty() {
            let cookies: Vec<_> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", cookies.join("; "));
        }
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let page = Page { status, headers, body: response.text().await? };
        self.keep_cookies(&page);
        Ok(page)
    }

    fn keep_cookies(&mut self, page: &Page) {
        for header in page.headers.get_all("set-cookie") {
            let header = header.to_str().unwrap();
            let (name, value) = header.split(';').next().unwrap().split_once('=').unwrap();
            if header.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// Follows the login link to the Hub and says yes: the path with which the Hub sends back.
    pub async fn consent(&mut self, hub: &FakeHub, login: &str) -> String {
        let page = self.get(login).await;
        let back = hub.authorize(page.location()).await;
        self.path_of(&back)
    }

    /// The path and query of a URL of the app.
    pub fn path_of(&self, url: &str) -> String {
        let url = Url::parse(url).unwrap();
        assert_eq!(url.origin().ascii_serialization(), self.origin(), "not on the app: {url}");
        url[oauth2::url::Position::BeforePath..].to_owned()
    }

    /// Signs in.
    pub async fn sign_in(&mut self, hub: &FakeHub) -> Page {
        let callback = self.consent(hub, "/oauth/huggingface/login").await;
        let page = self.get(&callback).await;
        assert_eq!(page.location(), "/", "the sign-in failed: {page:?}");
        page
    }

    /// The one who is signed in, from the app's API.
    pub async fn me(&mut self) -> Option<Value> {
        let page = self.get("/api/me").await;
        match page.status {
            200 => Some(page.json()),
            401 => None,
            _ => panic!("unexpected answer: {page:?}"),
        }
    }

    /// The names of the cookies of sign-ins under way, in a Space.
    pub fn sign_ins(&self) -> Vec<String> {
        let names = self.cookies.keys().filter(|name| name.starts_with("__Host-hf-login-"));
        names.cloned().collect()
    }

    pub fn cookie(&self, name: &str) -> Option<&String> {
        self.cookies.get(name)
    }
}
