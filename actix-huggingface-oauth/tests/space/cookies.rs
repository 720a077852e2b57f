//! The cookies of the login among all others: names that only look like ours, responses that caches share, responses of other
//! servers, and requests in flight while the login changes.

use std::net::TcpListener;
use std::sync::Arc;

use actix_huggingface_oauth::{
    HuggingFaceOAuth, OAuthInfo, attach_huggingface_oauth, signed_in_user,
};
use actix_web::dev::Server;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue, SET_COOKIE};
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, resource};
use actix_web::{App, HttpRequest, HttpResponse};
use reqwest::Method;
use serde_json::json;

use crate::helpers::frame::{CLAIM, Frame, sign_in_tab};
use crate::helpers::own_middleware::fail;
use crate::helpers::{
    Browser, Endpoint, FakeHub, Fault, HOST, Slow, Space, app, http_client, server, settings,
    space_vars, user,
};

const AUTH: &str = "__Host-hf-auth";
const LOGOUT: &str = "/oauth/huggingface/logout";

fn start(hub: &FakeHub) -> (Space, Arc<Slow>) {
    let slow = Arc::new(Slow::new());
    let oauth = HuggingFaceOAuth::new(settings(&space_vars(&hub.url)).unwrap()).unwrap();
    let shared = slow.clone();
    let serve = |listener: TcpListener| -> Server {
        server(listener, 2, move || {
            attach_huggingface_oauth(App::new().wrap(from_fn(fail)), oauth.clone())
                .app_data(Data::from(shared.clone()))
                .configure(app::configure)
                .service(resource("/slow").get(slow_page))
                .service(resource("/slow-orgs").get(slow_orgs))
                .service(resource("/cached/{directives}").get(cached))
                .service(resource("/upstream").get(upstream))
        })
    };
    (Space::serving(serve), slow)
}

async fn slow_page(slow: Data<Slow>, info: OAuthInfo, request: HttpRequest) -> String {
    slow.wait().await;
    let now = signed_in_user(&request).map(|user| user.sub);
    format!("{} {}", info.user_info.sub, now.unwrap_or_default())
}

/// Asks the Hub for the organizations only when it goes on.
async fn slow_orgs(slow: Data<Slow>, request: HttpRequest) -> String {
    slow.wait().await;
    let info = actix_huggingface_oauth::parse_huggingface_oauth(&request).await;
    info.map_or("nobody".to_owned(), |info| info.user_info.sub)
}

async fn cached(directives: web::Path<String>) -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, directives.replace('+', ", "))).body("cached")
}

/// A response of another server, passed on as it came.
async fn upstream() -> HttpResponse {
    let mut response = HttpResponse::Ok();
    for cookie in [
        &b"own=1; Path=/"[..],
        b"__Host-hf-auth=stolen; Path=/; Secure",
        b" \t__Host-hf-auth =stolen; Path=/; Secure",
        b"__Host-hf-login-0123abcd=x",
        b"__Host-hf-handoff=x",
        b"__Host-hf-theme",
        b"__Host-hf-auth\x80=\xff\xfe",
        b"= __Host-hf-auth=stolen",
        b"=own",
        b"tab=a\tb",
        b"",
    ] {
        response.append_header((SET_COOKIE, HeaderValue::from_bytes(cookie).unwrap()));
    }
    response.body("from elsewhere")
}

/// Adds cookies of a request to a browser as they come back with its response.
fn merge(into: &mut Browser, from: Browser) {
    into.cookies = from.cookies;
}

#[actix_web::test]
async fn a_request_in_flight_during_a_logout_does_not_log_in_again() {
    let hub = FakeHub::start(user());
    let (space, slow) = start(&hub);
    for path in ["/slow", "/slow?__theme=dark"] {
        let mut browser = space.browser();
        browser.sign_in(&hub).await;
        let mut late = browser.clone();
        let request = actix_web::rt::spawn(async move { (late.get(path).await, late) });
        slow.has_started().await;
        browser.get(LOGOUT).await;
        slow.go_on();
        let (page, late) = request.await.unwrap();
        let sub = user()["sub"].as_str().unwrap().to_owned();
        assert_eq!(page.body, format!("{sub} "), "nobody is signed in from the logout on");
        assert_eq!(page.set_cookie(AUTH), None);
        // The late response comes last, to a browser that still has what it sent.
        merge(&mut browser, late);
        assert_eq!(browser.me().await, None);
    }
}

