//! Gates: who is let in, and what the others see.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::Ordering;
use std::time::Duration;

use actix_huggingface_oauth::{
    Audience, Gate, HuggingFaceOAuth, Limits, OAuthSettings, Role, SignIn,
    attach_huggingface_oauth, require_login, require_membership, require_space_owner,
};
use actix_web::App;
use actix_web::web::{self, resource};
use reqwest::Method;
use serde_json::{Value, json};

use crate::helpers::frame::{FORM, FRAME, NAVIGATION};
use crate::helpers::gated::{self, SECRET};
use crate::helpers::{
    Browser, Endpoint, FakeHub, Fault, HOST, Page, Program, Space, server, settings, space_vars,
    until, user,
};

const JSON: (&str, &str) = ("accept", "application/json");
const ANYTHING: (&str, &str) = ("accept", "*/*");
const SCRIPT: (&str, &str) = ("sec-fetch-mode", "cors");

/// Who comes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Who {
    Stranger,
    SignedIn,
    Reader,
    Writer,
    CustomRole,
    NoRole,
    Restricted,
    /// The Hub does not tell the organizations.
    NotTold,
    /// The Hub does not answer.
    Unknown,
    /// The Hub says that the token has ended.
    Ended,
}

impl Who {
    const ALL: [Self; 10] = [
        Self::Stranger,
        Self::SignedIn,
        Self::Reader,
        Self::Writer,
        Self::CustomRole,
        Self::NoRole,
        Self::Restricted,
        Self::NotTold,
        Self::Unknown,
        Self::Ended,
    ];

    fn user(self) -> Value {
        let mut user = user();
        let acme = |role: Value, restrictions: Value| {
            json!([{
                "sub": "65a1f0c0e4b0d3a2b1c00001", "preferred_username": "Acme", "name": "Acme",
                "roleInOrg": role, "securityRestrictions": restrictions,
            }])
        };
        user["orgs"] = match self {
            Self::Reader => acme(json!("read"), json!([])),
            Self::Writer | Self::Unknown => acme(json!("write"), json!([])),
            Self::CustomRole => acme(json!("owner"), json!([])),
            Self::NoRole => acme(json!(null), json!([])),
            Self::Restricted => acme(json!("admin"), json!(["sso"])),
            Self::NotTold => json!(null),
            Self::Stranger | Self::SignedIn | Self::Ended => json!([]),
        };
        user
    }
}

/// What a gate does.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Verdict {
    LetIn,
    Stranger,
    /// With this in its text.
    Forbidden(&'static str),
    Unknown,
}

