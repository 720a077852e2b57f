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
        Some(file) => ["/static/", &hash(&file), "/", path].concat(),
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
        .content_type(content_type(&file))
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((ETAG, format!("\"{wanted_hash}\"")))
        .insert_header(("Cross-Origin-Resource-Policy", "cross-origin"))
        .body(file.data)
}

fn hash(file: &EmbeddedFile) -> String {
    let sha256 = file.metadata.sha256_hash();
    u64::from_be_bytes(*sha256.first_chunk().expect("it has 32 bytes")).to_string()
}

fn content_type(file: &EmbeddedFile) -> String {
    match file.metadata.mimetype() {
        text if text.starts_with("text/") => format!("{text}; charset=utf-8"),
        other => other.to_owned(),
    }
}
