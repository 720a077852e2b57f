//! Sign-in in an app of another kind: under a prefix, with handlers of its own.

use std::net::TcpListener;

use actix_session::Session;
use actix_web::{App, HttpRequest, HttpServer, Responder, get, web};
use app::huggingface::{
    HuggingFaceOAuth, Limits, MembershipError, OAuthClient, OAuthInfo, OAuthSettings, Origins,
    Role, SessionStorage, SignIn, attach_huggingface_oauth, parse_huggingface_oauth,
};
use oauth2::ClientId;
use serde_json::json;

use crate::helpers::{Browser, Endpoint, FakeHub, Fault, user};

#[get("/")]
async fn greet_json(oauth_info: Option<OAuthInfo>) -> impl Responder {
    let Some(oauth_info) = oauth_info else {
        return web::Json(json!({"msg": "Not logged in!"}));
    };
    let username = oauth_info.user_info.preferred_username.unwrap_or_default();
    web::Json(json!({"msg": format!("Hello, {username}!")}))
}

#[get("/by-hand")]
async fn by_hand(request: HttpRequest) -> impl Responder {
    match parse_huggingface_oauth(&request).await {
        Some(info) => info.user_info.sub,
        None => "nobody".to_owned(),
    }
}

#[get("/token")]
async fn token(info: OAuthInfo) -> impl Responder {
    format!("{} {}", info.access_token.secret(), info.state.unwrap().secret())
}

#[get("/members/{organization}")]
async fn members(
    info: OAuthInfo,
    organization: web::Path<String>,
) -> Result<impl Responder, MembershipError> {
    let org = info.user_info.member_of(&organization, Some(Role::Write))?;
    Ok(org.display_name().to_owned())
}

/// Keeps something of the app's own in the session.
#[get("/note/{length}")]
async fn note(session: Session, length: web::Path<usize>) -> impl Responder {
    session.insert("note", "x".repeat(*length)).unwrap();
    "kept"
}

/// An app that signs in under this prefix, and the browser of its visitor.
fn start(hub: &FakeHub, route_prefix: &str, limits: Limits) -> Browser {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let settings = OAuthSettings {
        sign_in: SignIn::HuggingFace(OAuthClient {
            client_id: ClientId::new("client-id".to_owned()),
            client_secret: None,
            scopes: "openid profile".to_owned(),
            provider_url: hub.url.clone(),
        }),
        origins: Origins::Loopback,
        address,
        route_prefix: route_prefix.to_owned(),
        session_secret: None,
        session_storage: SessionStorage::default(),
        app_title: "Any app".to_owned(),
        stylesheet: None,
        limits,
    };
    let oauth = web::Data::new(HuggingFaceOAuth::new(settings).unwrap());
    let server = HttpServer::new(move || {
        let app = App::new().service(greet_json).service(by_hand).service(token).service(members);
        attach_huggingface_oauth(app.service(note), oauth.clone())
    });
    actix_web::rt::spawn(server.workers(1).listen(listener).unwrap().run());
    Browser::at(&format!("http://{address}"), &format!("localhost:{}", address.port()))
}

/// Signs in under a prefix.
async fn sign_in(browser: &mut Browser, hub: &FakeHub, prefix: &str) {
    hub.make_public(&format!("{}{prefix}/oauth/huggingface/callback", browser.origin()));
    let callback = browser.consent(hub, &format!("{prefix}/oauth/huggingface/login")).await;
    assert_eq!(browser.get(&callback).await.location(), "/");
}

#[actix_web::test]
async fn slashes_at_the_ends_of_the_prefix_do_not_matter() {
    for (given, prefix) in [
        ("", ""),
        ("/", ""),
        ("auth", "/auth"),
        ("/auth", "/auth"),
        ("auth/", "/auth"),
        ("//a/b//", "/a/b"),
    ] {
        let hub = FakeHub::start(user());
        let mut browser = start(&hub, given, Limits::default());
        assert_eq!(browser.get("/").await.json(), json!({"msg": "Not logged in!"}));
        sign_in(&mut browser, &hub, prefix).await;
        assert_eq!(browser.get("/").await.json(), json!({"msg": "Hello, hub.js!"}));
        browser.get(&format!("{prefix}/oauth/huggingface/logout")).await;
        assert_eq!(browser.get("/").await.json(), json!({"msg": "Not logged in!"}), "{given}");
    }
}

