//! A conversation that lives in a page.

use actix_huggingface_oauth::{ChatContent, ChatHistory, ChatMessage, ChatRole};
use serde_json::{Value, json};

/// What comes back of a conversation with these turns.
fn kept(turns: impl IntoIterator<Item = ChatMessage>) -> ChatHistory {
    let mut history = ChatHistory::default();
    turns.into_iter().for_each(|turn| history.push(turn));
    ChatHistory::from_json(&history.to_json()).unwrap()
}

fn texts(history: &ChatHistory) -> Vec<&str> {
    history.turns().iter().map(|turn| turn.text().unwrap()).collect()
}

/// A conversation of one turn, in so many bytes of JSON.
fn of_length(length: usize) -> String {
    let json = |text: &str| json!([{ "role": "user", "content": text }]).to_string();
    let json = json(&"x".repeat(length - json("").len()));
    assert_eq!(json.len(), length);
    json
}

#[test]
fn it_comes_back_as_it_was() {
    let turns = [ChatMessage::user("\"Ü\"?"), ChatMessage::assistant("<b>".to_owned())];
    let history = kept(turns.clone());
    assert_eq!(history.turns(), turns);
    assert_eq!(texts(&history), ["\"Ü\"?", "<b>"]);
    assert_eq!(ChatHistory::from_json(""), Some(ChatHistory::default()));
    assert_eq!(texts(&kept([])), [""; 0]);
}

#[test]
fn the_last_twenty_turns_come_back() {
    let turns: Vec<_> = (0..21).map(|number| ChatMessage::user(number.to_string())).collect();
    assert_eq!(kept(turns[..20].to_vec()).turns(), &turns[..20]);
    assert_eq!(kept(turns.clone()).turns(), &turns[1..]);
    let json = |count: usize| serde_json::to_string(&turns[..count]).unwrap();
    assert!(ChatHistory::from_json(&json(20)).is_some());
    assert_eq!(ChatHistory::from_json(&json(21)), None);
}

#[test]
fn as_many_come_back_as_sixty_four_kilobytes_hold() {
    const MOST: usize = 64 * 1024;
    let longest = ChatHistory::from_json(&of_length(MOST)).unwrap();
    assert_eq!(ChatHistory::from_json(&of_length(MOST + 1)), None);
    assert_eq!(longest.to_json().len(), MOST);

    let half = ChatMessage::user("x".repeat(MOST / 2));
    let question = ChatMessage::user("?");
    assert_eq!(kept([half.clone(), half.clone(), question.clone()]).turns(), [half, question]);
}

#[test]
fn nothing_else_is_taken_than_what_users_and_models_say() {
    let from = |turn: Value| ChatHistory::from_json(&json!([turn]).to_string());
    for role in ["system", "tool", "developer", ""] {
        assert_eq!(from(json!({ "role": role, "content": "x" })), None, "{role}");
    }
    for content in [json!(null), json!(7), json!([{ "type": "text", "text": "x" }])] {
        assert_eq!(from(json!({ "role": "user", "content": content })), None, "{content}");
    }
    for no_history in ["{}", "7", "x", "[7]", " "] {
        assert_eq!(ChatHistory::from_json(no_history), None, "{no_history}");
    }
    let more = from(json!({ "role": "assistant", "content": "x", "tool_calls": [] })).unwrap();
    assert_eq!(more.turns(), [ChatMessage::assistant("x")]);
}

#[test]
fn a_message_has_a_text_or_something_else() {
    assert_eq!(ChatMessage::system("x").text(), Some("x"));
    let picture = ChatContent::Parts(vec![json!({ "type": "image_url" })]);
    for other in [picture, ChatContent::default()] {
        assert_eq!(ChatMessage::new(ChatRole::User, other).text(), None);
    }
}
