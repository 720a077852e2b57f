//! A chat completion as the router sends it, however the network cuts it.

use std::sync::{LazyLock, Mutex};

use actix_huggingface_oauth::Chunk;
use actix_web::web::Bytes;
use serde_json::{Value, from_slice, from_str, from_value, json};

use super::auth_cookie::assert_harmless;
use crate::http::{Answer, HOST};
use crate::space::{MOST_IN_A_LINE, MOST_IN_A_STREAM, Space};

/// The app, and the auth cookie of a signed-in user.
static SPACE: LazyLock<Mutex<(Space, String)>> = LazyLock::new(|| {
    let mut space = Space::start();
    let cookie = space.session_of("visitor");
    Mutex::new((space, cookie))
});

/// What goes on to the visitor.
#[derive(Debug, PartialEq)]
struct Told {
    text: String,
    is_whole: bool,
}

/// The first line of the input is of how many bytes the parts are in which the rest comes.
pub fn events(input: &[u8]) {
    let mut lines = input.splitn(2, |byte| *byte == b'\n');
    let (sizes, stream) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let expected = expected(stream);
    let agrees = |told: &Told, expected: &Told| {
        // Of one that is too long, what came before that is known.
        let ends_early = stream.len() > MOST_IN_A_STREAM && !told.is_whole;
        told == expected || ends_early && expected.text.starts_with(&told.text)
    };

    let mut space = SPACE.lock().expect("no panic before");
    let (space, cookie) = &mut *space;
    for parts in [vec![Bytes::copy_from_slice(stream)], cut(stream, sizes)] {
        space.hub.chat(parts);
        let by_events = in_events(&ask(space, cookie, "text/event-stream"));
        assert!(agrees(&by_events, &expected), "{by_events:?} instead of {expected:?}");
        let on_page = on_page(&ask(space, cookie, "text/html"));
        let escaped = Told { text: escaped(&expected.text), is_whole: expected.is_whole };
        assert!(agrees(&on_page, &escaped), "{on_page:?} instead of {escaped:?}");
    }
}

fn ask(space: &mut Space, cookie: &str, accept: &str) -> Answer {
    let origin = format!("https://{HOST}");
    let headers = [
        ("Accept", accept),
        ("Cookie", cookie),
        ("Origin", &*origin),
        ("Content-Type", "application/x-www-form-urlencoded"),
    ];
    let headers = headers.map(|(name, value)| (name, value.as_bytes()));
    let answer = space.send("POST /chat", &headers, "message=x&model=m");
    assert_eq!(answer.status, 200, "{answer:?}");
    answer
}

/// Byte by byte where no size is told.
fn cut(stream: &[u8], sizes: &[u8]) -> Vec<Bytes> {
    let sizes = String::from_utf8_lossy(sizes);
    let sizes = sizes.split(' ').filter_map(|size| size.parse().ok()).filter(|size| *size > 0);
    let mut sizes: Vec<usize> = sizes.collect();
    if sizes.is_empty() {
        sizes.push(1);
    }
    let mut parts = Vec::new();
    let mut rest = stream;
    for size in sizes.into_iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (part, left) = rest.split_at(size.min(rest.len()));
        parts.push(Bytes::copy_from_slice(part));
        rest = left;
    }
    parts
}

/// What a page's script is told. Each event is well-formed, and the last one says how it ended.
fn in_events(answer: &Answer) -> Told {
    assert_eq!(answer.header("content-type"), "text/event-stream; charset=utf-8");
    let body = answer.body.strip_suffix("\n\n").expect("an event");
    let event = |event: &str| -> Value {
        from_str(event.strip_prefix("data: ").expect("data")).expect("JSON")
    };
    let mut events: Vec<_> = body.split("\n\n").map(event).collect();
    let end = events.pop().expect("an end");
    let is_whole = end == json!({ "done": true });
    assert!(is_whole || end["error"].is_string(), "{end}");
    let text = |event: &Value| {
        let text = event["text"].as_str().expect("a text").to_owned();
        assert_eq!(*event, json!({ "text": text }));
        assert!(!text.is_empty());
        text
    };
    Told { text: events.iter().map(text).collect(), is_whole }
}

/// What a page says that grew.
fn on_page(answer: &Answer) -> Told {
    let (before, rest) = answer.body.rsplit_once("<p class=\"said\">").expect("an answer");
    let (said, after) = rest.split_once("</p>").expect("its end");
    assert!(!said.contains(['<', '>']), "{said}");
    assert!(after.ends_with("</html>"), "{after}");
    assert_harmless(&[before, after].concat());
    Told { text: said.to_owned(), is_whole: !after.contains("role=\"alert\"") }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// What a stream says, without a bound of the whole.
fn expected(stream: &[u8]) -> Told {
    let mut text = String::new();
    let mut is_whole = false;
    for event in events_in(stream) {
        let json = match event {
            Some((_, data)) if data == b"[DONE]" => return Told { text, is_whole: true },
            Some((false, data)) => from_slice(&data).ok(),
            Some((true, _)) | None => None,
        };
        let json = json.filter(|json: &Value| json["error"].is_null());
        let Some(chunk) = json.and_then(|json| from_value::<Chunk>(json).ok()) else {
            return Told { text, is_whole: false };
        };
        is_whole |= chunk.choices.iter().any(|choice| choice.finish_reason.is_some());
        text += chunk.text();
    }
    Told { text, is_whole }
}

/// Whether each event is an error, and its data; `None` for one that is too long.
/// <https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation>
fn events_in(stream: &[u8]) -> Vec<Option<(bool, Vec<u8>)>> {
    let mut events = Vec::new();
    let (mut is_error, mut data) = (false, Vec::<&[u8]>::new());
    let lines = lines(stream);
    // The end of the stream is the end of an event.
    for (index, line) in lines.iter().copied().chain([&b""[..]]).enumerate() {
        let kept = line.strip_prefix("\u{feff}".as_bytes()).filter(|_| index == 0).unwrap_or(line);
        let colon = kept.iter().position(|byte| *byte == b':');
        let (name, value) = kept.split_at(colon.unwrap_or(kept.len()));
        let value = value.strip_prefix(b":").unwrap_or(value);
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match name {
            _ if line.len() > MOST_IN_A_LINE => events.push(None),
            b"" if colon.is_none() => {
                let event = (std::mem::take(&mut is_error), std::mem::take(&mut data));
                if !event.1.is_empty() {
                    events.push(Some((event.0, event.1.join(&b'\n'))));
                }
            }
            b"data" => {
                if data.join(&b'\n').len() + value.len() > MOST_IN_A_LINE {
                    events.push(None);
                }
                data.push(value);
            }
            b"event" => is_error = value == b"error",
            _ => {}
        }
    }
    events
}

/// Ended by `\n`, `\r`, or both.
fn lines(stream: &[u8]) -> Vec<&[u8]> {
    let mut lines = Vec::new();
    let mut rest = stream;
    while let Some(end) = rest.iter().position(|byte| b"\r\n".contains(byte)) {
        let (line, left) = rest.split_at(end);
        lines.push(line);
        rest = left.strip_prefix(b"\r\n").unwrap_or(&left[1..]);
    }
    lines.push(rest);
    lines
}
