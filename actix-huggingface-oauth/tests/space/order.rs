//! What is wrapped inside of attach, and what outside: Actix runs the last wrap first.

use std::net::TcpListener;

use actix_huggingface_oauth::{
    Caller, HeadAsGet, HubClient, HuggingFaceOAuth, OAuthInfo, OAuthSettings, SignIn,
    attach_huggingface_oauth, parse_huggingface_oauth, signed_in_user,
};
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::{DefaultHeaders, Next, from_fn};
use actix_web::test::{TestRequest, init_service, try_call_service};
use actix_web::{App, Error, HttpRequest, ResponseError, web};

use crate::helpers::{Browser, FakeHub, HOST, Log, app, server, settings, space_vars, user};

/// Says who is signed in, in a header of the answer.
async fn name_user(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let user = signed_in_user(request.request());
    let mut response = next.call(request).await?;
    let name = user.map_or("nobody".to_owned(), |user| user.display_name().to_owned());
    let header = HeaderName::from_static("x-user");
    response.headers_mut().insert(header, HeaderValue::try_from(name).unwrap());
    Ok(response)
}

#[actix_web::test]
async fn middleware_inside_knows_who_is_signed_in_and_outside_does_not() {
    let hub = FakeHub::start(user());
    let oauth = HuggingFaceOAuth::new(settings(&space_vars(&hub.url)).unwrap()).unwrap();
    let headers = || DefaultHeaders::new().add(("X-Outside", "yes"));
    let listener = || TcpListener::bind("127.0.0.1:0").unwrap();
    let (inside, outside) = (listener(), listener());
    let addresses = [&inside, &outside].map(|listener| listener.local_addr().unwrap());
    let attached = oauth.clone();
    let inside = server(inside, 1, move || {
        attach_huggingface_oauth(App::new().wrap(from_fn(name_user)), attached.clone())
            .configure(app::configure)
            .wrap(headers())
    });
    let outside = server(outside, 1, move || {
        attach_huggingface_oauth(App::new(), oauth.clone())
            .configure(app::configure)
            .wrap(from_fn(name_user))
            .wrap(headers())
    });
    let servers = [inside, outside];
    let handles = servers.map(|server| {
        let handle = server.handle();
        actix_web::rt::spawn(server);
        handle
    });

    for (address, name) in addresses.into_iter().zip(["Hub CI bot", "nobody"]) {
        let mut browser = Browser::at(&format!("http://{address}"), HOST);
        browser.sign_in(&hub).await;
        for path in ["/", "/nowhere", "/oauth/huggingface/callback"] {
            let page = browser.get(path).await;
            assert_eq!(page.header("x-user"), name, "{path}");
            assert_eq!(page.header("x-outside"), "yes", "{path}");
        }
    }
    for handle in handles {
        drop(handle.stop(false));
    }
}

#[actix_web::test]
async fn a_catch_all_after_attach_leaves_the_endpoints_alone() {
    let oauth = HuggingFaceOAuth::new(OAuthSettings::new(SignIn::Off)).unwrap();
    let everything = web::resource("/{path:.*}").get(async || "everything else");
    let app = attach_huggingface_oauth(App::new(), oauth).service(everything);
    let app = init_service(app.default_service(web::to(async || "the default"))).await;
    for (path, status) in [("/oauth/huggingface/login", 503), ("/anything", 200)] {
        let request = TestRequest::get().uri(path).insert_header(("host", "localhost"));
        let response = try_call_service(&app, request.to_request()).await.unwrap();
        assert_eq!(response.status(), status, "{path}");
    }
}

/// Error of an app's own, which middleware outside looks for.
#[derive(Debug)]
struct ShortAndStout;

impl std::fmt::Display for ShortAndStout {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("short and stout")
    }
}

impl ResponseError for ShortAndStout {
    fn status_code(&self) -> StatusCode {
        StatusCode::IM_A_TEAPOT
    }
}

