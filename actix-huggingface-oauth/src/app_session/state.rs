//! The state as its cookie holds it.

use std::collections::{BTreeMap, HashMap};

use actix_web::cookie::Key;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::request::sealed::{seal, unseal};

/// Number of the format of [`Content`].
const FORMAT: u8 = 1;

/// Purpose for which the cookie is sealed, whatever its name is in the browser.
const PURPOSE: &str = "app-session";

/// Key of the flash message.
pub const FLASH: &str = "_flash";

/// Marks a request that [`AppSession`](super::AppSession) is wrapped around.
pub struct Wrapped;

/// Values of a session by their keys, in JSON.
pub type Entries = HashMap<String, String>;

/// State, and the `sub` of the user that it belongs to; `None` if it is that of a signed-out visitor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    pub sub: Option<String>,
    pub entries: Entries,
}

/// Format, `sub` and entries, as a list.
#[derive(Serialize, Deserialize)]
struct Content(u8, Option<String>, BTreeMap<String, Box<RawValue>>);

impl State {
    /// `None` if the value is forged, malformed or of another format.
    pub fn open(value: &str, key: &Key) -> Option<Self> {
        let content = unseal(key, PURPOSE, value)?;
        let Content(format, sub, entries) = serde_json::from_str(content.value()).ok()?;
        let entries = entries.into_iter().map(|(key, value)| (key, value.get().to_owned()));
        Some(Self { sub, entries: entries.collect() }).filter(|_| format == FORMAT)
    }

    pub fn seal(self, key: &Key) -> String {
        let entries = self.entries.into_iter();
        let entries = entries.map(|(key, value)| (key, RawValue::from_string(value)));
        let entries = entries.filter_map(|(key, value)| Some((key, value.ok()?))).collect();
        let content = serde_json::to_string(&Content(FORMAT, self.sub, entries));
        seal(key, PURPOSE, content.expect("texts and JSON"))
    }

    /// What a user, or a signed-out visitor, sees of it: state of a signed-out visitor is adopted at login, that of another
    /// user is not seen.
    pub fn seen_by(&self, sub: Option<&str>) -> Entries {
        let is_seen = self.sub.is_none() || self.sub.as_deref() == sub;
        if is_seen { self.entries.clone() } else { Entries::new() }
    }
}
