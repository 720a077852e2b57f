//! As much of a browser as signing in takes: curl, with cookies that are kept by the rules for `__Host-`, and with
//! redirects followed by hand. (curl's own jar brings deleted cookies back, up to version 7.88 at least.)

use std::collections::BTreeMap;
use std::process::Command;

use crate::internet::Internet;

/// A browser on the internet of a test.
pub struct Browser {
    network: Vec<String>,
    /// Cookies by host and name.
    pub cookies: BTreeMap<(String, String), String>,
}

/// What came back; status 0 if nothing did.
#[derive(Debug)]
pub struct Page {
    pub status: u16,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Browser {
    pub fn on(internet: &Internet) -> Self {
        let network = vec![
            "--cacert".to_owned(),
            internet.authority().display().to_string(),
            "--connect-to".to_owned(),
            format!("::127.0.0.1:{}", internet.port),
        ];
        Self { network, cookies: BTreeMap::new() }
    }

    /// Opens a URL and goes where it redirects to.
    pub fn open(&mut self, url: &str) -> Page {
        let mut page = self.request(&[], url);
        for _ in 0..10 {
            match page.header("location") {
                Some(location) if location.starts_with('/') => {
                    let next = format!("https://{}{location}", host(&page.url));
                    page = self.request(&[], &next);
                }
                Some(location) => page = self.request(&[], location),
                None => return page,
            }
        }
        panic!("the redirects do not end: {page:?}");
    }

    /// Asks for the head of a page alone.
    pub fn head(&mut self, url: &str) -> Page {
        self.request(&["--head"], url)
    }

    fn request(&mut self, arguments: &[&str], url: &str) -> Page {
        let ours = self.cookies.iter().filter(|((of, _), _)| of == host(url));
        let ours: Vec<_> = ours.map(|((_, name), value)| format!("{name}={value}")).collect();
        let cookies = format!("Cookie: {}", ours.join("; "));
        let network = self.network.iter().map(String::as_str);
        let arguments: Vec<_> = network
            .chain(if ours.is_empty() { vec![] } else { vec!["--header", &cookies] })
            .chain(arguments.iter().copied())
            .chain([url])
            .collect();
        let page = curl(&arguments);
        for (_, cookie) in page.headers.iter().filter(|(name, _)| name == "set-cookie") {
            self.keep(host(url), cookie);
        }
        page
    }

    fn keep(&mut self, host: &str, cookie: &str) {
        let mut parts = cookie.split("; ");
        let (name, value) = parts.next().and_then(|pair| pair.split_once('=')).expect("a cookie");
        let attributes: Vec<_> = parts.collect();
        let has = |attribute: &str| attributes.contains(&attribute);
        let rules = has("Secure") && has("Path=/") && !cookie.contains("Domain=");
        assert!(name.starts_with("__Host-") && rules, "a browser would refuse {cookie}");
        // Also when it is deleted: the frame's cookies are others than the tab's.
        assert!(has("HttpOnly") && (has("SameSite=Lax") || has("Partitioned")), "{cookie}");
        let key = (host.to_owned(), name.to_owned());
        if has("Max-Age=0") {
            self.cookies.remove(&key);
        } else {
            self.cookies.insert(key, value.to_owned());
        }
    }
}

impl Page {
    pub fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(other, _)| other == name);
        header.map(|(_, value)| value.as_str())
    }
}

/// A request of curl.
pub fn curl(arguments: &[&str]) -> Page {
    let output = Command::new("curl")
        .args(["--silent", "--show-error", "--noproxy", "*", "--max-time", "60", "--include"])
        .args(["--header", "Accept: text/html,application/xhtml+xml,*/*;q=0.8"])
        .args(["--write-out", "\n%{http_code} %{url_effective}"])
        .args(arguments)
        .output()
        .expect("curl runs");
    let text = String::from_utf8(output.stdout).expect("a text");
    let (answer, end) = text.rsplit_once('\n').expect("what --write-out says");
    let (status, url) = end.split_once(' ').expect("status and URL");
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
    let headers = head.lines().filter_map(|line| line.split_once(": "));
    let errors = String::from_utf8_lossy(&output.stderr);
    Page {
        status: status.parse().expect("a status"),
        url: url.to_owned(),
        headers: headers
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect(),
        body: if status == "000" { errors.into_owned() } else { body.to_owned() },
    }
}

/// The host of a URL, with its port.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").expect("an absolute URL").1;
    rest.split(['/', '?']).next().expect("a host")
}
