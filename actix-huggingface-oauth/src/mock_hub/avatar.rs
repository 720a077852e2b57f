//! Pictures of users and organizations, drawn here so that they show without a network.

use actix_web::{HttpResponse, web};

/// Dark enough for white letters (WCAG 2.2 §1.4.3).
const COLORS: [&str; 6] = ["#8f3f71", "#3b6ea5", "#2f7d4f", "#9a5b13", "#6a4fb3", "#b03a48"];

/// A disc with the first letter of the name.
pub async fn picture(name: web::Path<String>) -> HttpResponse {
    let letter = name.chars().find(char::is_ascii_alphanumeric).unwrap_or('?').to_ascii_uppercase();
    let color = COLORS[name.bytes().map(usize::from).sum::<usize>() % COLORS.len()];
    HttpResponse::Ok().content_type("image/svg+xml").body(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><rect width="96" height="96" fill="{color}"/><text x="48" y="64" font-family="system-ui, sans-serif" font-size="46" text-anchor="middle" fill="#fff">{letter}</text></svg>"##
    ))
}
