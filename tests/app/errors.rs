//! What a visitor sees when something fails.

use actix_huggingface_oauth::reqwest::Method;
use actix_huggingface_oauth::{HuggingFaceOAuth, Refusal, attach_huggingface_oauth};
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::ErrorForbidden;
use actix_web::middleware::{Next, from_fn};
use actix_web::test::{TestRequest, init_service, try_call_service};
use actix_web::web::Data;
use actix_web::{App, Error};
use app::error::dress_errors;
use app::headers::Headers;

use crate::helpers::{SPACE, settings, start};

#[actix_web::test]
async fn errors_are_pages_for_browsers_and_json_for_scripts() {
    let app = start(&[("HF_MOCK_USER", "off")]);
    for (method, path, status, text) in [
        (Method::GET, "/nowhere", 404, "Error 404"),
        (Method::GET, "/%ff%00", 404, "Error 404"),
        (Method::GET, "/static/x/../../Cargo.toml", 404, "Error 404"),
        (Method::POST, "/healthz", 405, "Error 405"),
        (Method::GET, "/profile", 401, "<h1>Please sign in</h1>"),
    ] {
        let page = app.browser().send(method.clone(), path, &[]).await;
        assert_eq!(page.status, status, "{path}");
        assert!(page.header("content-type").starts_with("text/html"), "{path}");
        page.assert_has(&[text, "My Space"]);

        let json = app.browser().send(method, path, &[("accept", "application/json")]).await;
        assert_eq!(json.status, status, "{path}");
        assert!(json.json()["error"].is_string());
    }
}

/// A middleware that fails.
async fn fail(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    match request.path() {
        "/forbidden" => Err(ErrorForbidden("a text for nobody")),
        "/refused" => Err(Refusal::NotSignedIn.into()),
        _ => next.call(request).await,
    }
}

#[actix_web::test]
async fn the_error_of_a_middleware_keeps_its_status_and_is_dressed_with_all_headers() {
    let oauth = HuggingFaceOAuth::new(settings(&SPACE).unwrap().oauth).unwrap();
    let headers = Data::new(Headers::of(&oauth));
    let app = App::new().wrap(from_fn(fail)).wrap(from_fn(dress_errors));
    let app = attach_huggingface_oauth(app, oauth).app_data(headers);
    let app = init_service(app.wrap(from_fn(Headers::add))).await;
    for (path, status, part) in
        [("/forbidden", 403, "Not for you"), ("/refused", 401, "login?_target_url=%2Frefused")]
    {
        for accept in ["text/html", "application/json"] {
            let request = TestRequest::get().uri(path).insert_header(("accept", accept));
            let error = try_call_service(&app, request.to_request()).await.map(drop).unwrap_err();
            let answer = error.error_response();
            assert_eq!(answer.status(), status, "{path}");
            for header in ["content-security-policy", "x-content-type-options", "cache-control"] {
                assert!(answer.headers().contains_key(header), "{path}: no {header}");
            }
            let body = answer.into_body().try_into_bytes().unwrap();
            let body = String::from_utf8(body.to_vec()).unwrap();
            let expected = if accept == "text/html" { part } else { "{\"error\":" };
            assert!(body.contains(expected) && !body.contains("for nobody"), "{path}: {body}");
        }
    }
}
