//! Signing in and out of a Space behind Hugging Face's proxy, at a Hub with HTTPS.

use serde_json::Value;

use crate::browser::{Browser, Page};
use crate::card::{self, Card};
use crate::container::Container;
use crate::internet::{CUSTOM_DOMAIN, Internet, SPACE_NAME};
use crate::pushed::{PUSHED, image, repository_image};
use crate::repository;

#[test]
fn a_pushed_space() {
    signs_in_and_out(image(), &PUSHED.card());
}

#[test]
fn this_repository() {
    signs_in_and_out(repository_image(), &card::of(&repository::read("README.md")));
}

#[test]
fn a_custom_domain_signs_in_under_the_spaces_own_name() {
    let internet = Internet::new();
    let hosts = format!("{SPACE_NAME},{CUSTOM_DOMAIN}");
    let _space = internet.start_space(image(), &hosts, &PUSHED.card());
    let mut browser = Browser::on(&internet);
    let page = browser
        .open(&format!("https://{CUSTOM_DOMAIN}/oauth/huggingface/login?_target_url=/profile"));
    assert_eq!(page.url, format!("https://{SPACE_NAME}/profile"), "{page:?}");
    assert_eq!(me(&mut browser), (200, "hub.js".to_owned()));
}

#[test]
fn ssl_cert_file_names_another_certificate_authority() {
    let internet = Internet::new();
    let mut options = internet.space_options(SPACE_NAME, &PUSHED.card());
    options.more.push("--volume".to_owned());
    options.more.push(format!("{}:/authority.pem:ro", internet.authority().display()));
    let stranger = Container::start(image(), &options);
    internet.reach(&stranger);
    let login = format!("https://{SPACE_NAME}/oauth/huggingface/login");
    let page = Browser::on(&internet).open(&login);
    assert_eq!(page.status, 502, "it trusts whoever comes: {page:?}");

    options.env.push(("SSL_CERT_FILE".to_owned(), "/authority.pem".to_owned()));
    let friend = Container::start(image(), &options);
    internet.reach(&friend);
    let page = Browser::on(&internet).open(&login);
    assert_eq!((page.status, page.url), (200, format!("https://{SPACE_NAME}/")), "{}", page.body);
}

fn signs_in_and_out(image: &str, card: &Card) {
    let internet = Internet::new();
    let space = internet.start_space(image, SPACE_NAME, card);
    let mut browser = Browser::on(&internet);
    let home = format!("https://{SPACE_NAME}/");

    let page = browser.head(&home);
    assert_eq!(page.status, 200, "{page:?}");
    let page = browser.open(&home);
    assert_eq!(page.status, 200, "{page:?}");
    assert!(page.body.contains("Sign in with Hugging Face"), "{page:?}");
    assert_eq!(me(&mut browser).0, 401);

    let page = browser.open(&format!("{home}oauth/huggingface/login"));
    assert_eq!((page.status, &page.url), (200, &home), "{page:?}");
    assert!(page.body.contains("Hub CI bot") || page.body.contains("hub.js"), "{page:?}");
    assert_eq!(me(&mut browser), (200, "hub.js".to_owned()));
    let rss = space.process_status("VmRSS");
    println!("rss_after_sign_in={rss}");

    let session = (SPACE_NAME.to_owned(), "__Host-hf-auth".to_owned());
    assert!(browser.cookies.contains_key(&session), "{:?}", browser.cookies);

    let page = browser.open(&format!("{home}oauth/huggingface/logout"));
    assert_eq!((page.status, &page.url), (200, &home), "{page:?}");
    assert!(!browser.cookies.contains_key(&session), "{:?}", browser.cookies);
    assert_eq!(me(&mut browser).0, 401);

    assert_eq!(space.stop(), "0", "{}", space.logs());
}

/// The status of `/api/me` and who it says is signed in.
fn me(browser: &mut Browser) -> (u16, String) {
    let Page { status, body, .. } = browser.open(&format!("https://{SPACE_NAME}/api/me"));
    let json: Value =
        serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error} in /api/me: {body}"));
    (status, json["user_info"]["preferred_username"].as_str().unwrap_or_default().to_owned())
}
