//! A conversation that lives in a page, and comes back with each question.

use super::{ChatMessage, ChatRole};

/// The most turns that come back.
const MAX_TURNS: usize = 20;

/// The most bytes of their JSON.
const MAX_LENGTH: usize = 64 * 1024;

/// What a user and a model have said in turn, as a page keeps it: nothing of it has to be kept on the server. A page can
/// send whatever it likes, so that no other roles and nothing but texts are taken.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChatHistory(Vec<ChatMessage>);

impl ChatHistory {
    /// As [`to_json`](Self::to_json) wrote it, empty for an empty text. `None` where it is no such conversation, or has more
    /// than 20 turns or 64 KB.
    #[must_use]
    pub fn from_json(json: &str) -> Option<Self> {
        if json.is_empty() {
            return Some(Self::default());
        }
        let turns: Vec<ChatMessage> =
            serde_json::from_str(json).ok().filter(|_| json.len() <= MAX_LENGTH)?;
        let turn = |turn: ChatMessage| {
            let is_known = matches!(turn.role, ChatRole::User | ChatRole::Assistant);
            is_known.then_some(ChatMessage::new(turn.role, turn.text()?))
        };
        let is_short = turns.len() <= MAX_TURNS;
        turns.into_iter().map(turn).collect::<Option<_>>().filter(|_| is_short).map(Self)
    }

    /// The last turns, as many as come back.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut turns = &self.0[self.0.len().saturating_sub(MAX_TURNS)..];
        loop {
            let json = serde_json::to_string(turns).unwrap_or_default();
            match turns {
                [_, rest @ ..] if json.len() > MAX_LENGTH => turns = rest,
                _ => return json,
            }
        }
    }

    /// Adds what was said.
    pub fn push(&mut self, turn: ChatMessage) {
        self.0.push(turn);
    }

    /// All turns, for a [`ChatRequest`](super::ChatRequest).
    #[must_use]
    pub fn turns(&self) -> &[ChatMessage] {
        &self.0
    }
}
