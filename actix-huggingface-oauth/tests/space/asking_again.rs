//! Asking the Hub again: for organizations and scopes that the user has left out.

use actix_huggingface_oauth::{Gate, HuggingFaceOAuth, Role, require_membership};
use oauth2::url::Url;
use serde_json::json;

use crate::helpers::frame::{CLAIM, FORM, FRAME, Frame, LOGIN, NAVIGATION, form, value_of};
use crate::helpers::{Browser, FakeHub, HOST, Space, gated, settings, space_vars, user};

const SUB: &str = "65a1f0c0e4b0d3a2b1c00007";

type MakeGate = fn() -> Gate;

/// The query of the Hub's URL to which a login link leads.
async fn asked(browser: &mut Browser, login: &str) -> Vec<(String, String)> {
    let page = browser.get(login).await;
    Url::parse(page.location()).unwrap().query_pairs().into_owned().collect()
}

fn param<'a>(asked: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let mut values = asked.iter().filter(|(param, _)| param == name).map(|(_, value)| &**value);
    let value = values.next();
    assert_eq!(values.next(), None, "{name} comes twice");
    value
}

#[actix_web::test]
async fn login_passes_on_one_prompt_and_organizations_by_sub() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let ten = [SUB; 10].join(",");
    for (query, prompt, org_ids) in [
        ("", None, None),
        ("prompt=consent", Some("consent"), None),
        ("prompt=none", None, None),
        ("prompt=login", None, None),
        ("prompt=Consent", None, None),
        ("prompt=consent%20none", None, None),
        ("prompt=", None, None),
        (&format!("orgIds={SUB}"), None, None),
        (&format!("prompt=none&orgIds={SUB}"), None, None),
        (&format!("prompt=consent&orgIds={SUB}"), Some("consent"), Some(SUB)),
        (&format!("prompt=consent&orgIds=acme,{SUB},{SUB}0,,%26x=1"), Some("consent"), Some(SUB)),
        (&format!("prompt=consent&orgIds={ten},{SUB}"), Some("consent"), Some(&*ten)),
        ("prompt=consent&orgIds=acme", Some("consent"), None),
    ] {
        let asked = asked(&mut space.browser(), &format!("{LOGIN}?_target_url=/x&{query}")).await;
        assert_eq!(param(&asked, "prompt"), prompt, "{query}");
        assert_eq!(param(&asked, "orgIds"), org_ids, "{query}");
        assert_eq!(param(&asked, "x"), None, "{query}");
    }
}

#[actix_web::test]
async fn the_consent_url_comes_back_to_where_it_stood() {
    let hub = FakeHub::start(user());
    let oauth = HuggingFaceOAuth::new(settings(&space_vars(&hub.url)).unwrap()).unwrap();
    assert_eq!(oauth.consent_url("/"), "/oauth/huggingface/login?_target_url=%2F&prompt=consent");
    let space = Space::on(&hub);
    for target in ["/", "/profile?a=1#b"] {
        let mut browser = space.browser();
        let callback = browser.consent(&hub, &oauth.consent_url(target)).await;
        assert_eq!(browser.get(&callback).await.location(), target);
    }
}

/// The page that somebody who is signed in sees behind this gate.
async fn refused_by(gate: MakeGate) -> String {
    let mut visitor = user();
    visitor["orgs"][0]["roleInOrg"] = json!(null);
    visitor["orgs"][1]["securityRestrictions"] = json!([]);
    let hub = FakeHub::start(visitor);
    let (space, _) = gated::start(settings(&space_vars(&hub.url)).unwrap(), gate);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    let page = browser.get("/profile?a=1").await;
    assert_eq!(page.status, 403);
    page.body
}

#[actix_web::test]
async fn a_page_has_a_button_where_asking_again_may_help() {
    let again = |org_ids: &str| {
        format!("login?_target_url=%2Fprofile%3Fa%3D1&prompt=consent{org_ids}\" data-sign-in>Choose organizations again<")
            .replace('&', "&#38;")
    };
    let by_sub = format!("&orgIds={SUB}");
    let pages: [(MakeGate, Option<String>); 5] = [
        (|| require_membership(["elsewhere"], None), Some(again(""))),
        (|| require_membership([SUB, "elsewhere"], None), Some(again(&by_sub))),
        (|| require_membership(["acme"], Some(Role::Read)), Some(again(""))),
        (|| require_membership(["old-guard"], Some(Role::Admin)), None),
        (
            || require_membership(["65a1f0c0e4b0d3a2b1c00001"], Some(Role::Read)),
            Some(again("&orgIds=65a1f0c0e4b0d3a2b1c00001")),
        ),
    ];
    for (gate, button) in pages {
        let page = refused_by(gate).await;
        assert_eq!(page.matches("data-sign-in").count(), usize::from(button.is_some()), "{page}");
        if let Some(button) = button {
            assert!(page.contains(&button), "{button}: {page}");
        }
        assert!(page.contains("You are signed in as Hub CI bot."), "{page}");
        let another = "href=\"/oauth/huggingface/logout?_target_url=%2Fprofile%3Fa%3D1\">Sign in as somebody else<";
        assert!(page.contains(another), "{page}");
    }
}

