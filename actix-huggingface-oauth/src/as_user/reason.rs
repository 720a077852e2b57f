//! What the Hub says of why it refuses, as far as a visitor may see it.

use oauth2::AccessToken;
use serde_json::Value;

/// The longest reason, in characters.
const MAX_REASON: usize = 200;

/// As much of a token as nothing else has in it.
const TOKEN_PART: usize = 16;

/// The reason in the body of a refusal; `None` where there is none that can be shown.
pub fn of_body(body: &[u8], access_token: &AccessToken) -> Option<String> {
    of_json(&serde_json::from_slice(body).ok()?, access_token)
}

/// The Hub says `{"error": "…"}`, Inference Providers `{"error": {"message": "…"}}`.
pub fn of_json(body: &Value, access_token: &AccessToken) -> Option<String> {
    let texts = [&body["error"], &body["error"]["message"], &body["message"]];
    let text = texts.into_iter().find_map(Value::as_str)?;
    let token: String = access_token.secret().chars().take(TOKEN_PART).collect();
    if text.contains(&token) {
        return None;
    }
    let shown = text.chars().map(|letter| if letter.is_whitespace() { ' ' } else { letter });
    let shown: String = shown.filter(|letter| is_printable(*letter)).take(MAX_REASON).collect();
    Some(shown.trim().to_owned()).filter(|shown| !shown.is_empty())
}

/// Neither a control character nor one that is not seen but turns or hides others. Unicode, chapter 23.
fn is_printable(letter: char) -> bool {
    let is_unseen = matches!(
        letter,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    );
    !letter.is_control() && !is_unseen
}
