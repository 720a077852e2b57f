//! Whether the Hub asks a user again, and for what.

use crate::user::is_sub;

/// How many organizations can be named.
const MAX_ORG_IDS: usize = 10;

/// How a user is asked. By default the Hub decides, and lets those through who have consented before.
#[derive(Debug, Default)]
pub struct Asking {
    again: bool,
    org_ids: Vec<String>,
}

impl Asking {
    /// The query of a claim whose user is asked again.
    pub const CLAIM_QUERY: &str = "prompt=consent";

    /// The consent page is shown again, with these organizations chosen, by their `sub`.
    pub fn again(org_ids: Vec<String>) -> Self {
        Self { again: true, org_ids }
    }

    /// As the query of a login link says. No other `prompt` is passed on than `consent`, and nothing that is no `sub`.
    pub fn from_query(prompt: Option<&str>, org_ids: Option<&str>) -> Self {
        if prompt != Some("consent") {
            return Self::default();
        }
        let org_ids = org_ids.unwrap_or_default().split(',').filter(|id| is_sub(id));
        Self::again(org_ids.map(str::to_owned).collect())
    }

    pub fn is_again(&self) -> bool {
        self.again
    }

    /// The parameters of the authorization request, and of the login link that leads to it. OpenID Connect Core 1.0
    /// §3.1.2.1; <https://huggingface.co/docs/hub/oauth>
    pub fn params(&self) -> Vec<(&'static str, String)> {
        let org_ids = self.org_ids.iter().take(MAX_ORG_IDS).map(String::as_str).collect::<Vec<_>>();
        let mut params = Vec::new();
        if self.again {
            params.push(("prompt", "consent".to_owned()));
        }
        if !org_ids.is_empty() {
            params.push(("orgIds", org_ids.join(",")));
        }
        params
    }
}
