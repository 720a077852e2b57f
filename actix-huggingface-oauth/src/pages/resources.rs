//! The files that the pages of sign-in need, under URLs with the hash of their content.

use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use sha2::{Digest, Sha256};

/// A file in the binary.
pub struct Resource {
    name: &'static str,
    content_type: &'static str,
    content: &'static str,
}

/// The dress of the pages of sign-in.
pub const STYLESHEET: Resource = Resource {
    name: "sign-in.css",
    content_type: "text/css; charset=utf-8",
    content: include_str!("sign-in.css"),
};

/// Signs a frame in without a click.
pub const HAND_OFF_SCRIPT: Resource = Resource {
    name: "hand-off.js",
    content_type: "text/javascript; charset=utf-8",
    content: include_str!("hand-off.js"),
};

impl Resource {
    /// Its URL below `folder`, a path that ends in a slash.
    pub fn url(&self, folder: &str) -> String {
        let sha256 = Sha256::digest(self.content);
        let hash = u64::from_be_bytes(*sha256.first_chunk().expect("it has 32 bytes"));
        format!("{folder}{hash:016x}/{}", self.name)
    }

    /// The file, which browsers may keep for ever.
    pub fn response(&self) -> HttpResponse {
        HttpResponse::Ok()
            .content_type(self.content_type)
            .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
            .insert_header(("Cross-Origin-Resource-Policy", "cross-origin"))
            .body(self.content)
    }
}
