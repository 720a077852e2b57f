//! The app in a frame, as huggingface.co shows a Space: another origin, the same sandbox.

use actix_web::http::StatusCode;
use actix_web::http::header::{HOST, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::hub::{MockHub, PATH};
use crate::pages::{Site, respond, see_other};

/// The Hub's page around the frame.
#[derive(Template)]
#[template(path = "space.html")]
struct SpacePage {
    site: Site,
    /// URL of the app.
    app: String,
}

/// Shows the app under the name localhost, in a page under 127.0.0.1: to a browser, two sites. Where the visitor comes
/// over https there is one name alone, and one site.
pub async fn space(request: HttpRequest, hub: web::Data<MockHub>) -> HttpResponse {
    let headers = request.headers();
    let origin = match hub.origins.loopback_port(headers) {
        Some(port) => {
            let host = headers.get(HOST).map(HeaderValue::as_bytes).unwrap_or_default();
            if !host.starts_with(b"127.0.0.1") {
                let query = request.query_string();
                return see_other(&format!("http://127.0.0.1:{port}{PATH}/space?{query}"));
            }
            format!("http://localhost:{port}")
        }
        None => hub.origins.canonical(headers).unwrap_or_default(),
    };
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src data:; frame-src {origin}; base-uri 'none'; \
         frame-ancestors 'none'; form-action 'none'"
    );
    let app = format!("{origin}/?{}", request.query_string());
    let page = SpacePage { site: hub.site.clone(), app };
    let mut response = respond(&page, &policy, StatusCode::OK);
    // As the Hub does: a tab that the frame opens has no opener.
    let opener_policy = HeaderName::from_static("cross-origin-opener-policy");
    response.headers_mut().insert(opener_policy, HeaderValue::from_static("same-origin"));
    response
}
