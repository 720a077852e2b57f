//! The paths that an owner has opened to pages of other sites.

use super::SetupError;

/// Paths, each with all that is below it.
#[derive(Clone, Debug, Default)]
pub struct OpenedPaths(Vec<String>);

impl OpenedPaths {
    pub fn extend(&mut self, paths: impl Iterator<Item = String>) {
        self.0.extend(paths);
    }

    /// Whether a path, as the router sees it, is one of these or below one. One that could be read in two ways is not.
    pub fn have(&self, path: &str) -> bool {
        is_plain(path)
            && self.0.iter().any(|opened| {
                let rest = path.strip_prefix(opened.as_str());
                rest.is_some_and(|rest| {
                    opened.ends_with('/') || rest.is_empty() || rest.starts_with('/')
                })
            })
    }

    /// # Errors
    /// Where one is no path.
    pub fn check(&self) -> Result<(), SetupError> {
        match self.0.iter().find(|path| !is_plain(path)) {
            Some(path) => Err(SetupError::new(format!(
                "open_to_other_sites names `{path}`: it has to be a path like `/api/`, as the router sees it, without a \
                 query"
            ))),
            None => Ok(()),
        }
    }
}

/// Whether nobody takes a path for another one: a router, a proxy, or a handler that reads the rest of it. What the router
/// has left encoded is a slash, a percent sign, or no text.
fn is_plain(path: &str) -> bool {
    let is_odd = |letter: char| letter.is_control() || "\\%?#".contains(letter);
    let folders = path.strip_prefix('/').map(|path| path.strip_suffix('/').unwrap_or(path));
    !path.contains(is_odd)
        && folders.is_some_and(|folders| {
            folders.is_empty() && path == "/"
                || folders.split('/').all(|folder| !matches!(folder, "" | "." | ".."))
        })
}
