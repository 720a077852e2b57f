//! A chat completion that is asked for. <https://huggingface.co/docs/inference-providers/tasks/chat-completion>

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What is asked of a model: `ChatRequest::new("openai/gpt-oss-120b", messages)`, and fields that are set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatRequest {
    /// The model's name, as `openai/gpt-oss-120b`; with `:fastest`, `:cheapest` or a provider's name behind it, who runs
    /// it.
    pub model: String,
    /// The conversation, of which the last message is to be answered.
    pub messages: Vec<ChatMessage>,
    /// The most tokens of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u32>,
    /// From 0 to 2: the higher, the more surprising.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// From 0 to 1: the most probable tokens that have so much of the probability together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top_p: Option<f64>,
    /// From -2 to 2: the higher, the less the answer repeats itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency_penalty: Option<f64>,
    /// From -2 to 2: the higher, the more the answer goes on to something new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presence_penalty: Option<f64>,
    /// Texts before which the answer ends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stop: Vec<String>,
    /// For answers that are the same each time, as far as the model can do that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<i64>,
    /// The form of the answer, as a JSON schema.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_format: Option<Value>,
    /// Functions that the model may ask for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<Value>,
    /// Whatever else the model takes.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl ChatRequest {
    /// The next message of a conversation with a model, with its defaults for all else.
    #[must_use]
    pub fn new(model: impl Into<String>, messages: Vec<ChatMessage>) -> Self {
        Self { model: model.into(), messages, ..Self::default() }
    }

    /// As it is sent, for a stream of chunks.
    pub(super) fn to_json(&self) -> serde_json::Result<String> {
        let mut json = serde_json::to_value(self)?;
        json["stream"] = true.into();
        Ok(json.to_string())
    }
}

/// A message of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatMessage {
    /// Whose it is.
    pub role: ChatRole,
    /// What it says.
    #[serde(default)]
    pub content: ChatContent,
    /// Whatever else belongs to it, as the calls of tools.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl ChatMessage {
    /// A message of this role.
    #[must_use]
    pub fn new(role: ChatRole, content: impl Into<ChatContent>) -> Self {
        Self { role, content: content.into(), other: Map::new() }
    }

    /// The text, where it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            ChatContent::Text(text) => Some(text),
            ChatContent::Parts(_) | ChatContent::Nothing(()) => None,
        }
    }

    /// What the user says.
    #[must_use]
    pub fn user(content: impl Into<ChatContent>) -> Self {
        Self::new(ChatRole::User, content)
    }

    /// What the model said.
    #[must_use]
    pub fn assistant(content: impl Into<ChatContent>) -> Self {
        Self::new(ChatRole::Assistant, content)
    }

    /// How the model is to be.
    #[must_use]
    pub fn system(content: impl Into<ChatContent>) -> Self {
        Self::new(ChatRole::System, content)
    }
}

/// Whose a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ChatRole {
    /// The app's, to the model.
    System,
    /// The user's.
    User,
    /// The model's.
    Assistant,
    /// What a tool answered.
    Tool,
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum ChatContent {
    /// A text.
    Text(String),
    /// Parts, of which some may be pictures.
    Parts(Vec<Value>),
    /// Nothing, beside a call of a tool.
    Nothing(()),
}

impl Default for ChatContent {
    fn default() -> Self {
        Self::Nothing(())
    }
}

impl From<String> for ChatContent {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for ChatContent {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
