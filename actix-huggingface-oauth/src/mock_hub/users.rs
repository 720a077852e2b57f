//! Whom a developer can be: the users of `users.json`, or those of a file of the developer's own.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::user::OAuthUserInfo;

/// User info in the Hub's format, by the names with which `HF_MOCK_USER` chooses.
const USERS: &str = include_str!("users.json");

/// The users of the mock Hub.
#[derive(Clone, Debug)]
pub struct MockUsers {
    users: Map<String, Value>,
    signs_in: Option<String>,
}

/// Why `HF_MOCK_USER` cannot be served. `Display` names it, and the cure.
#[derive(Debug, thiserror::Error)]
pub enum MockUserError {
    /// No user has this name.
    #[error("HF_MOCK_USER: there is no user `{name}`; choose one of {}, ask, a path to a JSON file, or off", .known.join(", "))]
    Unknown {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// The file cannot be read.
    #[error("HF_MOCK_USER: cannot read {}: {source}", .path.display())]
    Unreadable {
        /// The file asked for.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is in another encoding than JSON's.
    #[error("HF_MOCK_USER: {} is not UTF-8, as of an editor or a shell that writes UTF-16: save it as UTF-8", .path.display())]
    NotUtf8 {
        /// The file asked for.
        path: PathBuf,
    },
    /// The file is not JSON; the cause names line and column.
    #[error("HF_MOCK_USER: {} is not JSON: {source}", .path.display())]
    NotJson {
        /// The file asked for.
        path: PathBuf,
        /// Where.
        source: serde_json::Error,
    },
    /// The file holds something else than a user.
    #[error("HF_MOCK_USER: {} is not user info of the Hub: it needs at least {{\"sub\": \"…\"}}, or several of those by names of yours", .path.display())]
    NotAUser {
        /// The file asked for.
        path: PathBuf,
    },
}

impl MockUsers {
    /// The users for a value of `HF_MOCK_USER`: `ask` for the consent page, the name of one who signs in at once, or
    /// a path to a JSON file (it contains `/` or ends in `.json`) with one, or with several like `users.json`, among whom
    /// the consent page asks.
    ///
    /// # Errors
    /// [`MockUserError`] where there is no such user or file.
    pub fn from_setting(value: &str) -> Result<Self, MockUserError> {
        let users = built_in();
        match value {
            "ask" => Ok(Self { users, signs_in: None }),
            path if is_path(path) => Self::from_file(path.into()),
            name if users.contains_key(name) => Ok(Self { users, signs_in: Some(name.to_owned()) }),
            name => Err(MockUserError::Unknown {
                name: name.to_owned(),
                known: users.keys().cloned().collect(),
            }),
        }
    }

    fn from_file(path: PathBuf) -> Result<Self, MockUserError> {
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(source) => return Err(MockUserError::Unreadable { path, source }),
        };
        let Ok(text) = std::str::from_utf8(&bytes) else {
            return Err(MockUserError::NotUtf8 { path });
        };
        let user: Value = match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
            Ok(user) => user,
            Err(source) => return Err(MockUserError::NotJson { path, source }),
        };
        let is_user = |user: &Value| OAuthUserInfo::from_hub(user).is_some();
        match user {
            user if is_user(&user) => {
                let name = path.to_string_lossy().into_owned();
                Ok(Self { users: Map::from_iter([(name.clone(), user)]), signs_in: Some(name) })
            }
            Value::Object(users) if !users.is_empty() && users.values().all(is_user) => {
                Ok(Self { users, signs_in: None })
            }
            _ => Err(MockUserError::NotAUser { path }),
        }
    }

    /// The name on the Hub of the one who owns the Space: the first user with PRO, which a Docker Space takes, else the
    /// first.
    pub fn owner(&self) -> Option<String> {
        let users: Vec<_> = self.all().map(|(_, user)| user).collect();
        let pro = users.iter().find(|user| user.is_pro == Some(true));
        pro.or(users.first())?.preferred_username.clone()
    }

    /// The user whom `HF_MOCK_USER` signs in without a question.
    pub(super) fn signs_in(&self) -> Option<&str> {
        self.signs_in.as_deref()
    }

    pub(super) fn by_name(&self, name: &str) -> Option<&Value> {
        self.users.get(name)
    }

    /// All of them, with their names.
    pub(super) fn all(&self) -> impl Iterator<Item = (&String, OAuthUserInfo)> {
        self.users.iter().filter_map(|(name, user)| Some((name, OAuthUserInfo::from_hub(user)?)))
    }
}

fn built_in() -> Map<String, Value> {
    serde_json::from_str(USERS).expect("users.json is JSON, which the tests show")
}

fn is_path(value: &str) -> bool {
    value.contains('/') || Path::new(value).extension().is_some_and(|extension| extension == "json")
}
