//! How many chats each user has under way.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The chats of all users that are under way. A clone counts the same ones.
#[derive(Clone, Default)]
pub struct Chats(Arc<Mutex<HashMap<String, usize>>>);

/// One chat, which is under way until this is dropped.
pub struct Chat {
    sub: String,
    chats: Chats,
}

impl Chats {
    /// One more chat of the user `sub`, where there are not `most` already.
    pub fn begin(&self, sub: &str, most: usize) -> Option<Chat> {
        let mut under_way = self.under_way();
        let count = under_way.get(sub).copied().unwrap_or_default();
        if count >= most {
            return None;
        }
        under_way.insert(sub.to_owned(), count + 1);
        Some(Chat { sub: sub.to_owned(), chats: self.clone() })
    }

    /// Nothing that holds it panics.
    fn under_way(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Chat {
    fn drop(&mut self) {
        let mut under_way = self.chats.under_way();
        match under_way.get_mut(&self.sub) {
            Some(count) if *count > 1 => *count -= 1,
            // So that nothing is kept of those who have none.
            _ => drop(under_way.remove(&self.sub)),
        }
    }
}
