//! What the Hub says when it refuses a sign-in, and what an owner can check.

use std::fmt;

const CLIENT: &str = "check OAUTH_CLIENT_ID and OAUTH_CLIENT_SECRET";
const OURS: &str = "this app asked for what the Hub does not do";
const BUSY: &str = "it may be well again in a minute";
const PROMPT: &str = "the Hub asked for more than a visitor was shown";

/// Codes of RFC 6749 §4.1.2.1 and §5.2, and of OpenID Connect Core 1.0 §3.1.2.6.
const KNOWN: [(&str, &str); 17] = [
    (
        "invalid_scope",
        "check hf_oauth_scopes in README.md, or OAUTH_SCOPES: the Hub does not know one of them",
    ),
    ("invalid_client", CLIENT),
    ("unauthorized_client", CLIENT),
    ("invalid_request", "check that the OAuth app has this app's callback among its redirect URLs"),
    ("server_error", BUSY),
    ("temporarily_unavailable", BUSY),
    ("unsupported_response_type", OURS),
    ("unsupported_grant_type", OURS),
    ("invalid_request_uri", OURS),
    ("invalid_request_object", OURS),
    ("request_not_supported", OURS),
    ("request_uri_not_supported", OURS),
    ("registration_not_supported", OURS),
    ("interaction_required", PROMPT),
    ("login_required", PROMPT),
    ("account_selection_required", PROMPT),
    ("consent_required", PROMPT),
];

/// A code with which the Hub refuses, and what to check. What is no known code is not shown: anybody can send it.
#[derive(Debug)]
pub struct RefusedBy(Option<(&'static str, &'static str)>);

impl RefusedBy {
    pub fn of(code: &str) -> Self {
        Self(KNOWN.into_iter().find(|(known, _)| *known == code))
    }
}

impl fmt::Display for RefusedBy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some((code, check)) => write!(formatter, "{code}; {check}"),
            None => formatter.write_str("another error"),
        }
    }
}