#[actix_web::test]
async fn a_request_in_flight_during_another_login_changes_nothing() {
    let hub = FakeHub::start(user());
    let (space, slow) = start(&hub);
    for path in ["/slow", "/slow-orgs"] {
        hub.set_user(user());
        let mut browser = space.browser();
        browser.sign_in(&hub).await;
        let mut late = browser.clone();
        let request = actix_web::rt::spawn(async move { late.get(path).await });
        slow.has_started().await;
        // The token of the one in flight is revoked meanwhile, as the Hub says when it is asked.
        hub.revoke_tokens();
        hub.set_user(json!({ "sub": "somebody-else" }));
        browser.sign_in(&hub).await;
        slow.go_on();
        let page = request.await.unwrap();
        assert_eq!(page.headers.get("set-cookie"), None, "{path}: {page:?}");
        assert_eq!(browser.me().await.unwrap()["user_info"]["sub"], "somebody-else");
    }
}

#[actix_web::test]
async fn names_that_browsers_or_parsers_could_turn_into_ours_are_none_of_ours() {
    let hub = FakeHub::start(user());
    let (space, _) = start(&hub);
    let mut victim = space.browser();
    victim.sign_in(&hub).await;
    let auth = victim.cookie(AUTH).unwrap().clone();
    let callback = victim.consent(&hub, "/oauth/huggingface/login").await;
    let pending = victim.sign_ins().remove(0);
    let sealed = victim.cookies[&pending].clone();
    let mut frame = Frame::of(&space);
    let challenge = frame.challenge("/").await;
    let verifier = frame.browser.cookie("__Host-hf-handoff").unwrap().clone();
    sign_in_tab(&mut space.browser(), &hub, &challenge, "/").await;

    let disguises: [fn(&str) -> String; 12] = [
        |name| format!("\u{2000}{name}"),
        |name| format!("\u{a0}{name}"),
        |name| format!("\u{85}{name}"),
        |name| format!("\u{3000}{name}"),
        |name| format!("\u{feff}{name}"),
        |name| format!("\u{2028}{name}"),
        |name| name.replace("__", "%5F_"),
        |name| name.replace("__", "%5f%5F"),
        |name| name.replacen('H', "%48", 1),
        |name| format!("{name}\u{2000}"),
        |name| name.to_uppercase(),
        |name| format!("\"{name}\""),
    ];
    let navigation = [("sec-fetch-mode", "navigate")];
    for disguise in disguises {
        let cookie = |name: &str, value: &str| format!("{}={value}", disguise(name));
        let auth = cookie(AUTH, &auth);
        let page = space.browser().send(Method::GET, "/api/me", &[("cookie", &auth)]).await;
        assert_eq!(page.status, 401, "{auth}");
        let pending = cookie(&pending, &sealed);
        let headers = [navigation[0], ("cookie", &*pending)];
        assert_eq!(space.browser().send(Method::GET, &callback, &headers).await.status, 400);
        let handoff = cookie("__Host-hf-handoff", &verifier);
        let origin = frame.browser.origin();
        let headers = [("origin", &*origin), ("sec-fetch-mode", "cors"), ("cookie", &*handoff)];
        assert_eq!(space.browser().send(Method::POST, CLAIM, &headers).await.status, 400);
        let theme = cookie("__Host-hf-theme", "dark");
        let page = space.browser().send(Method::GET, "/", &[("cookie", &theme)]).await;
        assert!(page.body.contains("data-theme=\"\""), "{}", page.body);
    }
    // What is trimmed is what RFC 6265 has between cookies.
    let header = format!("a=b;\t {AUTH}={auth} \t; c=d");
    let page = space.browser().send(Method::GET, "/api/me", &[("cookie", &header)]).await;
    assert_eq!(page.status, 200);
    assert_eq!(frame.claim().await.status, 200, "the handoff was used up");
}

#[actix_web::test]
async fn junk_of_our_names_before_ours_and_behind_it_changes_nothing() {
    let hub = FakeHub::start(user());
    let (space, _) = start(&hub);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    let callback = browser.consent(&hub, "/oauth/huggingface/login").await;
    let pending = browser.sign_ins().remove(0);
    let junk = |name: &str| format!("{name}=junk; ").repeat(9);
    let cookie = |name: &str| {
        let value = browser.cookie(name).unwrap();
        format!("{junk}{name}={value}; {junk}", junk = junk(name))
    };
    let page = space.browser().send(Method::GET, "/api/me", &[("cookie", &cookie(AUTH))]).await;
    assert_eq!((page.status, page.headers.get("set-cookie")), (200, None));
    let headers = [("sec-fetch-mode", "navigate"), ("cookie", &*cookie(&pending))];
    assert_eq!(space.browser().send(Method::GET, &callback, &headers).await.location(), "/");
}

