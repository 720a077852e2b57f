//! What pages show of the app and of the Hub's page around it.

use actix_huggingface_oauth::{HuggingFaceOAuth, RequestLog, attach_huggingface_oauth};
use actix_web::App;

#[cfg(feature = "mock-hub")]
use crate::helpers::Browser;
use crate::helpers::frame::FRAME;
#[cfg(feature = "mock-hub")]
use crate::helpers::frame::NAVIGATION;
use crate::helpers::{FakeHub, Page, Space, server, settings, space_vars, user};

/// A page of the sign-in itself: no sign-in is under way.
const CALLBACK: &str = "/oauth/huggingface/callback";

fn assert_theme(page: &Page, theme: &str) {
    assert!(page.body.contains(&format!("<html data-theme=\"{theme}\">")), "{}", page.body);
}

#[actix_web::test]
async fn the_theme_of_the_hubs_page_stays_until_it_tells_another() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    assert_theme(&browser.get("/?__theme=purple").await, "");
    for (told, shown) in [("dark", "dark"), ("purple", "dark"), ("light", "light"), ("system", "")]
    {
        assert_theme(&browser.get(&format!("/?__theme={told}")).await, shown);
        assert_theme(&browser.get("/").await, shown);
        let of_sign_in = browser.get(CALLBACK).await.body;
        let attribute = format!(" data-theme=\"{shown}\"");
        assert_eq!(of_sign_in.contains(&attribute), !shown.is_empty(), "{of_sign_in}");
    }
}

#[actix_web::test]
async fn of_real_sign_in_no_page_says_that_it_is_mocked() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    for headers in [&[][..], &[FRAME]] {
        let page = space.browser().send(reqwest::Method::GET, CALLBACK, headers).await;
        assert!(page.body.contains("My Space") && !page.body.contains("is mocked"), "{page:?}");
    }
    let oauth = HuggingFaceOAuth::new(settings(&space_vars(&hub.url)).unwrap()).unwrap();
    assert_eq!(oauth.failing_models(), [""; 0]);
    let debug = format!("{oauth:?}");
    assert!(debug.contains(&hub.url) && debug.contains("me-app.hf.space"), "{debug}");
    assert!(!debug.contains("client-secret"), "{debug}");
}

#[cfg(feature = "mock-hub")]
#[actix_web::test]
async fn every_page_says_that_sign_in_is_mocked_but_the_one_in_the_frame() {
    let vars = [("HF_MOCK_USER", "ask")];
    let space = Space::start(&vars);
    let mut browser = Browser::on_laptop(&space);
    assert!(browser.get(CALLBACK).await.body.contains("Sign-in is mocked"));
    let login = "/oauth/huggingface/login";
    let framed = browser.send(reqwest::Method::GET, login, &[FRAME, NAVIGATION]).await;
    assert!(framed.body.contains("<html") && !framed.body.contains("is mocked"), "{framed:?}");
    let oauth = HuggingFaceOAuth::new(settings(&vars).unwrap()).unwrap();
    assert!(oauth.failing_models().contains(&"mock/no-credit"), "{:?}", oauth.failing_models());
}

#[actix_web::test]
async fn a_page_of_the_sign_in_names_the_request_as_its_answer_does() {
    let hub = FakeHub::start(user());
    let oauth = HuggingFaceOAuth::new(settings(&space_vars(&hub.url)).unwrap()).unwrap();
    let space = Space::serving(|listener| {
        server(listener, 1, move || {
            attach_huggingface_oauth(App::new(), oauth.clone()).wrap(RequestLog::default())
        })
    });
    let ids =
        [space.browser().get(CALLBACK).await, space.browser().get(CALLBACK).await].map(|page| {
            let id = page.header("x-request-id").to_owned();
            assert_eq!(id.len(), 12, "{page:?}");
            assert!(
                page.body.contains(&format!("<p class=\"muted\">Request {id}</p>")),
                "{page:?}"
            );
            id
        });
    assert_ne!(ids[0], ids[1]);
}
