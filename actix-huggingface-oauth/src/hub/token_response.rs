//! The token response, as oauth2 takes it: providers write some of it otherwise than RFC 6749 §5.1 says.

use serde_json::{Map, Value};

/// Puts right what can be understood: a number as a text or with a fraction, scopes as a list, no `token_type`, null for what
/// may be missing.
pub fn normalized(body: Vec<u8>) -> Vec<u8> {
    let Ok(Value::Object(mut fields)) = serde_json::from_slice(&body) else {
        return body;
    };
    fields.retain(|_, value| !value.is_null());
    if fields.contains_key("access_token") {
        fields.entry("token_type").or_insert_with(|| "bearer".into());
    }
    replace(&mut fields, "expires_in", seconds);
    replace(&mut fields, "scope", scopes);
    serde_json::to_vec(&fields).unwrap_or(body)
}

/// Leaves a field out where nothing can be made of it.
fn replace(fields: &mut Map<String, Value>, name: &str, with: fn(&Value) -> Option<Value>) {
    if let Some(value) = fields.remove(name)
        && let Some(value) = with(&value)
    {
        fields.insert(name.to_owned(), value);
    }
}

fn seconds(value: &Value) -> Option<Value> {
    let seconds = match value {
        Value::String(text) => text.trim().parse().ok()?,
        number => number.as_f64()?,
    };
    // More than fits into a number of seconds is as good as for ever.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates")]
    let seconds = seconds as u64;
    Some(seconds.into())
}

fn scopes(value: &Value) -> Option<Value> {
    match value {
        Value::Array(scopes) => {
            let scopes: Vec<&str> = scopes.iter().filter_map(Value::as_str).collect();
            Some(scopes.join(" ").into())
        }
        Value::String(scopes) => Some(scopes.as_str().into()),
        _ => None,
    }
}