/// Fails in Actix's idiom.
async fn refuse(
    _: ServiceRequest,
    _: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, Error> {
    Err(ShortAndStout.into())
}

#[actix_web::test]
async fn the_error_of_a_middleware_goes_through_as_it_is() {
    let oauth = HuggingFaceOAuth::new(OAuthSettings::new(SignIn::Off)).unwrap();
    let app = attach_huggingface_oauth(App::new().wrap(from_fn(refuse)), oauth);
    let app = init_service(app).await;
    for cookie in ["a=b", "session=nonsense; theme=dark"] {
        let request = TestRequest::get().insert_header(("host", "localhost"));
        let request = request.insert_header(("cookie", cookie));
        let error = try_call_service(&app, request.to_request()).await.map(drop).unwrap_err();
        assert_eq!(error.as_response_error().status_code(), 418);
        assert!(error.as_error::<ShortAndStout>().is_some(), "another error: {error:?}");
        let body = error.error_response().into_body().try_into_bytes().unwrap();
        assert_eq!(body, "short and stout");
    }
}

#[actix_web::test]
async fn head_is_routed_as_get_but_by_the_endpoints() {
    let oauth = HuggingFaceOAuth::new(OAuthSettings::new(SignIn::Off)).unwrap();
    let app = attach_huggingface_oauth(App::new(), oauth).configure(app::configure);
    let app = init_service(app.wrap(HeadAsGet)).await;
    for (path, status, allow) in [
        ("/", 200, ""),
        ("/healthz", 200, ""),
        ("/nowhere", 404, ""),
        ("/oauth/huggingface/login", 405, "GET, POST"),
        ("/oauth/huggingface/logout", 405, "GET, POST"),
        ("/oauth/huggingface/callback", 405, "GET"),
    ] {
        let request = TestRequest::default().method(actix_web::http::Method::HEAD).uri(path);
        let request = request.insert_header(("host", "localhost")).to_request();
        let response = try_call_service(&app, request).await.unwrap();
        assert_eq!(response.status(), status, "{path}");
        let header = response.headers().get("allow").map(|allow| allow.to_str().unwrap());
        assert_eq!(header.unwrap_or_default(), allow, "{path}");
    }
}

/// Routes that need the login, in an app that has none of it, or half of it.
fn needs_the_login(config: &mut web::ServiceConfig) {
    config
        .route("/info", web::get().to(async |_: OAuthInfo| "signed in"))
        .route("/caller", web::get().to(async |_: Caller| "calls"))
        .route("/client", web::get().to(async |_: HubClient| "calls the Hub"))
        .route(
            "/optional",
            web::get().to(async |info: Option<OAuthInfo>| match info {
                Some(_) => "signed in",
                None => "nobody",
            }),
        )
        .route(
            "/by-hand",
            web::get().to(async |request: HttpRequest| {
                assert!(parse_huggingface_oauth(&request).await.is_none());
                signed_in_user(&request).map_or("nobody", |_| "signed in")
            }),
        );
}

/// Statuses of these routes and of login in an app.
macro_rules! statuses {
    ($app:expr) => {{
        let app = init_service($app).await;
        let mut statuses = Vec::new();
        for path in
            ["/info", "/caller", "/client", "/optional", "/by-hand", "/oauth/huggingface/login"]
        {
            let request = TestRequest::get().uri(path).insert_header(("host", "localhost"));
            let response = try_call_service(&app, request.to_request()).await.unwrap();
            statuses.push(response.status().as_u16());
        }
        statuses
    }};
}

#[actix_web::test]
async fn without_attach_or_with_half_of_it_handlers_that_need_the_login_respond_with_500() {
    let oauth = HuggingFaceOAuth::new(OAuthSettings::new(SignIn::Off)).unwrap();
    let log = Log::default();
    let logging = log.begin();
    let app = || App::new().configure(needs_the_login);
    assert_eq!(statuses!(app()), [500, 500, 500, 200, 200, 404]);
    assert_eq!(statuses!(app().configure(oauth.routes())), [500, 500, 200, 200, 200, 503]);
    assert_eq!(statuses!(app().wrap(oauth.middleware())), [500, 500, 500, 200, 200, 404]);
    drop(logging);
    let lines = log.lines();
    let reason = |line: &&String| line.contains("call attach_huggingface_oauth");
    assert!(lines.iter().any(|line| reason(&line)), "{lines:?}");

    let both = app().configure(oauth.routes()).wrap(oauth.middleware());
    // Login is off.
    assert_eq!(statuses!(both), [401, 401, 200, 200, 200, 503]);
}

#[actix_web::test]
async fn attach_alone_does_not_serve_head_and_logs_once_what_to_wrap() {
    let hub = FakeHub::start(user());
    let settings = settings(&space_vars(&hub.url)).unwrap();
    let oauth = HuggingFaceOAuth::new(settings).unwrap();
    let log = Log::default();
    let logging = log.begin();
    let app = attach_huggingface_oauth(App::new(), oauth.clone()).configure(app::configure);
    let app = init_service(app).await;
    let head = |path: &str| {
        let request = TestRequest::default().method(Method::HEAD).uri(path);
        request.insert_header(("host", HOST)).to_request()
    };
    assert_eq!(try_call_service(&app, head("/")).await.unwrap().status(), 405);
    assert_eq!(try_call_service(&app, head("/")).await.unwrap().status(), 405);
    let login = try_call_service(&app, head("/oauth/huggingface/login")).await.unwrap();
    assert_eq!(
        (login.status().as_u16(), login.headers().get("allow")),
        (405, Some(&HeaderValue::from_static("GET, POST")))
    );
    drop(logging);
    let warnings: Vec<_> =
        log.lines().into_iter().filter(|line| line.contains("HeadAsGet")).collect();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("HEAD / gets 405"), "{warnings:?}");
}
