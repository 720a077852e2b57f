//! The theme of the Hub's page around the frame: it tells the first page, and a cookie the others.

use oauth2::url::form_urlencoded;

/// The theme in a query, as the Hub writes it: `light`, `dark` or `system`.
pub fn asked(query: &str) -> Option<&'static str> {
    let (_, theme) =
        form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "__theme")?;
    known(&theme)
}

/// A theme that the Hub knows.
pub fn known(theme: &str) -> Option<&'static str> {
    ["light", "dark", "system"].into_iter().find(|known| *known == theme)
}
