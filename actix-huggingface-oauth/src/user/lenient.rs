//! Reading the Hub's JSON: a field that is missing, null or of another type than documented is `None`.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// For `deserialize_with`.
pub fn lenient<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Ok(T::deserialize(Value::deserialize(deserializer)?).ok())
}

pub fn text(object: &Value, field: &str) -> Option<String> {
    object.get(field)?.as_str().map(str::to_owned)
}

pub fn flag(object: &Value, field: &str) -> Option<bool> {
    object.get(field)?.as_bool()
}

pub fn list<'a>(object: &'a Value, field: &str) -> Option<&'a Vec<Value>> {
    object.get(field)?.as_array()
}