#[actix_web::test]
async fn a_response_that_caches_share_sets_no_cookie_of_ours() {
    let hub = FakeHub::start(user());
    let (space, _) = start(&hub);
    let junk = format!("{AUTH}=junk; __Host-hf-login-0123abcd=junk; __Host-hf-theme=junk");
    let mut signed_in = space.browser();
    signed_in.sign_in(&hub).await;
    let cookies = [junk, format!("{AUTH}={}", signed_in.cookie(AUTH).unwrap())];
    for directives in ["public+max-age=60", "Public", "s-maxage=5", "max-age=5+immutable"] {
        for cookie in &cookies {
            for frame in [&[][..], &[("sec-fetch-dest", "iframe")]] {
                let path = format!("/cached/{directives}?__theme=dark");
                let headers = [frame, &[("cookie", cookie)]].concat();
                let page = space.browser().send(Method::GET, &path, &headers).await;
                assert_eq!(page.headers.get("set-cookie"), None, "{directives} {cookie}");
                assert_eq!(page.header("cache-control"), directives.replace('+', ", "));
            }
        }
    }
    for directives in ["private+max-age=60", "no-store", "max-age=60"] {
        let path = format!("/cached/{directives}?__theme=dark");
        let page = space.browser().get(&path).await;
        assert!(page.set_cookie("__Host-hf-theme").is_some(), "{directives}");
    }
}

#[actix_web::test]
async fn what_another_server_sets_is_passed_on_without_our_names() {
    let hub = FakeHub::start(user());
    let (space, _) = start(&hub);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    let cookies = browser.cookies.clone();
    let response = http_client().get(format!("{}/upstream", space.address));
    let page = response.header("host", HOST).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let set = page.headers().get_all("set-cookie").iter();
    let set: Vec<_> = set.map(reqwest::header::HeaderValue::as_bytes).collect();
    let expected: [&[u8]; 5] =
        [b"own=1; Path=/", b"__Host-hf-auth\x80=\xff\xfe", b"=own", b"tab=a\tb", b""];
    assert_eq!(set, expected);
    browser.cookies = cookies;
    assert!(browser.me().await.is_some());
}

#[actix_web::test]
async fn a_login_and_a_logout_are_stored_also_if_the_app_makes_an_error_of_the_response() {
    let hub = FakeHub::start(user());
    let (space, _) = start(&hub);
    let mut browser = space.browser();
    let callback = browser.consent(&hub, "/oauth/huggingface/login").await;
    let fail = [("x-fail", "yes"), ("sec-fetch-mode", "navigate")];
    let page = browser.send(Method::GET, &callback, &fail).await;
    assert_eq!((page.status, page.header("cache-control")), (418, "no-store"));
    assert!(browser.sign_ins().is_empty());
    let mut copy = browser.clone();
    assert!(browser.me().await.is_some());

    let page = browser.send(Method::GET, LOGOUT, &fail).await;
    assert_eq!((page.status, page.header("cache-control")), (418, "no-store"));
    assert_eq!((browser.me().await, copy.me().await), (None, None));
    let page = browser.send(Method::GET, "/healthz", &fail).await;
    assert_eq!((page.status, page.headers.get("set-cookie")), (418, None));
}

#[actix_web::test]
async fn a_state_is_used_once_also_if_the_browser_sends_its_cookie_again() {
    let hub = FakeHub::start(user());
    let (space, _) = start(&hub);
    let mut browser = space.browser();
    let callback = browser.consent(&hub, "/oauth/huggingface/login").await;
    let (_, state) = callback.split_once("&state=").unwrap();
    hub.fail(
        Endpoint::Token,
        Fault::Refuse(400, ("x-nothing", ""), json!({ "error": "invalid_grant" }).to_string()),
    );
    let junk = (0..200).map(|number| {
        let mut browser = browser.clone();
        let path = format!("/oauth/huggingface/callback?code=junk-{number}&state={state}");
        actix_web::rt::spawn(async move { browser.get(&path).await.status })
    });
    for page in junk.collect::<Vec<_>>() {
        assert_eq!(page.await.unwrap(), 400);
    }
    assert_eq!(hub.requests(Endpoint::Token), 1);
    hub.recover();
    let page = browser.get(&callback).await;
    assert!(page.status == 400 && page.body.contains("used already"), "{page:?}");
    assert_eq!(hub.requests(Endpoint::Token), 1);
    browser.sign_in(&hub).await;
}
