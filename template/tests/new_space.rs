//! A Space with the default answers, and one with every option and an awkward name, as their owners build, test and run
//! them.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value};

use crate::browser::{Browser, Page};
use crate::generate::{Generate, read};
use crate::recipes;
use crate::repository::choices;
use crate::running::{Running, cargo, succeeds, target};

/// One whole Space at a time, in one place: cargo keys what it builds by paths, so that each is built on what is there.
static PLACE: Mutex<()> = Mutex::new(());

#[test]
fn with_the_default_answers_it_builds_passes_its_checks_and_signs_in() {
    let _place = PLACE.lock().unwrap_or_else(PoisonError::into_inner);
    let space = try_out(Generate::new("my-space"), "my-space", "My Space");
    recipes::try_out(&space);
}

#[test]
fn with_every_option_and_an_awkward_name_it_builds_passes_its_checks_and_signs_in() {
    let name = "awkward_2nd_space";
    let answers = Generate::new(name)
        .define("title", "It's \"awkward\": # {{ title }} \\ 🤗")
        .customize("emoji", "👩🏽‍🔬")
        .define("color_from", "indigo")
        .define("color_to", "pink")
        .define("short_description", "'\"': # {{ x }} \\ 日本語 🤗")
        .define("license", "bsd-3-clause")
        .define("scopes", &choices("scopes").join(","))
        .define("redis", "true")
        .define("chat", "true")
        .define("audience", "members")
        .define("organizations", "acme-corporation, another.org_2");
    let _place = PLACE.lock().unwrap_or_else(PoisonError::into_inner);
    try_out(answers, name, "awkward");
}

/// Where the Spaces are. Not in the target directory: of files that lie there, cargo does not notice when it builds the same
/// crate from elsewhere, and would take the one that was built here before.
fn place() -> PathBuf {
    let mut hasher = DefaultHasher::new();
    target().hash(&mut hasher);
    std::env::temp_dir().join(format!("space-of-{:016x}", hasher.finish()))
}

/// Does with a new Space what its README.md says.
fn try_out(answers: Generate, name: &str, title: &str) -> PathBuf {
    let space = answers.space_at(&place());
    let command = format!("CMD [\"/{name}\"]");
    assert!(read(&space, "Dockerfile").contains(&command), "the image runs another program");
    let lock = read(&space, "Cargo.lock");
    succeeds(&space, &["build", "--quiet", "--locked"]);
    // Without --locked, cargo would write the file anew if a line of it stood elsewhere.
    succeeds(&space, &["build", "--quiet"]);
    assert_eq!(read(&space, "Cargo.lock"), lock);
    succeeds(&space, &["fmt", "--check"]);
    succeeds(&space, &["clippy", "--quiet", "--locked", "--all-targets", "--", "-D", "warnings"]);
    succeeds(&space, &["test", "--quiet", "--locked"]);
    what_is_wrong_stops_the_checks_and_style_does_not(&space);
    // Another program, which is not what runs.
    std::fs::create_dir_all(space.join("src/bin")).unwrap();
    std::fs::write(space.join("src/bin/another.rs"), "fn main() {}").unwrap();
    sign_in_and_out(&space, title);
    space
}

/// A page that was written quickly passes; one that was left half done does not.
fn what_is_wrong_stops_the_checks_and_style_does_not(space: &Path) {
    let clippy = &["clippy", "--quiet", "--locked", "--all-targets"];
    let page = space.join("src/pages/me.rs");
    let as_it_was = std::fs::read_to_string(&page).unwrap();
    let quick = "\n/// Uses OAuth and the MyDatabase of HuggingFace.\npub fn quick(names: &Vec<String>) -> Option<u64> {\n    \
                 let wait = std::time::Duration::from_secs(60);\n    return names.iter().next().map(|_| wait.as_secs());\n}\n";
    std::fs::write(&page, as_it_was.clone() + quick).unwrap();
    succeeds(space, clippy);
    let half_done = "\npub fn half_done() -> u64 {\n    dbg!(1)\n}\n";
    std::fs::write(&page, as_it_was.clone() + half_done).unwrap();
    let output = cargo(space, clippy).output().expect("cargo runs");
    assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains("dbg!"));
    std::fs::write(&page, as_it_was).unwrap();
}

fn sign_in_and_out(space: &Path, title: &str) {
    let users = read(space, "actix-huggingface-oauth/src/mock_hub/users.json");
    let users: Map<String, Value> = serde_json::from_str(&users).expect("users by their names");
    let (key, user) = users.iter().next().expect("a mocked user");
    let username =
        user["preferred_username"].as_str().expect("the first user has a preferred_username");
    let mut app = Running::start(space, key);
    let browser = &mut app.browser;

    let home = browser.follow("/");
    assert_eq!(home.status, 200, "{}", home.body);
    assert!(home.body.contains(title), "the page does not show the card's title:\n{}", home.body);
    assert!(!home.body.contains(username), "somebody is signed in already:\n{}", home.body);
    assert_eq!(me(browser), (401, Value::Null));

    let home = browser.follow("/oauth/huggingface/login");
    assert_eq!(home.status, 200, "{}", home.body);
    assert!(home.body.contains(username), "{username} is not greeted:\n{}", home.body);
    assert_eq!(me(browser), (200, Value::from(username)));
    assert_eq!(browser.follow("/profile").status, 200);

    assert_eq!(browser.follow("/oauth/huggingface/logout").status, 200);
    assert_eq!(me(browser), (401, Value::Null));
    assert_eq!(browser.follow("/profile").status, 401);
}

/// The status of `/api/me` and who it says is signed in.
fn me(browser: &mut Browser) -> (u16, Value) {
    let Page { status, body, .. } = browser.follow("/api/me");
    let json: Value =
        serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error} in /api/me: {body}"));
    (status, json["user_info"]["preferred_username"].clone())
}
