//! Sign-in in the frame on huggingface.co: the hand-off from a tab, and the attacks on it.

use reqwest::Method;
use serde_json::json;

use crate::helpers::frame::{CLAIM, Frame, LOGIN, NAVIGATION, post_login, sign_in_tab, value_of};
use crate::helpers::{FakeHub, Space, user};

#[actix_web::test]
async fn the_frame_is_signed_in_after_its_tab() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut frame = Frame::of(&space);
    let mut tab = space.browser();
    let challenge = frame.challenge("/profile?q=1").await;
    assert_eq!(frame.claim().await.status, 202);

    let page = sign_in_tab(&mut tab, &hub, &challenge, "/profile?q=1").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("You are signed in") && page.body.contains("close this tab"));
    assert!(page.body.contains("href=\"/profile?q=1\""), "{}", page.body);
    assert!(tab.me().await.is_some(), "the tab is signed in");
    assert!(!frame.is_signed_in().await, "the frame has to claim first");

    let claimed = frame.claim().await;
    assert_eq!((claimed.status, claimed.json()), (200, json!({"signed_in": true})));
    let [removal, cookie] = claimed.set_cookies("__Host-hf-auth").try_into().unwrap();
    assert!(removal.ends_with("; Max-Age=0; Secure; SameSite=Lax"), "{removal}");
    assert!(cookie.ends_with("; Secure; SameSite=None; Partitioned"), "{cookie}");
    assert!(cookie.contains("Max-Age="), "{cookie}");
    assert!(claimed.set_cookie("__Host-hf-handoff").unwrap().contains("Max-Age=0"));
    assert!(frame.is_signed_in().await);
    assert_eq!(frame.open("/").await.set_cookie("__Host-hf-handoff"), None, "nothing waits");
    assert_eq!(
        frame.browser.me().await.unwrap()["user_info"]["orgs"][0]["name"],
        "Acme Corporation"
    );
}

#[actix_web::test]
async fn without_a_script_a_button_claims() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut frame = Frame::of(&space);
    let page = frame.open("/").await.body;
    let (_, without_script) = page.split_once("<noscript>").unwrap();
    assert!(without_script.contains("action=\"/oauth/huggingface/claim\""), "{page}");
    let challenge = frame.challenge("/").await;

    let early = frame.continue_without_script("/profile?q=1").await;
    assert_eq!(early.status, 200);
    assert!(early.body.contains("Not signed in yet"), "{}", early.body);
    assert!(early.body.contains("href=\"/profile?q=1\""), "{}", early.body);

    sign_in_tab(&mut space.browser(), &hub, &challenge, "/").await;
    let claimed = frame.continue_without_script("/profile?q=1").await;
    assert_eq!(claimed.location(), "/profile?q=1");
    assert!(frame.is_signed_in().await);
}

#[actix_web::test]
async fn the_login_control_is_a_form_in_frames_and_a_link_elsewhere() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    for path in ["/", "/profile", LOGIN] {
        let framed = Frame::of(&space).open(path).await;
        assert!(framed.body.contains("data-claim="), "{path}: {}", framed.body);
        assert!(framed.body.contains("Sign in with Hugging Face"), "{path}");
        let cookie = framed.set_cookie("__Host-hf-handoff").unwrap();
        assert!(
            cookie.ends_with("; Path=/; HttpOnly; Secure; SameSite=None; Partitioned"),
            "{cookie}"
        );
        let challenge = value_of(&framed.body, "challenge");
        assert!(!cookie.contains(&challenge), "the verifier is not the challenge");
    }
    let page = space.browser().get("/").await;
    assert!(
        !page.body.contains("data-claim=") && page.body.contains("data-sign-in>"),
        "{}",
        page.body
    );
    assert_eq!(page.set_cookie("__Host-hf-handoff"), None);
}

#[actix_web::test]
async fn a_frame_keeps_its_challenge_while_it_waits() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut frame = Frame::of(&space);
    let challenge = frame.challenge("/").await;
    assert_eq!(frame.challenge("/profile").await, challenge);
    assert_ne!(Frame::of(&space).challenge("/").await, challenge);
    frame.browser.cookies.insert("__Host-hf-handoff".to_owned(), "nonsense".to_owned());
    assert_ne!(frame.challenge("/").await, challenge);
}

