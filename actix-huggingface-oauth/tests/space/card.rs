//! The card at the top of a Space's README.md, under `cargo run`.

use actix_huggingface_oauth::{HuggingFaceOAuth, OAuthSettings};

use crate::helpers::{Browser, Log, Space, settings};

const LOGIN: &str = "/oauth/huggingface/login";

const CARD: &str = "---
title: 'It''s mine'
emoji: 🪐
colorFrom: yellow
colorTo: red
sdk: docker
app_port: 7860
pinned: false
license: mit
hf_oauth: true
hf_oauth_scopes:
  - email
  - openid
  - inference-api
hf_oauth_expiration_minutes: 90
---

# A heading
";

fn with(vars: &[(&str, &str)], card: &str) -> OAuthSettings {
    settings(vars).unwrap().card(card)
}

/// The lines that a start logs about a card.
fn faults(vars: &[(&str, &str)], card: &str) -> Vec<String> {
    let log = Log::default();
    let logging = log.begin();
    HuggingFaceOAuth::new(with(vars, card)).unwrap();
    drop(logging);
    let lines = log.lines();
    let faults = lines.iter().filter_map(|line| line.split_once("README.md, "));
    faults.map(|(_, fault)| fault.to_owned()).collect()
}

#[actix_web::test]
async fn the_mock_hub_does_what_the_card_says() {
    let space = Space::start_with(with(&[("HF_MOCK_USER", "pro")], CARD));
    let mut browser = Browser::on_laptop(&space);
    assert!(browser.get("/").await.body.contains("It's mine"));
    let page = browser.follow(LOGIN).await;
    assert_eq!(page.status, 200);
    let me = browser.me().await.unwrap();
    assert_eq!(me["scope"], "openid profile email inference-api");
    assert!(me["user_info"]["email"].is_string());

    let mut browser = Browser::on_laptop(&space);
    let login = browser.get(LOGIN).await;
    let back = browser.get(&browser.path_of(login.location())).await;
    let page = browser.get(&browser.path_of(back.location())).await;
    let cookie = page.set_cookie(&browser.named("hf-auth")).unwrap();
    let (_, max_age) = cookie.split_once("Max-Age=").unwrap();
    let seconds: i64 = max_age.split(';').next().unwrap().parse().unwrap();
    assert!((90 * 60 - 60..=90 * 60).contains(&seconds), "{cookie}");
}

#[actix_web::test]
async fn the_environment_wins() {
    let vars =
        [("HF_MOCK_USER", "pro"), ("OAUTH_SCOPES", "openid profile"), ("SPACE_TITLE", "Another")];
    let space = Space::start_with(with(&vars, CARD).default_title("a-package"));
    let mut browser = Browser::on_laptop(&space);
    assert!(browser.get("/").await.body.contains("Another"));
    browser.follow(LOGIN).await;
    assert_eq!(browser.me().await.unwrap()["scope"], "openid profile");
}

#[actix_web::test]
async fn whom_the_card_shuts_out_is_marked_and_refused_but_for_hf_mock_user() {
    let card = CARD.replace(
        "hf_oauth: true\n",
        "hf_oauth: true\nhf_oauth_authorized_org: [Tiny-Models, another]\n",
    );
    let space = Space::start_with(with(&[("HF_MOCK_USER", "ask")], &card));
    let mut browser = Browser::on_laptop(&space);
    let login = browser.get(LOGIN).await;
    let consent = browser.get(&browser.path_of(login.location())).await;
    for (user, is_marked) in [("pro", false), ("free", true), ("writer", true)] {
        let choice = consent.choice(user);
        assert_eq!(choice.contains("may not sign in here"), is_marked, "{choice}");
    }

    let asked = oauth2::url::Url::parse(login.location()).unwrap();
    let answer = |user: &str| {
        let fields = asked.query_pairs().into_owned().chain([("user".to_owned(), user.to_owned())]);
        oauth2::url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
    };
    let origin = browser.origin();
    let headers = [("origin", &*origin), ("content-type", "application/x-www-form-urlencoded")];
    let path = "/mock-hub/oauth/authorize";
    let page = browser.send_body(reqwest::Method::POST, path, &headers, answer("free")).await;
    assert_eq!(page.status, 403);
    assert!(
        page.body.contains("You may not sign in here") && page.body.contains("Tiny-Models"),
        "{}",
        page.body
    );
    assert!(page.body.contains("href=\"/\">Back to the app</a>"), "{}", page.body);
    let page = browser.send_body(reqwest::Method::POST, path, &headers, answer("pro")).await;
    assert_eq!(page.status, 303);

    let space = Space::start_with(with(&[("HF_MOCK_USER", "free")], &card));
    let mut browser = Browser::on_laptop(&space);
    browser.follow(LOGIN).await;
    assert!(browser.me().await.is_some(), "one who is named signs in whatever the card says");
}

