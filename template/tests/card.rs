//! A Space's card: the YAML at the top of its README.md, and the Hub's rules for it.
//!
//! <https://huggingface.co/docs/hub/spaces-config-reference>, <https://huggingface.co/docs/hub/spaces-oauth>

use serde_json::{Map, Value};
use yaml_rust2::{Yaml, YamlLoader};

const KEYS: [&str; 25] = [
    "app_port",
    "base_path",
    "colorFrom",
    "colorTo",
    "custom_headers",
    "datasets",
    "disable_embedding",
    "emoji",
    "fullWidth",
    "header",
    "hf_oauth",
    "hf_oauth_authorized_org",
    "hf_oauth_expiration_minutes",
    "hf_oauth_scopes",
    "license",
    "models",
    "pinned",
    "preload_from_hub",
    "sdk",
    "short_description",
    "startup_duration_timeout",
    "suggested_hardware",
    "tags",
    "thumbnail",
    "title",
];
const COLORS: [&str; 8] = ["red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"];
const LICENSES: [&str; 9] = [
    "agpl-3.0",
    "apache-2.0",
    "bsd-3-clause",
    "gpl-3.0",
    "isc",
    "mit",
    "mpl-2.0",
    "other",
    "unlicense",
];
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

pub type Card = Map<String, Value>;

/// The card of a README.md.
pub fn of(readme: &str) -> Card {
    let after = readme.strip_prefix("---\n").expect("README.md begins with ---");
    let (yaml, _) = after.split_once("\n---\n").expect("the card ends with ---");
    let documents = YamlLoader::load_from_str(yaml)
        .unwrap_or_else(|error| panic!("{error} in the card\n{yaml}"));
    match json(&documents[0]) {
        Value::Object(card) => card,
        other => panic!("the card is {other}"),
    }
}

/// Where a card breaks the Hub's rules.
pub fn faults(card: &Card) -> Vec<String> {
    let text = |key: &str| card.get(key).and_then(Value::as_str);
    let among =
        |key: &str, allowed: &[&str]| text(key).is_some_and(|value| allowed.contains(&value));
    let scopes = card
        .get("hf_oauth_scopes")
        .map_or(Some(&[][..]), |scopes| scopes.as_array().map(Vec::as_slice));
    let rules = [
        ("title is text", text("title").is_some_and(|title| !title.trim().is_empty())),
        ("emoji is text", text("emoji").is_some_and(|emoji| !emoji.is_empty())),
        ("colorFrom is one of the Hub's colors", among("colorFrom", &COLORS)),
        ("colorTo is one of the Hub's colors", among("colorTo", &COLORS)),
        ("license is one that the Hub knows", among("license", &LICENSES)),
        ("sdk is docker", among("sdk", &["docker"])),
        ("app_port is 7860", card.get("app_port").and_then(Value::as_i64) == Some(7860)),
        ("hf_oauth is true", card.get("hf_oauth") == Some(&Value::Bool(true))),
        (
            "short_description is a text of 60 characters at most",
            card.get("short_description")
                .is_none_or(|value| value.as_str().is_some_and(|text| text.chars().count() <= 60)),
        ),
        (
            "hf_oauth_scopes is a list of the Hub's scopes",
            scopes.is_some_and(|scopes| {
                scopes
                    .iter()
                    .all(|scope| scope.as_str().is_some_and(|scope| SCOPES.contains(&scope)))
            }),
        ),
        (
            "hf_oauth_authorized_org is a text or a list of texts",
            card.get("hf_oauth_authorized_org").is_none_or(|value| {
                value.is_string()
                    || value.as_array().is_some_and(|names| names.iter().all(Value::is_string))
            }),
        ),
    ];
    let broken = rules.iter().filter(|(_, kept)| !kept).map(|(rule, _)| format!("not so: {rule}"));
    let unknown = card
        .keys()
        .filter(|key| !KEYS.contains(&key.as_str()))
        .map(|key| format!("unknown key: {key}"));
    broken.chain(unknown).collect()
}

fn json(yaml: &Yaml) -> Value {
    match yaml {
        Yaml::String(text) | Yaml::Real(text) => Value::from(text.as_str()),
        Yaml::Integer(number) => Value::from(*number),
        Yaml::Boolean(value) => Value::from(*value),
        Yaml::Array(items) => items.iter().map(json).collect(),
        Yaml::Hash(entries) => Value::Object(
            entries
                .iter()
                .map(|(key, value)| (key.as_str().unwrap().to_owned(), json(value)))
                .collect(),
        ),
        Yaml::Alias(_) | Yaml::Null | Yaml::BadValue => Value::Null,
    }
}
