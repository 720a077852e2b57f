//! The files in `static/`: part of the binary, and served under a URL with the hash of their
//! content, so that browsers may keep them for ever.

use actix_web::http::header::{CACHE_CONTROL, ETAG};
use actix_web::{HttpResponse, web};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "static/"]
struct Static;

/// The URLs of the files.
pub const PATTERN: &str = "/static/{hash}/{path:.+}";

/// The URL of a file in `static/`.
pub fn url(path: &str) -> String {
    match Static::get(path) {
        Some(file) => format!("/static/{}/{path}", hash(&file)),
        None => format!("/static/{path}"),
    }
}

/// Adds the files to the app.
pub fn configure(config: &mut web::ServiceConfig) {
    config.route(PATTERN, web::get().to(file));
}

async fn file(wanted: web::Path<(String, String)>) -> HttpResponse {
    let (wanted_hash, path) = wanted.into_inner();
    let Some(file) = Static::get(&path).filter(|file| hash(file) == wanted_hash) else {
        return HttpResponse::NotFound().finish();
    };
    HttpResponse::Ok()
        .content_type(content_type(&path))
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((ETAG, format!("\"{wanted_hash}\"")))
        .insert_header(("Cross-Origin-Resource-Policy", "cross-origin"))
        .body(file.data)
}

fn hash(file: &EmbeddedFile) -> String {
    let sha256 =
        u64::from_be_bytes(*file.metadata.sha256_hash().first_chunk().expect("it has 32 bytes"));
    format!("{sha256:016x}")
}

/// Add a line for each further kind of file in `static/`.
fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("txt") => "text/plain; charset=utf-8",
        Some("webp") => "image/webp",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
