//! The card of a Space: the YAML between the lines `---` at the top of its README.md, which the Hub reads at a push.
//! <https://huggingface.co/docs/hub/spaces-config-reference>

use std::fmt;
use std::time::Duration;

use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};

/// The longest life of a token, in minutes.
const MAX_EXPIRATION: i64 = 43_200;

const COLORS: [&str; 8] = ["red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"];

/// <https://huggingface.co/docs/hub/spaces-oauth#scopes>
const SCOPES: [&str; 18] = [
    "openid",
    "profile",
    "email",
    "read-billing",
    "read-memberships",
    "read-repos",
    "gated-repos",
    "contribute-repos",
    "write-repos",
    "manage-repos",
    "read-collections",
    "write-collections",
    "inference-api",
    "read-endpoints",
    "write-endpoints",
    "jobs",
    "webhooks",
    "write-discussions",
];

const KEYS: [&str; 24] = [
    "title",
    "emoji",
    "colorFrom",
    "colorTo",
    "sdk",
    "app_port",
    "base_path",
    "fullWidth",
    "header",
    "short_description",
    "models",
    "datasets",
    "tags",
    "thumbnail",
    "pinned",
    "license",
    "disable_embedding",
    "startup_duration_timeout",
    "custom_headers",
    "preload_from_hub",
    "suggested_hardware",
    "hf_oauth_scopes",
    "hf_oauth_expiration_minutes",
    "hf_oauth_authorized_org",
];

/// What a card says of sign-in, and what the Hub would not take.
#[derive(Clone, Debug, Default)]
pub struct Card {
    pub title: Option<String>,
    /// Besides `openid` and `profile`.
    pub scopes: Vec<String>,
    pub token_lifetime: Option<Duration>,
    /// Whose members alone may sign in; everybody may where there are none.
    pub authorized_orgs: Vec<String>,
    pub faults: Vec<Fault>,
}

/// What is wrong with a card, and how to put it right.
#[derive(Clone, Debug)]
pub struct Fault {
    /// In README.md, from 1.
    line: usize,
    text: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "README.md, line {}: {}", self.line, self.text)
    }
}

impl Card {
    /// The card at the top of `readme`, of an app that listens on the first of these ports, and in a Space on any.
    pub fn parse(readme: &str, ports: [u16; 2]) -> Self {
        let mut card = Self::default();
        let Some(yaml) = front_matter(readme) else {
            card.fault(1, "there is no card between lines `---`, which a Space begins with");
            return card;
        };
        match MarkedYaml::load_from_str(yaml) {
            Err(error) => {
                card.fault(error.marker().line() + 1, format!("this is no YAML: {}", error.info()));
            }
            Ok(documents) => {
                match documents.first().map(|document| &document.data) {
                    Some(YamlData::Mapping(entries)) => {
                        for (key, value) in entries {
                            let line = key.span.start.line() + 1;
                            card.read(text(key).unwrap_or_default(), value, line, ports);
                        }
                        if !entries.keys().any(|key| text(key) == Some("hf_oauth")) {
                            card.fault(1, "`hf_oauth: true` is missing: without it nobody can sign in on the Hub");
                        }
                    }
                    _ => card.fault(2, "the card has no `key: value` lines"),
                }
            }
        }
        card
    }

    fn fault(&mut self, line: usize, text: impl Into<String>) {
        self.faults.push(Fault { line, text: text.into() });
    }

    fn read(&mut self, key: &str, value: &MarkedYaml<'_>, line: usize, ports: [u16; 2]) {
        let is_none_of =
            |choices: &[&str]| !text(value).is_some_and(|text| choices.contains(&text));
        match key {
            "title" => match text(value) {
                Some(title) => self.title = Some(title.to_owned()),
                None => self.fault(line, "title is a text: put it into quotes"),
            },
            "colorFrom" | "colorTo" if is_none_of(&COLORS) => {
                self.fault(line, format!("{key} is one of {}", COLORS.join(", ")));
            }
            "sdk" if is_none_of(&["docker"]) => {
                self.fault(line, "sdk has to be docker, or no image is built");
            }
            "header" if is_none_of(&["mini", "default"]) => {
                self.fault(line, "header is mini or default");
            }
            "app_port" if !ports.map(|port| Some(port.into())).contains(&number(value)) => {
                self.fault(
                    line,
                    format!(
                        "app_port is not {}, on which the app listens: change it, or set PORT",
                        ports[0]
                    ),
                );
            }
            "short_description" => match text(value).map(|text| text.chars().count()) {
                Some(0..=60) => {}
                Some(length) => self
                    .fault(line, format!("short_description has {length} characters, 60 at most")),
                None => self.fault(line, "short_description is a text: put it into quotes"),
            },
            "license" if !text(value).is_some_and(is_license) => {
                self.fault(
                    line,
                    "license is one of the Hub's identifiers, as apache-2.0, mit or other",
                );
            }
            "hf_oauth" if boolean(value) != Some(true) => {
                self.fault(
                    line,
                    "hf_oauth has to be true: without it nobody can sign in on the Hub",
                );
            }
            "hf_oauth_scopes" => {
                let scopes = texts(value);
                for unknown in scopes.iter().filter(|scope| !SCOPES.contains(&scope.as_str())) {
                    self.fault(
                        line,
                        format!(
                            "the Hub has no scope `{unknown}`: choose of {}",
                            SCOPES.join(", ")
                        ),
                    );
                }
                self.scopes = scopes;
            }
            "hf_oauth_expiration_minutes" => match number(value) {
                Some(minutes @ 1..=MAX_EXPIRATION) => {
                    self.token_lifetime = Some(Duration::from_secs(minutes.unsigned_abs() * 60));
                }
                _ => self.fault(line, format!("{key} is a number from 1 to {MAX_EXPIRATION}")),
            },
            "hf_oauth_authorized_org" => self.authorized_orgs = texts(value),
            "emoji"
                if text(value).is_none_or(|text| text.is_ascii() || text.chars().count() > 12) =>
            {
                self.fault(line, "emoji is one emoji");
            }
            "hf_oauth" => {}
            known if KEYS.contains(&known) => {}
            unknown => self.fault(line, format!("the Hub knows no `{unknown}`: is it misspelt?")),
        }
    }
}

/// What stands between the first line `---` and the next.
fn front_matter(readme: &str) -> Option<&str> {
    let rest = readme.strip_prefix("---")?;
    let rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n'))?;
    let end = rest
        .match_indices("---")
        .find(|(index, _)| *index == 0 || rest[..*index].ends_with('\n'))?;
    Some(&rest[..end.0])
}

/// Whether it has the form of the Hub's identifiers: they are no SPDX expressions.
fn is_license(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.+".contains(&byte)
        })
}

fn text<'a>(node: &'a MarkedYaml<'_>) -> Option<&'a str> {
    match &node.data {
        YamlData::Value(Scalar::String(text)) => Some(text),
        _ => None,
    }
}

fn number(node: &MarkedYaml<'_>) -> Option<i64> {
    match node.data {
        YamlData::Value(Scalar::Integer(number)) => Some(number),
        _ => None,
    }
}

fn boolean(node: &MarkedYaml<'_>) -> Option<bool> {
    match node.data {
        YamlData::Value(Scalar::Boolean(boolean)) => Some(boolean),
        _ => None,
    }
}

/// A text, or a list of some.
fn texts(node: &MarkedYaml<'_>) -> Vec<String> {
    match &node.data {
        YamlData::Sequence(nodes) => nodes.iter().filter_map(text).map(str::to_owned).collect(),
        _ => text(node).map(str::to_owned).into_iter().collect(),
    }
}
