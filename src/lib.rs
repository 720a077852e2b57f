//! A Hugging Face Space in Rust, with "Sign in with Hugging Face".
//!
//! | module | owns |
//! |---|---|
//! | `startup` | puts the app together |
//! | `settings` | what the environment asks for |
//! | `audience` | who may see it |
//! | `pages` | the pages and the table of their URLs |
//! | `error` | errors as pages or JSON |
//! | `headers` | headers of every answer |
//! | `assets` | the files in `static/`, in the binary |
//! | `logs` | the log |
//! | `project` | what `cargo run` finds in the folder of the project |

mod assets;
pub mod audience;
pub mod error;
pub mod headers;
pub mod logs;
pub mod pages;
mod project;
pub mod settings;
pub mod startup;
