//! What all requests share, and what pages ask of it.

mod for_pages;
mod huggingface_oauth;
mod modes;
mod paths;

pub use huggingface_oauth::{HuggingFaceOAuth, Shared, log_not_attached};