#[test]
fn a_card_that_the_hub_takes_has_no_faults() {
    for vars in
        [&[("HF_MOCK_USER", "ask")][..], &[("HF_MOCK_USER", "off")], &[("OAUTH_CLIENT_ID", "id")]]
    {
        assert_eq!(faults(vars, CARD), Vec::<String>::new());
        for (from, to) in [
            ("\n", "\r\n"),
            ("It''s", "It''s --- or ---"),
            ("🪐", "🪐🪐🪐🪐🪐🪐🪐🪐🪐🪐🪐🪐"),
            ("pinned: false", "header: mini"),
        ] {
            assert_eq!(faults(vars, &CARD.replace(from, to)), Vec::<String>::new(), "{to}");
        }
    }
}

#[test]
fn what_the_hub_would_refuse_is_named_with_its_line_and_the_cure() {
    let long = format!("short_description: {}", "x".repeat(61));
    for (from, to, expected) in [
        ("colorTo: red", "colorTo: magenta", "line 5: colorTo is one of red, yellow"),
        ("colorFrom: yellow", "colorFrom: 7", "line 4: colorFrom is one of"),
        ("sdk: docker", "sdk: gradio", "line 6: sdk has to be docker"),
        ("app_port: 7860", "app_port: 8080", "line 7: app_port is not 7860"),
        ("pinned: false", &long, "line 8: short_description has 61 characters, 60 at most"),
        ("license: mit", "license: MIT", "line 9: license is one of the Hub's identifiers"),
        ("license: mit", "license: Apache-2.0 OR MIT", "line 9: license is one of"),
        ("hf_oauth: true", "hf_oauth: false", "line 10: hf_oauth has to be true"),
        ("hf_oauth: true\n", "", "line 1: `hf_oauth: true` is missing"),
        ("  - email", "  - emails", "line 11: the Hub has no scope `emails`"),
        (
            "minutes: 90",
            "minutes: 50000",
            "line 15: hf_oauth_expiration_minutes is a number from 1 to 43200",
        ),
        ("minutes: 90", "minutes: 'soon'", "line 15: hf_oauth_expiration_minutes is a number"),
        ("emoji: 🪐", "emoji: planet", "line 3: emoji is one emoji"),
        ("emoji: 🪐", "emoji: 🪐🪐🪐🪐🪐🪐🪐🪐🪐🪐🪐🪐🪐", "line 3: emoji is one emoji"),
        ("pinned: false", "header: large", "line 8: header is mini or default"),
        ("pinned: false", "hf_oath: true", "line 8: the Hub knows no `hf_oath`: is it misspelt?"),
        ("title: 'It''s mine'", "title: a: b", "line 2: this is no YAML"),
        ("title: 'It''s mine'", "title: [a", "this is no YAML"),
        ("title: 'It''s mine'", "title: 42", "line 2: title is a text"),
        ("---\ntitle", "title", "line 1: there is no card"),
        ("\n---\n", "\n", "line 1: there is no card"),
    ] {
        let card = CARD.replacen(from, to, 1);
        assert_ne!(card, CARD, "{from}");
        let faults = faults(&[("HF_MOCK_USER", "ask")], &card);
        assert!(faults.len() == 1 && faults[0].contains(expected), "{to}: {faults:?}");
    }
    let faults = faults(&[("HF_MOCK_USER", "ask")], "# No card\n");
    assert!(faults.len() == 1 && faults[0].contains("there is no card"), "{faults:?}");
}

#[test]
fn app_port_is_held_against_port() {
    let with = |port| faults(&[("HF_MOCK_USER", "ask"), ("PORT", port)], CARD);
    assert_eq!([with("7860"), with("9000")], [const { Vec::<String>::new() }; 2]);
    let of_8080 = CARD.replace("app_port: 7860", "app_port: 8080");
    let with = |port| faults(&[("HF_MOCK_USER", "ask"), ("PORT", port)], &of_8080);
    assert_eq!(with("8080"), Vec::<String>::new());
    assert!(with("9000")[0].contains("app_port is not 9000"), "{:?}", with("9000"));
}
