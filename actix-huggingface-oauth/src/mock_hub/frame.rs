//! The app in a frame, as huggingface.co shows a Space: another origin, the same sandbox.

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use askama_web::WebTemplate;

use super::super::pages::{Site, respond};
use super::{MockHub, PATH};

/// The Hub's page around the frame.
#[derive(Template, WebTemplate)]
#[template(path = "huggingface/space.html")]
struct SpacePage {
    site: Site,
    /// URL of the app.
    app: String,
}

/// Shows the app under the name localhost, in a page under 127.0.0.1: to a browser, two sites.
pub async fn space(request: HttpRequest, hub: web::Data<MockHub>) -> HttpResponse {
    let host = hub.address.to_string();
    if request.headers().get("Host").is_none_or(|name| name.as_bytes() != host.as_bytes()) {
        let location = format!("http://{host}{PATH}/space?{}", request.query_string());
        return HttpResponse::SeeOther().insert_header((LOCATION, location)).finish();
    }
    let origin = format!("http://localhost:{}", hub.address.port());
    let policy = format!(
        "default-src 'none'; style-src 'self'; frame-src {origin}; base-uri 'none'; \
         frame-ancestors 'none'; form-action 'none'"
    );
    let app = format!("{origin}/?{}", request.query_string());
    let page = SpacePage { site: hub.site.clone(), app };
    let mut response = respond(&request, page, StatusCode::OK);
    let headers = response.headers_mut();
    if let Ok(policy) = policy.try_into() {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    // As the Hub does: a tab that the frame opens has no opener.
    headers.insert(
        "Cross-Origin-Opener-Policy".parse().expect("a header's name"),
        "same-origin".parse().expect("a header's value"),
    );
    response
}