#[actix_web::test]
async fn each_login_control_of_a_page_signs_the_frame_in() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    for control in [1, 2] {
        let mut frame = Frame::of(&space);
        let page = frame.open("/profile").await.body;
        let forms: Vec<&str> = page.split("<form").filter(|it| it.contains("challenge")).collect();
        assert_eq!(forms.len(), 2, "{page}");
        let challenge = value_of(forms[control - 1], "challenge");
        sign_in_tab(&mut space.browser(), &hub, &challenge, "/").await;
        assert_eq!(frame.claim().await.status, 200, "control {control}");
    }
}

#[actix_web::test]
async fn a_frame_without_cookies_is_told_so() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut frame = Frame::of(&space);
    let answer = frame.claim().await;
    assert_eq!(answer.status, 400);
    assert!(answer.json()["error"].as_str().unwrap().contains("no cookies in frames"));
    let page = frame.continue_without_script("/profile").await;
    assert_eq!(page.status, 400);
    assert!(page.body.contains("href=\"/profile\" target=\"_blank\""), "{}", page.body);
}

#[actix_web::test]
async fn a_logout_ends_the_login_in_tab_and_iframe() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    for by_frame in [true, false] {
        let mut frame = Frame::of(&space);
        let mut tab = space.browser();
        let challenge = frame.challenge("/").await;
        sign_in_tab(&mut tab, &hub, &challenge, "/").await;
        frame.claim().await;
        assert!(frame.is_signed_in().await && tab.me().await.is_some());
        if by_frame {
            frame.click("/oauth/huggingface/logout").await;
        } else {
            tab.get("/oauth/huggingface/logout").await;
        }
        assert!(!frame.is_signed_in().await);
        assert_eq!(tab.me().await, None);
    }
}

#[actix_web::test]
async fn a_logout_ends_a_handoff_that_nobody_has_redeemed() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut frame = Frame::of(&space);
    let mut tab = space.browser();
    let challenge = frame.challenge("/").await;
    sign_in_tab(&mut tab, &hub, &challenge, "/").await;
    tab.get("/oauth/huggingface/logout").await;
    assert_eq!(frame.claim().await.status, 202);
    assert!(!frame.is_signed_in().await);

    sign_in_tab(&mut tab, &hub, &challenge, "/").await;
    assert_eq!(frame.claim().await.status, 200);
    assert!(frame.is_signed_in().await);
}

#[actix_web::test]
async fn one_who_says_no_in_the_tab_leaves_the_frame_waiting() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut frame = Frame::of(&space);
    let mut tab = space.browser();
    let challenge = frame.challenge("/").await;
    let origin = tab.origin();
    let login = post_login(&mut tab, Some(&origin), &challenge, "/").await;
    let back = hub.authorize(login.location()).await;
    let (_, state) = back.split_once("&state=").unwrap();
    let denied = format!("/oauth/huggingface/callback?error=access_denied&state={state}");
    assert_eq!(tab.get(&denied).await.status, 403);
    assert_eq!(frame.claim().await.status, 202);

    sign_in_tab(&mut tab, &hub, &challenge, "/").await;
    assert_eq!(frame.claim().await.status, 200);
}

#[actix_web::test]
async fn attack_the_same_claim_again() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut frame = Frame::of(&space);
    let challenge = frame.challenge("/").await;
    let verifier = frame.browser.cookie("__Host-hf-handoff").unwrap().clone();
    sign_in_tab(&mut space.browser(), &hub, &challenge, "/").await;
    assert_eq!(frame.claim().await.status, 200);

    let mut again = Frame::of(&space);
    again.browser.cookies.insert("__Host-hf-handoff".to_owned(), verifier);
    assert_eq!(again.claim().await.status, 202);
    assert!(!again.is_signed_in().await);
}

#[actix_web::test]
async fn attack_a_challenge_in_a_link() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut attacker = Frame::of(&space);
    let challenge = attacker.challenge("/").await;
    let mut victim = space.browser();
    let login = format!("{LOGIN}?challenge={challenge}&_target_url=/");
    let callback = victim.consent(&hub, &login).await;
    assert_eq!(victim.get(&callback).await.location(), "/");
    assert_eq!(attacker.claim().await.status, 202);
}

#[actix_web::test]
async fn attack_a_url_of_the_hub_that_the_attacker_made() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut attacker = Frame::of(&space);
    let challenge = attacker.challenge("/").await;
    let origin = attacker.browser.origin();
    let mut own_tab = space.browser();
    let login = post_login(&mut own_tab, Some(&origin), &challenge, "/").await;
    // The victim follows the attacker's URL to the Hub, and comes back without the binding cookie.
    let mut victim = space.browser();
    let back = hub.authorize(login.location()).await;
    let callback = victim.path_of(&back);
    assert_eq!(victim.get(&callback).await.status, 400);
    assert_eq!(attacker.claim().await.status, 202);
}

