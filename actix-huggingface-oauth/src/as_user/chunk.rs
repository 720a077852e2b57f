//! A part of a chat completion, as it comes.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// A part of an answer. All but its choices is as optional as providers make it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Chunk {
    /// That of the whole answer.
    #[serde(default, deserialize_with = "lenient")]
    pub id: Option<String>,
    /// The model that answers.
    #[serde(default, deserialize_with = "lenient")]
    pub model: Option<String>,
    /// One, or none where this tells something else; as many as `n` asked for.
    #[serde(default, deserialize_with = "or_none")]
    pub choices: Vec<ChunkChoice>,
    /// What the answer cost, in the last chunk, where the request asked for it.
    #[serde(default, deserialize_with = "lenient")]
    pub usage: Option<TokenUsage>,
    /// Whatever else the provider tells.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Chunk {
    /// The text that it adds to the answer; empty where it adds none.
    #[must_use]
    pub fn text(&self) -> &str {
        let choice = self.choices.first();
        choice.and_then(|choice| choice.delta.content.as_deref()).unwrap_or_default()
    }

    /// Why the answer ends with it, as `stop` or `length`.
    #[must_use]
    pub fn finish_reason(&self) -> Option<&str> {
        self.choices.first()?.finish_reason.as_deref()
    }
}

/// A part of one of the answers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChunkChoice {
    /// Which of the answers.
    #[serde(default)]
    pub index: u32,
    /// What it adds.
    #[serde(default, deserialize_with = "or_none")]
    pub delta: ChunkDelta,
    /// Why the answer ends with it, as `stop` or `length`.
    #[serde(default, deserialize_with = "lenient")]
    pub finish_reason: Option<String>,
    /// Whatever else the provider tells.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// What a part adds to an answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChunkDelta {
    /// Text.
    #[serde(default, deserialize_with = "lenient")]
    pub content: Option<String>,
    /// Whatever else, as `reasoning` and `tool_calls`.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// What an answer cost.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TokenUsage {
    /// Tokens of the question.
    #[serde(default)]
    pub prompt_tokens: u64,
    /// Tokens of the answer.
    #[serde(default)]
    pub completion_tokens: u64,
    /// Whatever else the provider counts.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// Null is as good as nothing.
fn or_none<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// What is of another type than documented is nothing.
fn lenient<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).ok())
}