#[actix_web::test]
async fn a_handler_may_ask_by_hand() {
    let hub = FakeHub::start(user());
    let mut browser = start(&hub, "", Limits::default());
    assert_eq!(browser.get("/by-hand").await.body, "nobody");
    sign_in(&mut browser, &hub, "").await;
    assert_eq!(browser.get("/by-hand").await.body, "62f264b9f3c90f4b6514a269");
}

#[actix_web::test]
async fn an_app_may_keep_in_the_session_what_fits_and_is_told_what_does_not() {
    let hub = FakeHub::start(user());
    let mut browser = start(&hub, "", Limits::default());
    sign_in(&mut browser, &hub, "").await;
    assert_eq!(browser.get("/note/100").await.body, "kept");
    assert_eq!(browser.get("/by-hand").await.body, "62f264b9f3c90f4b6514a269");

    for length in [3_000, 5_000] {
        let page = browser.get(&format!("/note/{length}")).await;
        assert_eq!((page.status, page.set_cookie("session")), (500, None), "{length}");
        assert!(page.json()["error"].as_str().unwrap().contains("cannot keep your session"));
        assert_eq!(browser.get("/by-hand").await.body, "62f264b9f3c90f4b6514a269");
    }
}

#[actix_web::test]
async fn a_handler_has_token_and_state() {
    let hub = FakeHub::start(user());
    hub.set_token_field("access_token", json!("the-token"));
    let mut browser = start(&hub, "", Limits::default());
    hub.make_public(&format!("{}/oauth/huggingface/callback", browser.origin()));
    let callback = browser.consent(&hub, "/oauth/huggingface/login").await;
    let (_, state) = callback.split_once("&state=").unwrap();
    browser.get(&callback).await;
    assert_eq!(browser.get("/token").await.body, format!("the-token {state}"));
}

#[actix_web::test]
async fn without_the_apps_error_pages_a_stranger_gets_json() {
    let hub = FakeHub::start(user());
    let page = start(&hub, "", Limits::default()).get("/token").await;
    assert_eq!(page.status, 401);
    assert_eq!(page.json(), json!({"error": "Please sign in with Hugging Face."}));
}

#[actix_web::test]
async fn members_are_let_in_and_others_learn_why_not() {
    let mut member = user();
    member["orgs"][1]["roleInOrg"] = json!("admin");
    member["orgs"].as_array_mut().unwrap().push(json!({
        "sub": "org-3", "preferred_username": "readers", "roleInOrg": "read", "securityRestrictions": [],
    }));
    let hub = FakeHub::start(member);
    let mut browser = start(&hub, "", Limits::default());
    assert_eq!(browser.get("/members/acme").await.status, 401);
    sign_in(&mut browser, &hub, "").await;
    for organization in ["acme", "org-1"] {
        assert_eq!(browser.get(&format!("/members/{organization}")).await.body, "Acme Corporation");
    }
    for (organization, reason) in [
        ("elsewhere", "members of the organization elsewhere"),
        ("readers", "at least the role write"),
        ("old-guard", "more security first: sso"),
    ] {
        let page = browser.get(&format!("/members/{organization}")).await;
        assert_eq!(page.status, 403);
        assert!(page.json()["error"].as_str().unwrap().contains(reason), "{}", page.body);
    }
}

#[actix_web::test]
async fn while_the_hub_is_down_nobody_is_a_member() {
    let hub = FakeHub::start(user());
    let limits = Limits { orgs_fresh: std::time::Duration::ZERO, ..Limits::default() };
    let mut browser = start(&hub, "", limits);
    sign_in(&mut browser, &hub, "").await;
    hub.fail(Endpoint::UserInfo, Fault::Status(500));
    let page = browser.get("/members/acme").await;
    assert_eq!(page.status, 503);
    assert!(page.json()["error"].as_str().unwrap().contains("does not tell"), "{}", page.body);
}