#[actix_web::test]
async fn a_missing_scope_is_asked_for_where_the_app_asks_for_it() {
    let hub = FakeHub::start(user());
    hub.set_token_field("scope", json!("openid profile"));
    let space = Space::on(&hub);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    assert_eq!(browser.get("/scope/profile").await.body, "granted");
    // The app asks for the one since, and not for the other.
    for (scope, has_button) in [("email", true), ("jobs", false), ("profil", false)] {
        let page = browser.get(&format!("/scope/{scope}")).await;
        assert_eq!(page.status, 403);
        let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\"");
        assert_eq!(page.header("www-authenticate"), challenge);
        assert!(page.body.contains(&format!("the scope {scope},")), "{}", page.body);
        assert_eq!(page.body.contains("data-sign-in>Allow this<"), has_button, "{}", page.body);
        let json = browser.get_json(&format!("/scope/{scope}")).await;
        assert_eq!((json.status, json.header("www-authenticate")), (403, &*challenge));
    }
    // Nobody is signed out for it, and who allows it goes on.
    assert!(browser.me().await.is_some());
    hub.set_token_field("scope", json!("openid profile email"));
    let consent = "/oauth/huggingface/login?_target_url=%2Fscope%2Femail&prompt=consent";
    let callback = browser.consent(&hub, consent).await;
    let page = browser.get(&callback).await;
    assert_eq!(page.location(), "/scope/email");
    assert_eq!(browser.get("/scope/email").await.body, "granted");
}

#[actix_web::test]
async fn who_says_no_when_asked_again_stays_signed_in() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    let asked = asked(&mut browser, &format!("{LOGIN}?_target_url=/profile&prompt=consent")).await;
    let state = param(&asked, "state").unwrap();
    let denied = format!("/oauth/huggingface/callback?error=access_denied&state={state}");
    let page = browser.get(&denied).await;
    assert_eq!(page.status, 403);
    assert!(
        page.body.contains("Nothing has changed") && page.body.contains("You are still signed in.")
    );
    assert!(browser.me().await.is_some());
}

/// The claim of one who is asked again in a frame.
async fn claim_again(frame: &mut Frame) -> u16 {
    let origin = format!("https://{HOST}");
    let headers = [("origin", &*origin), ("sec-fetch-mode", "cors"), ("accept", "*/*")];
    frame
        .browser
        .send(reqwest::Method::POST, &format!("{CLAIM}?prompt=consent"), &headers)
        .await
        .status
}

#[actix_web::test]
async fn in_a_frame_the_second_asking_is_claimed_by_its_hand_off_alone() {
    let hub = FakeHub::start(user());
    let gate = || require_membership([SUB], None);
    let (space, _) = gated::start(settings(&space_vars(&hub.url)).unwrap(), gate);
    let (mut frame, mut tab) = (Frame::of(&space), space.browser());
    frame.browser.sign_in(&hub).await;
    let page = frame.open("/profile?a=1").await;
    assert_eq!(page.status, 403);
    assert!(
        page.body.contains("data-claim=\"/oauth/huggingface/claim?prompt=consent\""),
        "{}",
        page.body
    );
    assert!(page.body.contains(">Choose organizations again</button>"), "{}", page.body);
    let fields: Vec<_> = ["challenge", "_target_url", "prompt", "orgIds"]
        .into_iter()
        .map(|name| (name, value_of(&page.body, name)))
        .collect();
    assert_eq!(claim_again(&mut frame).await, 202, "the session that is there answers nothing");
    // Without a script, either.
    let origin = format!("https://{HOST}");
    let headers = [("origin", &*origin), NAVIGATION, FRAME, FORM];
    let claim = format!("{CLAIM}?prompt=consent");
    let without_script =
        frame.browser.send_body(reqwest::Method::POST, &claim, &headers, String::new());
    assert!(without_script.await.body.contains("Not signed in yet"));

    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, &**value)).collect();
    let headers = [("origin", &*origin), NAVIGATION, FORM];
    let login = tab.send_body(reqwest::Method::POST, LOGIN, &headers, form(&fields)).await;
    let asked: Vec<_> = Url::parse(login.location()).unwrap().query_pairs().into_owned().collect();
    assert_eq!((param(&asked, "prompt"), param(&asked, "orgIds")), (Some("consent"), Some(SUB)));
    let mut member = user();
    member["orgs"][0]["sub"] = json!(SUB);
    hub.set_user(member);
    let back = hub.authorize(login.location()).await;
    let callback = tab.path_of(&back);
    assert_eq!(tab.get(&callback).await.status, 200);
    assert_eq!(claim_again(&mut frame).await, 200);
    assert_eq!(frame.open("/profile?a=1").await.body, gated::SECRET);
}

#[actix_web::test]
async fn a_page_that_answers_a_form_has_no_hand_off() {
    let hub = FakeHub::start(user());
    let (space, taken) =
        gated::start(settings(&space_vars(&hub.url)).unwrap(), || require_membership([SUB], None));
    let mut frame = Frame::of(&space);
    frame.browser.sign_in(&hub).await;
    let origin = format!("https://{HOST}");
    let headers = [("origin", &*origin), NAVIGATION, FRAME, FORM];
    let page =
        frame.browser.send_body(reqwest::Method::POST, "/profile", &headers, String::new()).await;
    assert_eq!(page.status, 403);
    assert!(!page.body.contains("data-claim"), "{}", page.body);
    assert!(page.body.contains("data-sign-in>Choose organizations again<"), "{}", page.body);
    assert_eq!(taken.load(std::sync::atomic::Ordering::Relaxed), 0);
}
