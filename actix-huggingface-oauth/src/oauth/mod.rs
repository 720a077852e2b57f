//! What all requests share, and what pages ask of it.

mod for_pages;
mod huggingface_oauth;
mod paths;

pub use for_pages::NewVerifier;
pub use huggingface_oauth::HuggingFaceOAuth;
