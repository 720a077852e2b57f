//! Where the endpoints of sign-in are.

use crate::pages::{HAND_OFF_SCRIPT, STYLESHEET};

/// Paths of the endpoints.
#[derive(Clone)]
pub struct Paths {
    /// The path in front of them all, which ends in a slash.
    pub folder: String,
    pub login: String,
    pub callback: String,
    pub logout: String,
    pub claim: String,
    pub script: String,
    pub stylesheet: String,
}

impl Paths {
    pub fn new(route_prefix: &str) -> Self {
        let folder = match route_prefix.trim_matches('/') {
            "" => "/oauth/huggingface/".to_owned(),
            prefix => format!("/{prefix}/oauth/huggingface/"),
        };
        Self {
            login: format!("{folder}login"),
            callback: format!("{folder}callback"),
            logout: format!("{folder}logout"),
            claim: format!("{folder}claim"),
            script: HAND_OFF_SCRIPT.url(&folder),
            stylesheet: STYLESHEET.url(&folder),
            folder,
        }
    }

    /// Whether a path is one of them.
    pub fn have(&self, path: &str) -> bool {
        let endpoints = [&self.login, &self.callback, &self.logout, &self.claim];
        endpoints.into_iter().any(|endpoint| endpoint == path) || self.is_resource(path)
    }

    /// Whether a path is that of a file that the pages of sign-in need.
    pub fn is_resource(&self, path: &str) -> bool {
        path == self.stylesheet || path == self.script
    }
}
