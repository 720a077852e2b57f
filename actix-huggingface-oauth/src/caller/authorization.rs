//! The bearer token of a request. RFC 6750 §2.1: in the header alone, never in a form or a query.

use actix_web::http::header::{AUTHORIZATION, HeaderMap};

/// The longest token that is read, in bytes. Those of the Hub have 500 to 900.
const MAX_LENGTH: usize = 8 * 1024;

/// What a request sends as a bearer token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent<'a> {
    /// What may be a token.
    Token(&'a str),
    /// What is none: empty, too long, with other letters, or beside another header of its kind.
    Malformed,
}

/// The bearer token of a request; `None` where none is sent. Other schemes, as `Basic`, are none.
pub fn bearer(headers: &HeaderMap) -> Option<Sent<'_>> {
    let mut sent = headers.get_all(AUTHORIZATION).map(|header| token_in(header.as_bytes()));
    let (first, second) = (sent.next()?, sent.next());
    match second {
        None => first.map(|token| well_formed(token).map_or(Sent::Malformed, Sent::Token)),
        // RFC 9110 §5.3: there is only one. Which of them counts, something in front may see otherwise.
        Some(second) => {
            let is_bearer = first.is_some() || second.is_some() || sent.any(|sent| sent.is_some());
            is_bearer.then_some(Sent::Malformed)
        }
    }
}

/// What comes after the scheme, whose case does not matter. RFC 9110 §11.1.
fn token_in(header: &[u8]) -> Option<&[u8]> {
    let end = header.iter().position(|byte| matches!(byte, b' ' | b'\t')).unwrap_or(header.len());
    let (scheme, rest) = header.split_at(end);
    scheme.eq_ignore_ascii_case(b"Bearer").then(|| rest.trim_ascii())
}

/// RFC 6750 §2.1: `b64token`.
fn well_formed(token: &[u8]) -> Option<&str> {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(byte);
    let is_well_formed = (1..=MAX_LENGTH).contains(&token.len()) && token.iter().all(is_letter);
    std::str::from_utf8(token).ok().filter(|_| is_well_formed)
}
