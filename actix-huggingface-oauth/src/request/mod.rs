//! What a request says about itself.

pub mod fetch_metadata;
pub mod head;
mod origins;
pub mod proxy;
mod request_id;
pub mod sealed;
pub mod theme;
mod timed_body;
mod wants_page;
pub mod way_back;

pub use origins::{Origins, is_loopback_url};
pub use request_id::RequestId;
pub use timed_body::TimedBody;
pub use wants_page::{asks_whether_up, wants_page};
