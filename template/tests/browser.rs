//! As much of a browser as signing in takes: cookies, and redirects followed by hand.

use std::collections::BTreeMap;

use ureq::Agent;

pub struct Browser {
    agent: Agent,
    origin: String,
    pub cookies: BTreeMap<String, String>,
}

#[derive(Debug)]
pub struct Page {
    pub status: u16,
    pub location: Option<String>,
    pub body: String,
}

impl Browser {
    pub fn new(origin: &str) -> Self {
        let config = Agent::config_builder()
            .max_redirects(0)
            .http_status_as_error(false)
            .proxy(None)
            .build();
        Self { agent: config.new_agent(), origin: origin.to_owned(), cookies: BTreeMap::new() }
    }

    /// The host and port of the app.
    pub fn host(&self) -> &str {
        self.origin.trim_start_matches("http://")
    }

    /// Answers GET of one URL or path, without following it.
    pub fn get(&mut self, url: &str) -> Result<Page, ureq::Error> {
        let url =
            if url.starts_with('/') { format!("{}{url}", self.origin) } else { url.to_owned() };
        let cookies: Vec<_> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut answer = self.agent.get(&url).header("Cookie", cookies.join("; ")).call()?;
        for cookie in answer.headers().get_all("set-cookie") {
            let cookie = cookie.to_str().expect("cookies are ASCII");
            let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
            let (name, value) = pair.split_once('=').expect("a cookie has a value");
            if value.is_empty() || attributes.to_lowercase().contains("max-age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Ok(Page {
            status: answer.status().as_u16(),
            location: answer.headers().get("location").map(|url| url.to_str().unwrap().to_owned()),
            body: answer.body_mut().read_to_string()?,
        })
    }

    /// The page where the redirects end.
    pub fn follow(&mut self, url: &str) -> Page {
        let mut way = vec![url.to_owned()];
        while way.len() < 10 {
            let page = self
                .get(way.last().unwrap())
                .unwrap_or_else(|error| panic!("{error} on the way {way:?}"));
            match page.location {
                Some(next) => way.push(next),
                None => return page,
            }
        }
        panic!("the redirects do not end: {way:?}");
    }
}
