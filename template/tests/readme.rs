//! The README.md of a Space, and what else its owner reads.

use std::path::Path;

use serde_json::{Map, Value};

use crate::generate::Generate;
use crate::repository;

#[test]
fn nothing_of_the_template_is_left() {
    let space = Generate::new("my-space").space();
    let name = repository::live_name();
    // Of Liquid's own: a tag that README.md shows is Askama's.
    assert!(!space.read("README.md").contains("raw %}"));
    let traces = [
        &name,
        &name.replace('-', "_"),
        "cargo-generate",
        "cargo generate",
        "template-tests",
        "liquid",
    ];
    for file in space.files() {
        let text = space.read(&file);
        for trace in traces {
            assert!(!file.contains(trace) && !text.contains(trace), "{file} mentions {trace}");
        }
        // The tags of Askama and of GitHub's workflows and Rust's braces are the app's own, and Liquid does not see them.
        let own = ["templates/", ".github/", "README.md"].iter().any(|own| file.contains(own));
        if !own && Path::new(&file).extension() != Some("rs".as_ref()) {
            assert!(
                !text.contains("{{") && !text.contains("{%"),
                "{file} has a tag of Liquid left"
            );
        }
    }
}

#[test]
fn the_readme_names_only_files_that_are_there() {
    let space = Generate::new("my-space").space();
    let readme = space.read("README.md");
    let table = readme.lines().filter(|line| line.starts_with("| `") && line.contains("` |"));
    let text = readme.split("## Set it up").next().unwrap();
    let named = text.split('`').skip(1).step_by(2).filter(|code| {
        !code.contains([' ', '(']) && !code.starts_with(['.', '/']) && code.contains('/')
    });
    let paths: Vec<_> = named.filter(|code| code.contains('.') || code.ends_with('/')).collect();
    assert!(table.count() > 5 && paths.len() > 10, "{paths:?}");
    for path in paths {
        assert!(space.path.join(path).exists(), "README.md names {path}, which is not there");
    }
    assert!(
        space.path.join("Dockerfile").exists(),
        "README.md names the Dockerfile, which is not there"
    );
}

#[test]
fn the_readme_names_a_user_whom_the_mock_knows() {
    let space = Generate::new("my-space").space();
    let users: Map<String, Value> =
        serde_json::from_str(&space.read("actix-huggingface-oauth/src/mock_hub/users.json"))
            .expect("users by their names");
    let readme = space.read("README.md");
    let user =
        readme.split("HF_MOCK_USER=").nth(1).and_then(|rest| rest.split(' ').next()).unwrap();
    assert!(
        users.contains_key(user),
        "README.md names the mocked user {user}, who is not among {:?}",
        users.keys()
    );
}

#[test]
fn the_last_words_of_the_generation_say_how_to_go_on() {
    let space = Generate::new("my-space").space();
    let next = format!("Next: cd {} && cargo run", space.path.display());
    assert!(space.output.contains(&next), "{}", space.output);
}
