//! A Hugging Face Space in Rust, with "Sign in with Hugging Face".
//!
//! | module | owns |
//! |---|---|
//! | `startup` | puts the app together |
//! | `settings` | what the environment asks for |
//! | `huggingface` | sign-in, for any Actix app |
//! | `pages` | the pages and the table of their URLs |
//! | `error` | errors as pages or JSON |
//! | `headers` | headers of every answer |
//! | `head_requests` | HEAD wherever GET is served |
//! | `assets` | the files in `static/`, in the binary |
//! | `logs` | the log |

mod assets;
mod error;
mod head_requests;
mod headers;
pub mod huggingface;
pub mod logs;
mod pages;
pub mod settings;
pub mod startup;
