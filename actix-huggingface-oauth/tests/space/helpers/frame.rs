//! The app in a frame on huggingface.co, whose cookies are in a jar of their own, and the tab that signs it in.

use oauth2::url::form_urlencoded;
use reqwest::Method;

use super::{Browser, FakeHub, Page, Space};

pub const LOGIN: &str = "/oauth/huggingface/login";
pub const CLAIM: &str = "/oauth/huggingface/claim";
pub const FRAME: (&str, &str) = ("sec-fetch-dest", "iframe");
pub const NAVIGATION: (&str, &str) = ("sec-fetch-mode", "navigate");
pub const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// A page in the frame: its cookies are in a jar of their own.
pub struct Frame {
    pub browser: Browser,
}

impl Frame {
    pub fn of(space: &Space) -> Self {
        Self { browser: space.browser() }
    }

    pub async fn open(&mut self, path: &str) -> Page {
        self.browser.send(Method::GET, path, &[FRAME]).await
    }

    /// Opens a path by a click.
    pub async fn click(&mut self, path: &str) -> Page {
        let headers = [FRAME, NAVIGATION, ("sec-fetch-user", "?1")];
        self.browser.send(Method::GET, path, &headers).await
    }

    /// The form that the page's login control is: its challenge.
    pub async fn challenge(&mut self, path: &str) -> String {
        let page = self.open(path).await.body;
        assert!(
            page.contains("target=\"_blank\" data-claim=\"/oauth/huggingface/claim\""),
            "{page}"
        );
        value_of(&page, "challenge")
    }

    /// Claims, as the page's script does.
    pub async fn claim(&mut self) -> Page {
        let origin = self.browser.origin();
        let headers = [("origin", origin.as_str()), ("sec-fetch-mode", "cors"), ("accept", "*/*")];
        self.browser.send(Method::POST, CLAIM, &headers).await
    }

    /// Claims, as the page's form does where there is no script.
    pub async fn continue_without_script(&mut self, target: &str) -> Page {
        let origin = self.browser.origin();
        let headers = [("origin", origin.as_str()), NAVIGATION, FRAME, FORM];
        let body = form(&[("_target_url", target)]);
        self.browser.send_body(Method::POST, CLAIM, &headers, body).await
    }

    pub async fn is_signed_in(&mut self) -> bool {
        self.open("/profile").await.status == 200
    }
}

/// An iframe that waits for its login, and the tab that it logged in.
pub async fn frame_and_tab(space: &Space, hub: &FakeHub) -> (Frame, Browser) {
    let mut frame = Frame::of(space);
    let challenge = frame.challenge("/").await;
    let mut tab = space.browser();
    assert_eq!(sign_in_tab(&mut tab, hub, &challenge, "/").await.status, 200);
    (frame, tab)
}

pub fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// The value of a hidden input.
pub fn value_of(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

/// Posts the login form from `origin` into a tab.
pub async fn post_login(
    tab: &mut Browser,
    origin: Option<&str>,
    challenge: &str,
    target: &str,
) -> Page {
    let mut headers = vec![NAVIGATION, FORM, ("sec-fetch-site", "cross-site")];
    headers.extend(origin.map(|origin| ("origin", origin)));
    let body = form(&[("challenge", challenge), ("_target_url", target)]);
    tab.send_body(Method::POST, LOGIN, &headers, body).await
}

/// Signs in through a tab; the callback's page.
pub async fn sign_in_tab(tab: &mut Browser, hub: &FakeHub, challenge: &str, target: &str) -> Page {
    let origin = tab.origin();
    let login = post_login(tab, Some(&origin), challenge, target).await;
    let back = hub.authorize(login.location()).await;
    let callback = tab.path_of(&back);
    tab.get(&callback).await
}
