//! The theme of the Hub's page around the frame: it tells the first page, and a cookie the others.

use actix_web::HttpRequest;
use oauth2::url::form_urlencoded;

use super::HuggingFaceOAuth;

/// The theme in a query, as the Hub writes it: `light`, `dark` or `system`.
pub fn asked(query: &str) -> Option<&'static str> {
    let (_, theme) =
        form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "__theme")?;
    known(&theme)
}

impl HuggingFaceOAuth {
    /// The theme of the page that answers `request`: `light` or `dark`; `None` for the system's.
    #[must_use]
    pub fn theme(&self, request: &HttpRequest) -> Option<&'static str> {
        let kept = || known(request.cookie(self.cookie_names.theme)?.value());
        asked(request.query_string()).or_else(kept).filter(|theme| *theme != "system")
    }
}

fn known(theme: &str) -> Option<&'static str> {
    ["light", "dark", "system"].into_iter().find(|known| *known == theme)
}
