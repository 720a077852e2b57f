//! The app in a frame, as huggingface.co shows a Space: another origin, the same sandbox.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
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

/// Shows the app under the name localhost, in a page under 127.0.0.1: to a browser, two sites.
pub async fn space(request: HttpRequest, hub: web::Data<MockHub>) -> HttpResponse {
    let host = hub.address.to_string();
    if request.headers().get("Host").is_none_or(|name| name.as_bytes() != host.as_bytes()) {
        let location = format!("http://{host}{PATH}/space?{}", request.query_string());
        return see_other(&location);
    }
    let origin = format!("http://localhost:{}", hub.address.port());
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
