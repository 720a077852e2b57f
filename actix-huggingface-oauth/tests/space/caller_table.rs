//! Every kind of `Authorization` header, at every kind of handler and gate, with a session and without.

use actix_huggingface_oauth::{Gate, Role, require_login, require_membership, require_space_owner};
use reqwest::Method;
use serde_json::{Value, json};

use crate::helpers::calling::{SUB, claims, own_token, settings_at, start_behind, token_saying};
use crate::helpers::frame::{FORM, NAVIGATION};
use crate::helpers::{Browser, Endpoint, FakeHub, Fault, Page, user};

const ANYTHING: (&str, &str) = ("accept", "*/*");
const PAGE: (&str, &str) = ("accept", "text/html");

/// Of another user than the one who is signed in.
const PROGRAM: &str = "65a1f0c0e4b0d3a2b1c0000f";

/// What a request sends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Sent {
    /// No bearer token.
    Nothing,
    Accepted,
    Refused,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Behind {
    NoGate,
    Gate,
    GateOrBearer,
}

impl Behind {
    const ALL: [Self; 3] = [Self::NoGate, Self::Gate, Self::GateOrBearer];

    fn gate(self) -> Gate {
        match self {
            Self::NoGate => Gate::default(),
            Self::Gate => require_login(),
            Self::GateOrBearer => require_login().or_bearer(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Answer {
    Nobody,
    SignedIn,
    Program,
    Stranger,
    InvalidToken,
}

/// What the gate says, and then the handler at this path.
fn answer(behind: Behind, path: &str, sent: Sent, signed_in: bool) -> Answer {
    let is_told = behind == Behind::GateOrBearer;
    match (behind, sent) {
        (Behind::GateOrBearer, Sent::Refused) => return Answer::InvalidToken,
        (Behind::GateOrBearer, Sent::Nothing) | (Behind::Gate, _) if !signed_in => {
            return Answer::Stranger;
        }
        _ => {}
    }
    let is_signed_in = signed_in && !(is_told && sent == Sent::Accepted);
    match path {
        "/oauth-info" | "/option" | "/who" if is_signed_in => Answer::SignedIn,
        "/oauth-info" => Answer::Stranger,
        "/option" | "/who" => Answer::Nobody,
        _ => match sent {
            Sent::Nothing if is_signed_in => Answer::SignedIn,
            Sent::Nothing => Answer::Stranger,
            Sent::Accepted if behind != Behind::Gate => Answer::Program,
            Sent::Accepted | Sent::Refused => Answer::InvalidToken,
        },
    }
}

fn check(page: &Page, answer: Answer, what: &str) {
    let served = |body: &str| {
        assert_eq!((page.status, &*page.body), (200, body), "{what}");
        assert_eq!(page.headers.get("www-authenticate"), None, "{what}");
    };
    match answer {
        Answer::Nobody => served("nobody"),
        Answer::SignedIn => served(SUB),
        Answer::Program => served(PROGRAM),
        Answer::Stranger => {
            assert_eq!((page.status, page.header("www-authenticate")), (401, "Bearer"), "{what}");
        }
        Answer::InvalidToken => page.assert_invalid_token(what),
    }
}

fn program() -> Value {
    let mut user = user();
    user["sub"] = json!(PROGRAM);
    user["preferred_username"] = json!("a-program");
    user
}

/// A token of this app, of another user than the one who is signed in.
fn token_of_program(hub: &FakeHub) -> String {
    let mut claims = claims();
    claims["sub"] = json!(PROGRAM);
    let token = token_saying(&claims);
    hub.accept_token(&token, program());
    token
}

#[actix_web::test]
async fn every_kind_of_header_at_every_handler_and_gate_with_and_without_a_session() {
    let hub = FakeHub::start(user());
    let token = token_of_program(&hub);
    let with = |text: &str| vec![text.replace("TOKEN", &token)];
    let kinds = [
        (Sent::Nothing, vec![]),
        (Sent::Nothing, with("Basic dXNlcjpwYXNzd29yZA==")),
        (Sent::Nothing, with("Basic TOKEN")),
        (Sent::Nothing, with("Basic dXNlcg==, Bearer TOKEN")),
        (Sent::Nothing, with("Digest username=\"x\"")),
        (Sent::Nothing, with("BearerTOKEN")),
        (Sent::Nothing, with("Bearer-Token TOKEN")),
        (Sent::Nothing, with("Token TOKEN")),
        (Sent::Nothing, with("TOKEN")),
        (Sent::Nothing, with("")),
        (Sent::Nothing, vec!["Basic eA==".to_owned(), "Digest x".to_owned()]),
        (Sent::Accepted, with("Bearer TOKEN")),
        (Sent::Accepted, with("bearer TOKEN")),
        (Sent::Accepted, with("BEARER    TOKEN ")),
        (Sent::Accepted, with("Bearer\tTOKEN")),
        (Sent::Refused, with("Bearer")),
        (Sent::Refused, with("bearer ")),
        (Sent::Refused, with("Bearer made-up")),
        (Sent::Refused, with("Bearer TOKENx")),
        (Sent::Refused, with("Bearer TOKEN TOKEN")),
        (Sent::Refused, with("Bearer TOKEN,")),
        (Sent::Refused, with("Bearer \"TOKEN\"")),
        (Sent::Refused, with("Bearer Bearer TOKEN")),
        (Sent::Refused, vec![format!("Bearer {}", "x".repeat(9_000))]),
        (Sent::Refused, vec![format!("Bearer {token}"), format!("Bearer {token}")]),
        (Sent::Refused, vec![format!("Bearer {token}"), "Basic eA==".to_owned()]),
        (Sent::Refused, vec!["Basic eA==".to_owned(), format!("Bearer {token}")]),
        (Sent::Refused, vec!["x".to_owned(), "y".to_owned(), format!("Bearer {token}")]),
    ];
    for behind in Behind::ALL {
        let space = start_behind(settings_at(&hub), move || behind.gate());
        let mut signed_in = space.browser();
        signed_in.sign_in(&hub).await;
        for (sent, header) in &kinds {
            let mut headers = vec![ANYTHING];
            headers.extend(header.iter().map(|value| ("authorization", value.as_str())));
            for (session, browser) in [(true, &mut signed_in), (false, &mut space.browser())] {
                for path in ["/oauth-info", "/option", "/who", "/caller/sub"] {
                    let before = browser.cookies.clone();
                    let page = browser.send(Method::GET, path, &headers).await;
                    let what = format!("{behind:?} {path} {header:?} {session}: {page:?}");
                    check(&page, answer(behind, path, *sent, session), &what);
                    assert_eq!(browser.cookies, before, "{what}");
                }
            }
        }
    }
}

#[actix_web::test]
async fn a_caller_that_is_optional_is_nobody_with_a_token_that_does_not_hold() {
    let hub = FakeHub::start(user());
    let space = start_behind(settings_at(&hub), Gate::default);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    assert_eq!(browser.get("/caller/option").await.body, SUB);
    assert_eq!(browser.call("/caller/option", "made-up").await.body, "nobody");
    assert_eq!(browser.call("/caller/option", &token_of_program(&hub)).await.body, PROGRAM);
    assert_eq!(space.browser().get("/caller/option").await.body, "nobody");
}

#[actix_web::test]
async fn a_token_that_is_refused_is_answered_the_same_wherever_it_is_sent() {
    let hub = FakeHub::start(user());
    let space = start_behind(settings_at(&hub), || require_login().or_bearer());
    let mut browser = space.browser();
    let origin = browser.origin();
    for (method, path, headers) in [
        (Method::GET, "/", vec![ANYTHING]),
        (Method::GET, "/", vec![PAGE]),
        (Method::GET, "/", vec![NAVIGATION]),
        (Method::GET, "/nowhere", vec![ANYTHING]),
        (Method::GET, "/caller", vec![PAGE]),
        (Method::POST, "/caller", vec![ANYTHING]),
        (Method::POST, "/caller", vec![NAVIGATION, FORM, ("origin", &*origin)]),
        (Method::DELETE, "/caller", vec![ANYTHING]),
    ] {
        let headers = [&headers[..], &[("authorization", "Bearer made-up")]].concat();
        let page = browser.send(method.clone(), path, &headers).await;
        page.assert_invalid_token(&format!("{method} {path} {headers:?}"));
        assert_eq!(page.header("cache-control"), "no-store");
    }
    let space = start_behind(settings_at(&hub), Gate::default);
    let headers = [PAGE, ("authorization", "Bearer made-up")];
    let page = space.browser().send(Method::GET, "/caller", &headers).await;
    page.assert_invalid_token("a handler that is asked for a page");
}

#[actix_web::test]
async fn a_gate_of_members_and_one_of_the_owner_ask_who_calls() {
    let hub = FakeHub::start(user());
    let acme = |role: Value, restrictions: Value| {
        json!([{
            "sub": "65a1f0c0e4b0d3a2b1c00001", "preferred_username": "Acme",
            "roleInOrg": role, "securityRestrictions": restrictions,
        }])
    };
    let members = || require_membership(["acme"], Some(Role::Write)).or_bearer();
    let owner = || require_space_owner().or_bearer();
    for (orgs, status) in [
        (acme(json!("write"), json!([])), 200),
        (acme(json!("read"), json!([])), 403),
        (acme(json!("custom"), json!([])), 403),
        (acme(json!(null), json!([])), 403),
        (acme(json!("admin"), json!(["sso"])), 403),
        (json!([]), 403),
        (json!(null), 403),
    ] {
        let mut claims = claims();
        claims["for"] = orgs.clone();
        let token = token_saying(&claims);
        let mut user = user();
        user["orgs"] = orgs.clone();
        hub.accept_token(&token, user);
        let gates: [fn() -> Gate; 2] = [members, owner];
        for gate in gates {
            let space = start_behind(settings_at(&hub).space_owner("acme"), gate);
            let page = space.browser().call("/caller", &token).await;
            assert_eq!(page.status, status, "{orgs}: {page:?}");
        }
    }
    let token = own_token(&hub);
    let space = start_behind(settings_at(&hub).space_owner("Hub.JS"), owner);
    assert_eq!(space.browser().call("/caller", &token).await.status, 200, "the owner's own");
    let space = start_behind(settings_at(&hub), owner);
    assert_eq!(space.browser().call("/caller", &token).await.status, 403, "nobody is the owner");
    hub.fail(Endpoint::UserInfo, Fault::Status(500));
    let space = start_behind(settings_at(&hub).space_owner("acme"), owner);
    let page = space.browser().call("/", &token).await;
    assert_eq!((page.status, page.header("retry-after")), (503, "30"), "{page:?}");
}

#[actix_web::test]
async fn a_session_does_not_lend_its_rights_to_a_token() {
    let hub = FakeHub::start(user());
    let gate = || require_membership(["acme"], None).or_bearer();
    let space = start_behind(settings_at(&hub), gate);
    let mut member: Browser = space.browser();
    member.sign_in(&hub).await;
    assert_eq!(member.get("/caller").await.status, 200);
    let mut claims = claims();
    claims["sub"] = json!(PROGRAM);
    let token = token_saying(&claims);
    let mut stranger = program();
    stranger["orgs"] = json!([]);
    hub.accept_token(&token, stranger);
    for path in ["/caller", "/oauth-info"] {
        assert_eq!(member.call(path, &token).await.status, 403, "{path}");
    }
}

#[actix_web::test]
async fn an_open_resource_of_a_gate_takes_callers_as_without_it() {
    let hub = FakeHub::start(user());
    let token = token_of_program(&hub);
    let space = start_behind(settings_at(&hub), || require_login().open(["/caller/sub"]));
    assert_eq!(space.browser().call("/caller/sub", &token).await.body, PROGRAM);
    space.browser().call("/caller/sub", "made-up").await.assert_invalid_token("made up");
}

#[actix_web::test]
async fn where_a_gate_finds_out_too_late_what_was_served_no_token_counts() {
    let hub = FakeHub::start(user());
    let token = token_of_program(&hub);
    let gates: [fn() -> Gate; 2] = [require_login, || require_login().or_bearer()];
    for gate in gates {
        let gate = move || gate().open(["/late/{any}"]);
        let space = start_behind(settings_at(&hub), gate);
        let mut browser = space.browser();
        assert_eq!(browser.get_json("/late/sub").await.status, 401);
        browser.call("/late/sub", &token).await.assert_invalid_token("a token alone");
        browser.sign_in(&hub).await;
        assert_eq!(browser.get("/late/sub").await.body, SUB);
        browser.call("/late/sub", &token).await.assert_invalid_token("a token and a session");
    }
}

#[actix_web::test]
async fn a_token_opens_nothing_to_pages_of_other_sites() {
    let hub = FakeHub::start(user());
    let token = format!("Bearer {}", token_of_program(&hub));
    let script = [
        ("origin", "https://other.example.org"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-mode", "cors"),
        ("authorization", &*token),
        ANYTHING,
    ];
    let space = start_behind(settings_at(&hub), Gate::default);
    for path in ["/caller", "/api/caller"] {
        let page = space.browser().send(Method::POST, path, &script).await;
        assert_eq!(page.status, 403, "{path}");
        assert!(page.body.contains("page of this app"), "{path}");
    }
    assert_eq!(hub.requests(Endpoint::UserInfo), 0);

    let opened = settings_at(&hub).open_to_other_sites(["/api/"]);
    let space = start_behind(opened, || require_login().or_bearer());
    let page = space.browser().send(Method::POST, "/caller", &script).await;
    assert_eq!(page.status, 403, "it is not opened");
    let page = space.browser().send(Method::POST, "/api/caller", &script).await;
    assert_eq!(page.json()["user_info"]["sub"], PROGRAM);
    assert_eq!(page.headers.get("set-cookie"), None);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    let page = browser.send(Method::POST, "/api/caller", &script).await;
    assert_eq!(page.status, 403, "with a cookie of ours");
    let without = [script[0], script[1], script[2], ANYTHING];
    let page = space.browser().send(Method::POST, "/api/caller", &without).await;
    assert_eq!((page.status, page.header("www-authenticate")), (401, "Bearer"));
}