/// The gates, each with whom it lets in.
type GateOf = (&'static str, MakeGate, fn(Who) -> Verdict);

type MakeGate = fn() -> Gate;

const NOT_A_MEMBER: Verdict =
    Verdict::Forbidden("You are not a member of acme, or this app does not see that you are.");

fn of_members(who: Who) -> Verdict {
    match who {
        Who::Stranger | Who::Ended => Verdict::Stranger,
        Who::Writer => Verdict::LetIn,
        Who::SignedIn | Who::NotTold => NOT_A_MEMBER,
        Who::Reader | Who::CustomRole => Verdict::Forbidden("at least the role write"),
        Who::NoRole => Verdict::Forbidden("is not told which role you have"),
        Who::Restricted => Verdict::Forbidden("more security first: sso"),
        Who::Unknown => Verdict::Unknown,
    }
}

const GATES: [GateOf; 4] = [
    ("login", require_login, |who| match who {
        Who::Stranger => Verdict::Stranger,
        // Nobody has asked the Hub yet.
        _ => Verdict::LetIn,
    }),
    ("members", || require_membership(["acme"], Some(Role::Write)), of_members),
    (
        "any member",
        || require_membership(["elsewhere", "acme"], None),
        |who| match who {
            Who::Stranger | Who::Ended => Verdict::Stranger,
            Who::SignedIn | Who::NotTold => {
                Verdict::Forbidden("not a member of elsewhere or acme, or")
            }
            Who::Restricted => Verdict::Forbidden("more security first: sso"),
            Who::Unknown => Verdict::Unknown,
            _ => Verdict::LetIn,
        },
    ),
    ("owner", require_space_owner, of_members),
];

/// A kind of request: method, path, headers; and what is answered to those who are let in.
type Kind = (&'static str, Method, &'static str, &'static [(&'static str, &'static str)], u16);

const PAGE: &[(&str, &str)] = &[NAVIGATION, ("sec-fetch-dest", "document")];
const WEB_SOCKET: &[(&str, &str)] = &[
    ("origin", "https://me-app.hf.space"),
    ("upgrade", "websocket"),
    ("connection", "upgrade"),
    ("sec-fetch-mode", "websocket"),
];

fn kinds() -> Vec<Kind> {
    vec![
        ("page", Method::GET, "/profile?a=1", PAGE, 200),
        ("page of an old browser", Method::GET, "/profile?a=1", &[], 200),
        ("page in a frame", Method::GET, "/profile?a=1", &[NAVIGATION, FRAME], 200),
        ("HEAD of a page", Method::HEAD, "/profile?a=1", &[], 200),
        ("a program", Method::GET, "/profile?a=1", &[ANYTHING], 200),
        ("a program for JSON", Method::GET, "/profile?a=1", &[JSON], 200),
        ("a script", Method::GET, "/profile?a=1", &[SCRIPT], 200),
        ("a script that takes pages", Method::GET, "/profile?a=1", &[SCRIPT], 200),
        (
            "a form",
            Method::POST,
            "/profile?a=1",
            &[NAVIGATION, FORM, ("origin", "https://me-app.hf.space")],
            200,
        ),
        (
            "a form of a script",
            Method::POST,
            "/profile?a=1",
            &[SCRIPT, FORM, ("origin", "https://me-app.hf.space")],
            200,
        ),
        (
            "another method",
            Method::DELETE,
            "/profile?a=1",
            &[SCRIPT, ("origin", "https://me-app.hf.space")],
            405,
        ),
        ("OPTIONS", Method::OPTIONS, "/profile?a=1", &[], 405),
        ("a WebSocket", Method::GET, "/profile?a=1", WEB_SOCKET, 200),
        ("nothing there", Method::GET, "/nowhere?a=1", PAGE, 404),
        ("nothing there for a program", Method::GET, "/nowhere?a=1", &[JSON], 404),
        ("/", Method::GET, "/", PAGE, 200),
        ("/ of whom the Hub sends", Method::GET, "/", &[ANYTHING], 200),
        ("/ without Accept", Method::GET, "/", &[("accept", "")], 200),
        ("/ of a script", Method::GET, "/?a=1", &[SCRIPT, ANYTHING], 200),
        ("/ of JSON or anything", Method::GET, "/", &[("accept", "application/json, */*")], 200),
        ("HEAD of /", Method::HEAD, "/", &[ANYTHING], 200),
        ("/ for JSON alone", Method::GET, "/", &[JSON], 200),
        ("HEAD of / for JSON alone", Method::HEAD, "/", &[JSON], 200),
    ]
}

fn is_page(kind: &Kind) -> bool {
    let (_, method, path, headers, _) = kind;
    let accepts_page =
        !headers.iter().any(|(name, value)| *name == "accept" && !value.contains("html"));
    let mode = headers.iter().find(|(name, _)| *name == "sec-fetch-mode");
    if matches!(*method, Method::GET | Method::HEAD) && path.split('?').next() == Some("/") {
        return !headers.contains(&JSON);
    }
    mode.map_or(accepts_page, |mode| *mode == NAVIGATION)
}

fn owned_by_acme(hub: &FakeHub) -> OAuthSettings {
    settings(&space_vars(&hub.url)).unwrap().space_owner("acme")
}

/// Somebody's browser, signed in or not.
async fn browser_of(who: Who, space: &Space, hub: &FakeHub) -> Browser {
    let mut browser = space.browser();
    if who != Who::Stranger {
        browser.sign_in(hub).await;
    }
    match who {
        Who::Unknown => hub.fail(Endpoint::UserInfo, Fault::Status(500)),
        Who::Ended => hub.revoke_tokens(),
        _ => {}
    }
    browser
}

#[actix_web::test]
async fn every_kind_of_request_at_every_gate_by_everybody() {
    for (name, gate, verdict) in GATES {
        for who in Who::ALL {
            let hub = FakeHub::start(who.user());
            // What came with the sign-in is not believed, so that each request asks.
            let mut limits = Limits::default();
            limits.orgs_fresh = Duration::ZERO;
            limits.orgs_retry = Duration::ZERO;
            let (space, _) = gated::start(owned_by_acme(&hub).limits(limits), gate);
            let signed_in = browser_of(who, &space, &hub).await;
            for kind in kinds() {
                let (title, method, path, headers, let_in) = kind.clone();
                // Some answers end the sign-in: each request is the first.
                let mut browser = signed_in.clone();
                let page = browser.send(method.clone(), path, headers).await;
                let what = format!("{title}, {name}, {who:?}: {page:?}");
                check(verdict(who), &kind, &page, let_in, &what);
            }
        }
    }
}

fn check(verdict: Verdict, kind: &Kind, page: &Page, let_in: u16, what: &str) {
    let (_, method, path, headers, _) = kind;
    let is_page = is_page(kind);
    let refused = |status: u16, text: &str| {
        assert_eq!(page.status, status, "{what}");
        assert_eq!(page.header("cache-control"), "no-store", "{what}");
        assert!(!page.body.contains(SECRET), "{what}");
        if *method == Method::HEAD {
            return;
        }
        if is_page {
            assert!(page.header("content-type").starts_with("text/html"), "{what}");
            assert!(page.body.contains(text) && page.body.contains("My Space"), "{what}");
        } else {
            assert!(page.json()["error"].as_str().unwrap().contains(text), "{what}");
        }
    };
    match verdict {
        Verdict::LetIn => {
            assert_eq!(page.status, let_in, "{what}");
            assert!(!page.header("cache-control").contains("public"), "{what}");
        }
        Verdict::Stranger if *method == Method::POST && is_page => {
            assert_eq!((page.status, page.header("location")), (303, "/"), "{what}");
        }
        Verdict::Stranger => {
            let at_home = path.split('?').next() == Some("/") && is_page;
            refused(if at_home { 200 } else { 401 }, "sign in with Hugging Face");
            let challenge = if at_home { "" } else { "Bearer" };
            assert_eq!(page.header("www-authenticate"), challenge, "{what}");
            if is_page && *method == Method::GET {
                let in_frame = headers.contains(&FRAME);
                let query = if path.contains("?a=1") { "?a=1" } else { "" };
                let target = format!("{}{query}", path.split('?').next().unwrap());
                let kept = match (in_frame, &*target) {
                    (true, target) => format!("name=\"_target_url\" value=\"{target}\""),
                    (false, "/") => "href=\"/oauth/huggingface/login\"".to_owned(),
                    (false, target) => {
                        let target: String =
                            oauth2::url::form_urlencoded::byte_serialize(target.as_bytes())
                                .collect();
                        format!("href=\"/oauth/huggingface/login?_target_url={target}\"")
                    }
                };
                assert!(page.body.contains(&kept), "{kept} is missing, {what}");
            }
        }
        Verdict::Forbidden(text) => refused(403, text),
        Verdict::Unknown => refused(503, "does not tell right now"),
    }
}

#[actix_web::test]
async fn a_gate_that_asks_nobody_notices_a_revocation_once_anybody_has_asked() {
    let hub = FakeHub::start(user());
    let mut limits = Limits::default();
    limits.orgs_fresh = Duration::ZERO;
    let (space, _) = gated::start(owned_by_acme(&hub).limits(limits), require_login);
    let mut browser = browser_of(Who::Ended, &space, &hub).await;
    let mut another_tab = browser.clone();
    let asked = hub.requests(Endpoint::UserInfo);
    assert_eq!(browser.get("/profile").await.body, SECRET);
    assert_eq!(hub.requests(Endpoint::UserInfo), asked);
    assert_eq!(browser.get("/me").await.status, 401);
    assert_eq!(another_tab.get("/profile").await.status, 401);
    assert_eq!(another_tab.get("/me").await.status, 401);
}

#[actix_web::test]
async fn the_owner_by_name_is_let_in_without_asking_the_hub() {
    let hub = FakeHub::start(user());
    let mut limits = Limits::default();
    limits.orgs_fresh = Duration::ZERO;
    let settings = settings(&space_vars(&hub.url)).unwrap().space_owner("Hub.JS").limits(limits);
    let (space, _) = gated::start(settings, require_space_owner);
    let mut browser = browser_of(Who::SignedIn, &space, &hub).await;
    hub.fail(Endpoint::UserInfo, Fault::Status(500));
    let asked = hub.requests(Endpoint::UserInfo);
    assert_eq!(browser.get("/profile").await.body, SECRET);
    assert_eq!(hub.requests(Endpoint::UserInfo), asked);
}

#[actix_web::test]
async fn where_nobody_is_known_to_be_the_owner_nobody_is_let_in() {
    let hub = FakeHub::start(user());
    let (space, _) = gated::start(settings(&space_vars(&hub.url)).unwrap(), require_space_owner);
    let mut browser = space.browser();
    assert_eq!(browser.get("/profile").await.status, 401);
    browser.sign_in(&hub).await;
    let page = browser.get("/profile").await;
    assert_eq!(page.status, 403);
    assert!(page.body.contains("this app is not told who that is"), "{}", page.body);
}

#[actix_web::test]
async fn a_login_page_says_for_whom_it_is() {
    let hub = FakeHub::start(user());
    let gates: [(MakeGate, &str); 4] = [
        (require_login, "Please sign in with Hugging Face."),
        (
            || require_membership(["acme", "acme-labs"], None),
            "This is for members of acme or acme-labs.",
        ),
        (
            || require_membership(["65a1f0c0e4b0d3a2b1c00001"], None),
            "This is for members of one organization.",
        ),
        (require_space_owner, "This is for the owner of this Space."),
    ];
    for (gate, text) in gates {
        let (space, _) = gated::start(owned_by_acme(&hub), gate);
        let page = space.browser().get("/").await;
        assert!(page.body.contains(text), "{text}: {}", page.body);
        let json = space.browser().get_json("/profile").await.json();
        assert!(json["error"].as_str().unwrap().starts_with(text), "{json}");
    }
}

#[actix_web::test]
async fn open_is_what_the_router_matches_and_nothing_that_is_only_spelt_like_it() {
    let hub = FakeHub::start(user());
    let open = || {
        require_login()
            .open(["/healthz", "/files/{name}", "/public", "/area/open"])
            .open(["/nowhere"])
    };
    let (space, _) = gated::start(owned_by_acme(&hub), open);
    let mut stranger = space.browser();
    for (path, body) in [
        ("/healthz", "ok"),
        ("/healthz?a=1", "ok"),
        // This is what the router takes it for.
        ("/%68ealthz", "ok"),
        ("/files/logo.svg", "<svg/>"),
        ("/public", "public"),
        ("/area/open", "open"),
    ] {
        assert_eq!(stranger.get(path).await.body, body, "{path}");
    }
    assert_eq!(stranger.get("/files/logo.svg").await.header("cache-control"), "public, max-age=60");
    let missing = stranger.get("/files/missing.svg").await;
    assert_eq!((missing.status, &*missing.body), (404, "no such file"));
    for path in [
        "/profile",
        "/%70rofile",
        "//profile",
        "/profile/",
        "/healthz/",
        "//healthz",
        "/HEALTHZ",
        "/healthz/../profile",
        "/healthz%2f..%2fprofile",
        "/healthz/profile",
        "/healthz;a",
        "/files/",
        "/files",
        "/files/a/b",
        "/not-public",
        "/area",
        "/area/",
        "/area/other",
        "/nowhere",
        "/static/x",
        "/oauth/huggingface/",
        "/oauth/huggingface/other",
        "/oauth/huggingface/login/x",
        "/mock-hub/space",
        "/mock-hub/oauth/authorize",
    ] {
        let page = stranger.get(path).await;
        assert_eq!(page.status, 401, "{path}: {page:?}");
        let json = stranger.get_json(path).await;
        assert_eq!(
            (json.status, json.body),
            (401, r#"{"error":"Please sign in with Hugging Face."}"#.to_owned()),
            "{path}"
        );
    }
}

#[actix_web::test]
async fn an_open_resource_that_has_a_guard_opens_no_other_one() {
    let hub = FakeHub::start(user());
    let (space, _) = gated::start(owned_by_acme(&hub), || require_login().open(["/guarded"]));
    let mut stranger = space.browser();
    let internal = stranger.send(Method::GET, "/guarded", &[("x-internal", "1")]).await;
    assert_eq!(internal.body, "internal");
    // Both have the same pattern: the owner opened them both.
    assert_eq!(stranger.get("/guarded").await.body, SECRET);
}

#[actix_web::test]
async fn signing_in_and_its_pages_stay_open() {
    let hub = FakeHub::start(Who::Writer.user());
    let gate = || require_membership(["acme"], None);
    let (space, _) = gated::start(owned_by_acme(&hub), gate);
    let mut browser = space.browser();
    let page = browser.get("/profile?a=1").await;
    for (before, after) in [("stylesheet\" href=\"", "\""), ("script src=\"", "\"")] {
        let (_, rest) = page.body.split_once(before).unwrap();
        let url = rest.split_once(after).unwrap().0;
        assert_eq!(browser.get(url).await.status, 200, "{url}");
    }
    let login = "/oauth/huggingface/login?_target_url=%2Fprofile%3Fa%3D1";
    let callback = browser.consent(&hub, login).await;
    assert_eq!(browser.get(&callback).await.location(), "/profile?a=1");
    assert_eq!(browser.get("/profile?a=1").await.body, SECRET);
    browser.get("/oauth/huggingface/logout").await;
    assert_eq!(browser.get("/profile?a=1").await.status, 401);
}

#[actix_web::test]
async fn a_form_of_a_stranger_leads_back_to_its_page_and_is_not_taken() {
    let hub = FakeHub::start(user());
    let (space, taken) = gated::start(owned_by_acme(&hub), require_login);
    let mut browser = space.browser();
    let origin = browser.origin();
    for (referer, page) in [
        (format!("{origin}/notes/new?draft=1"), "/notes/new?draft=1"),
        (format!("{origin}/?__sign=secret&a=1"), "/?a=1"),
        (format!("{origin}/oauth/huggingface/logout"), "/"),
        (format!("{origin}//evil.example/x"), "/"),
        ("https://evil.example/notes".to_owned(), "/"),
        (format!("{origin}.evil.example/notes"), "/"),
        (format!("http://{HOST}/notes"), "/"),
        ("not a URL".to_owned(), "/"),
    ] {
        let headers = [NAVIGATION, FORM, ("origin", &*origin), ("referer", &*referer)];
        let answer = browser.send(Method::POST, "/profile?a=1", &headers).await;
        assert_eq!(answer.location(), page, "{referer}");
    }
    assert_eq!(taken.load(Ordering::Relaxed), 0);
    browser.sign_in(&hub).await;
    assert_eq!(taken.load(Ordering::Relaxed), 0);
    let headers = [NAVIGATION, FORM, ("origin", &*origin)];
    assert_eq!(browser.send(Method::POST, "/profile", &headers).await.body, SECRET);
    assert_eq!(taken.load(Ordering::Relaxed), 1);
}

#[actix_web::test]
async fn what_somebody_was_let_in_to_see_is_kept_by_no_cache_for_many() {
    let hub = FakeHub::start(user());
    let (space, _) = gated::start(owned_by_acme(&hub), require_login);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    for (said, kept) in [
        ("none", "no-store"),
        ("public", "private"),
        ("public+max-age=60+immutable", "private, max-age=60, immutable"),
        ("max-age=60+Public+s-maxage=600", "private, max-age=60"),
        ("private+max-age=1", "private, max-age=1"),
        ("no-store", "no-store"),
        ("max-age=5", "private, max-age=5"),
    ] {
        let page = browser.get(&format!("/cached/{said}")).await;
        assert_eq!((page.header("cache-control"), &*page.body), (kept, SECRET), "{said}");
    }
    assert_eq!(browser.get("/files/logo.svg").await.header("cache-control"), "private, max-age=60");
}

#[actix_web::test]
async fn strangers_see_the_same_of_what_is_there_and_what_is_not() {
    let hub = FakeHub::start(user());
    let (space, _) = gated::start(owned_by_acme(&hub), require_login);
    let mut stranger = space.browser();
    let there = stranger.get("/profile").await;
    let nowhere = stranger.get("/nowhere").await;
    assert_eq!(there.body.replace("profile", "nowhere"), nowhere.body);
    let headers = |page: &Page| {
        let mut headers = page.headers.clone();
        headers.remove("date");
        headers
    };
    assert_eq!(headers(&there), headers(&nowhere));
}

#[actix_web::test]
async fn a_gate_without_a_session_lets_nobody_in() {
    let oauth = HuggingFaceOAuth::new(OAuthSettings::new(SignIn::Off)).unwrap();
    let space = Space::serving(move |listener| {
        server(listener, 1, move || {
            // Wrapped after attach, it runs before there is a session.
            attach_huggingface_oauth(App::new(), oauth.clone())
                .service(resource("/").get(async || SECRET))
                .wrap(require_login())
        })
    });
    let mut browser = Browser::on_laptop(&space);
    for path in ["/", "/nowhere", "/oauth/huggingface/login"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 500, "{path}");
        assert!(!page.body.contains(SECRET), "{page:?}");
    }
}

#[actix_web::test]
async fn a_gate_around_some_urls_leaves_the_others() {
    let hub = FakeHub::start(Who::Reader.user());
    let oauth = HuggingFaceOAuth::new(owned_by_acme(&hub)).unwrap();
    let space = Space::serving(move |listener| {
        server(listener, 1, move || {
            let team = web::scope("/team")
                .wrap(require_membership(["acme"], Some(Role::Read)).open(["/team/open"]))
                .route("/open", web::get().to(async || "open"))
                .route("/plans", web::get().to(async || SECRET));
            let one = resource("/one")
                .wrap(require_membership(["acme"], Some(Role::Admin)))
                .get(async || SECRET);
            attach_huggingface_oauth(App::new(), oauth.clone())
                .route("/", web::get().to(async || "for everybody"))
                .service(team)
                .service(one)
        })
    });
    let mut browser = space.browser();
    assert_eq!(browser.get("/").await.body, "for everybody");
    assert_eq!(browser.get("/team/open").await.body, "open");
    for path in ["/team/plans", "/team/nowhere", "/team/", "/one"] {
        assert_eq!(browser.get(path).await.status, 401, "{path}");
    }
    assert_eq!(browser.get("/nowhere").await.status, 404);
    browser.sign_in(&hub).await;
    assert_eq!(browser.get("/team/plans").await.body, SECRET);
    assert_eq!(browser.get("/team/nowhere").await.status, 404);
    assert_eq!(browser.get("/one").await.status, 403);
}

#[actix_web::test]
async fn an_audience_is_a_gate() {
    let hub = FakeHub::start(Who::Writer.user());
    for (audience, stranger, member) in [
        (Audience::Everybody, 200, 200),
        (Audience::SignedIn, 401, 200),
        (Audience::Members(&["elsewhere", "ACME"]), 401, 200),
        (Audience::Members(&["elsewhere"]), 401, 403),
        (Audience::SpaceOwner, 401, 200),
    ] {
        let (space, _) = gated::start(owned_by_acme(&hub), move || audience.gate());
        let mut browser = space.browser();
        assert_eq!(browser.get("/profile").await.status, stranger, "{audience:?}");
        browser.sign_in(&hub).await;
        assert_eq!(browser.get("/profile").await.status, member, "{audience:?}");
    }
}

#[test]
#[should_panic(expected = "names no organization")]
fn a_gate_for_members_of_nothing_is_none() {
    let _ = Audience::Members(&[]).gate();
}

/// Browsers send a body to its end before they read the answer. Actix alone closes the connection after a second.
#[actix_web::test]
async fn the_answer_to_a_large_form_reaches_the_browser() {
    let hub = FakeHub::start(user());
    let (space, taken) = gated::start(owned_by_acme(&hub), require_login);
    let mut answers = Vec::new();
    for (origin, mode, status) in [
        ("https://me-app.hf.space", "navigate", "303"),
        ("https://me-app.hf.space", "cors", "401"),
        ("https://evil.example", "navigate", "303"),
        ("https://evil.example", "cors", "403"),
    ] {
        let head = format!(
            "POST /profile HTTP/1.1\r\nHost: {HOST}\r\nOrigin: {origin}\r\nSec-Fetch-Mode: {mode}\r\n\
             Connection: close\r\nContent-Length: 5000000\r\n\r\n"
        );
        let address = space.address.trim_start_matches("http://").to_owned();
        let answer = web::block(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
            stream.write_all(head.as_bytes()).unwrap();
            stream.write_all(&vec![b'x'; 2_500_000]).unwrap();
            std::thread::sleep(Duration::from_secs(2));
            stream.write_all(&vec![b'x'; 2_500_000]).unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        });
        answers.push(actix_web::rt::spawn(async move {
            let answer = answer.await.unwrap();
            assert!(
                answer.starts_with(&format!("HTTP/1.1 {status} ")),
                "{origin} {mode}: {answer}"
            );
        }));
    }
    for answer in answers {
        answer.await.unwrap();
    }
    assert_eq!(taken.load(Ordering::Relaxed), 0);
}

#[actix_web::test]
async fn the_log_says_once_why_a_gate_can_let_nobody_in() {
    let mut untold = user();
    untold["orgs"] = json!(null);
    let hub = FakeHub::start(untold);
    let program = Program::start(&space_vars(&hub.url));
    let no_owner = "require_space_owner lets nobody in: set SPACE_AUTHOR_NAME";
    until(no_owner, || program.log().contains(no_owner)).await;
    let mut browser = Browser::at(&program.address, HOST);
    browser.sign_in(&hub).await;
    let not_told = "add read-memberships to hf_oauth_scopes in README.md";
    assert!(!program.log().contains(not_told));
    for _ in 0..3 {
        assert_eq!(browser.get("/gated").await.status, 403);
    }
    until(not_told, || program.log().contains(not_told)).await;
    for said in [no_owner, not_told] {
        assert_eq!(program.log().matches(said).count(), 1, "{said}: {}", program.log());
    }
    let hub = FakeHub::start(user());
    let mut vars = space_vars(&hub.url).to_vec();
    vars.push(("SPACE_AUTHOR_NAME", "me"));
    let program = Program::start(&vars);
    let mut browser = Browser::at(&program.address, HOST);
    browser.sign_in(&hub).await;
    assert_eq!(browser.get("/gated").await.status, 200);
    // Who is told to be in none learns it, and the log has nothing to say.
    let mut other = user();
    other["sub"] = json!("another");
    other["orgs"] = json!([]);
    hub.set_user(other);
    browser.sign_in(&hub).await;
    assert_eq!(browser.get("/gated").await.status, 403);
    for said in ["require_space_owner", not_told] {
        assert!(!program.log().contains(said), "{}", program.log());
    }
}
