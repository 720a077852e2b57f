//! The repository is a Space itself. What is generated under its own name and with its own answers is the same.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::card::{self, Card};
use crate::generate::{Generate, Space};
use crate::repository;

/// What every Space gets as it is. Folders end in `/`.
const SHIPPED: [&str; 25] = [
    ".dockerignore",
    ".env.example",
    ".gitignore",
    "AGENTS.md",
    "Cargo.lock",
    "Cargo.toml",
    "Dockerfile",
    "actix-huggingface-oauth/CHANGELOG.md",
    "actix-huggingface-oauth/Cargo.toml",
    "actix-huggingface-oauth/EXISTING_APP.md",
    "actix-huggingface-oauth/FROM_FASTAPI.md",
    "actix-huggingface-oauth/LICENSE",
    "actix-huggingface-oauth/README.md",
    "actix-huggingface-oauth/SECURITY.md",
    "actix-huggingface-oauth/clippy.toml",
    "actix-huggingface-oauth/examples/",
    "actix-huggingface-oauth/src/",
    "actix-huggingface-oauth/templates/",
    "bacon.toml",
    "clippy.toml",
    "rustfmt.toml",
    "src/",
    "static/",
    "templates/",
    "tests/app/",
];
/// What every Space gets in a form of its own.
const WRITTEN_ANEW: [&str; 4] =
    [".github/workflows/checks.yml", ".github/workflows/deploy.yml", "LICENSE", "README.md"];
/// What no Space gets.
const LEFT_OUT: [&str; 10] = [
    ".ci/",
    ".genignore",
    ".github/",
    "actix-huggingface-oauth/tests/",
    "bench/",
    "cargo-generate.toml",
    "docs/",
    "examples/",
    "template/",
    "tests/program/",
];

#[test]
fn it_is_decided_for_every_file_of_the_repository_whether_a_space_gets_it() {
    let decided = |file: &String| {
        [&SHIPPED[..], &WRITTEN_ANEW, &LEFT_OUT].iter().any(|list| is_in(file, list))
    };
    let undecided: Vec<_> = repository::files().iter().filter(|file| !decided(file)).collect();
    assert!(
        undecided.is_empty(),
        "{undecided:?}: does a Space get them? \
         Put them into one of the lists in {}, and into `ignore` in cargo-generate.toml if it does not.",
        file!()
    );
}

#[test]
fn a_space_gets_the_files_of_the_repository_byte_for_byte() {
    let space = generate_the_live_app();
    let live: BTreeSet<_> = repository::files()
        .iter()
        .filter(|file| is_in(file, &SHIPPED))
        .map(String::as_str)
        .collect();
    let generated = space.files();
    let generated: BTreeSet<_> =
        generated.iter().map(String::as_str).filter(|file| !WRITTEN_ANEW.contains(file)).collect();

    let forgotten: Vec<_> = live.difference(&generated).collect();
    let added: Vec<_> = generated.difference(&live).collect();
    assert!(forgotten.is_empty() && added.is_empty(), "forgotten: {forgotten:?}, added: {added:?}");

    let differing: Vec<_> =
        live.iter().filter(|file| repository::read(file) != space.read(file)).collect();
    assert!(differing.is_empty(), "{differing:?} came out otherwise");
    for file in WRITTEN_ANEW {
        assert!(space.path.join(file).exists(), "{file} was not written");
    }
}

#[test]
fn the_workflows_are_those_of_the_template_byte_for_byte() {
    let space = generate_the_live_app();
    for file in WRITTEN_ANEW.iter().filter(|file| file.starts_with(".github/")) {
        let overlay = file.replace(".github/", "template/github/");
        assert_eq!(space.read(file), repository::read(&overlay), "{file}");
    }
}

#[test]
fn the_card_of_the_repository_is_the_one_that_its_own_answers_make() {
    let live = live_card();
    assert_eq!(card::faults(&live), Vec::<String>::new());
    assert_eq!(live, card::of(&generate_the_live_app().read("README.md")));
}

/// A Space with the name and the answers of the live app.
fn generate_the_live_app() -> Space {
    let card = live_card();
    let text = |key: &str| card.get(key).and_then(Value::as_str).unwrap_or_default();
    let list = |key: &str| {
        let items = card.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
        items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",")
    };
    Generate::new(&repository::live_name())
        .define("title", text("title"))
        .define("chat", "true")
        .customize("emoji", text("emoji"))
        .define("color_from", text("colorFrom"))
        .define("color_to", text("colorTo"))
        .define("short_description", text("short_description"))
        .define("license", text("license"))
        .define("scopes", &list("hf_oauth_scopes"))
        .space()
}

fn live_card() -> Card {
    card::of(&repository::read("README.md"))
}

fn is_in(file: &str, list: &[&str]) -> bool {
    list.iter().any(|entry| file == *entry || (entry.ends_with('/') && file.starts_with(entry)))
}