#[actix_web::test]
async fn attack_login_csrf_with_the_attackers_callback() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut victim = Frame::of(&space);
    let challenge = victim.challenge("/").await;
    let mut victims_tab = space.browser();
    let origin = victims_tab.origin();
    post_login(&mut victims_tab, Some(&origin), &challenge, "/").await;
    let callback = space.browser().consent(&hub, LOGIN).await;
    assert_eq!(victims_tab.get(&callback).await.status, 400);
    assert_eq!(victim.claim().await.status, 202);
}

#[actix_web::test]
async fn attack_the_form_posted_from_elsewhere() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let challenge = Frame::of(&space).challenge("/").await;
    for origin in [
        None,
        Some("null"),
        Some("https://evil.test"),
        Some("https://other-space.hf.space"),
        Some("https://huggingface.co"),
        Some("http://me-app.hf.space"),
    ] {
        let mut tab = space.browser();
        assert_eq!(
            post_login(&mut tab, origin, &challenge, "/x").await.location(),
            "/",
            "{origin:?}"
        );
        assert!(tab.cookies.is_empty(), "{origin:?} began a sign-in");
    }
    let mut tab = space.browser();
    let ours = tab.origin();
    for challenge in ["", "short", &"!".repeat(43), &"a".repeat(44)] {
        assert_eq!(post_login(&mut tab, Some(&ours), challenge, "/x").await.location(), "/");
        assert!(tab.cookies.is_empty(), "{challenge} began a sign-in");
    }
}

#[actix_web::test]
async fn attack_another_space_claims_or_opens_a_websocket_with_our_cookies() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut frame = Frame::of(&space);
    let challenge = frame.challenge("/").await;
    sign_in_tab(&mut space.browser(), &hub, &challenge, "/").await;
    for origin in [Some("https://other-space.hf.space"), Some("null"), None] {
        let headers: Vec<_> = origin.map(|origin| ("origin", origin)).into_iter().collect();
        assert_eq!(frame.browser.send(Method::POST, CLAIM, &headers).await.status, 403);
        let navigation: Vec<_> = headers.iter().copied().chain([NAVIGATION]).collect();
        assert_eq!(frame.browser.send(Method::POST, CLAIM, &navigation).await.location(), "/");
        let websocket: Vec<_> = headers
            .into_iter()
            .chain([("upgrade", "websocket"), ("connection", "upgrade")])
            .collect();
        assert_eq!(frame.browser.send(Method::GET, "/", &websocket).await.status, 403);
    }
    assert!(!frame.is_signed_in().await);
    assert_eq!(frame.claim().await.status, 200, "the attacks did not use it up");
}

#[actix_web::test]
async fn attack_another_space_frames_us() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let csp = Frame::of(&space).open(LOGIN).await;
    let csp = csp.header("content-security-policy");
    assert!(
        csp.contains(&format!("frame-ancestors 'self' {};", hub.url)) && !csp.contains("hf.space"),
        "{csp}"
    );
}

#[actix_web::test]
async fn the_script_is_our_own_and_fits_the_policy() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let page = Frame::of(&space).open(LOGIN).await;
    let (before, form) = page.body.split_once("</script>\n<form class=\"login\"").unwrap();
    assert!(form.contains("data-claim="), "a click could come before the script: {}", page.body);
    let (_, script) = before.split_once("<script src=\"").unwrap();
    let script = script.strip_suffix("\">").unwrap();
    assert_eq!(page.body.matches("<script").count(), 1);
    assert!(page.header("content-security-policy").contains("script-src 'self';"));

    let file = space.browser().get(script).await;
    assert_eq!(file.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
    assert!(file.body.contains("location.reload()"));
    let wrong = script.replace("/oauth/huggingface/", "/oauth/huggingface/0");
    assert_eq!(space.browser().get(&wrong).await.status, 404);
}

#[actix_web::test]
async fn the_hubs_credential_never_reaches_the_form() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let page = Frame::of(&space).open("/profile?__sign=secret&tab=1").await.body;
    assert_eq!(value_of(&page, "_target_url"), "/profile?tab=1");
    assert!(!page.contains("secret"), "{page}");
}
