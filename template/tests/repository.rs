//! This repository as somebody who clones it gets it, with the changes that are not committed yet.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// Who commits, whatever the settings of whoever runs the tests.
pub const IDENTITY: [(&str, &str); 5] = [
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_AUTHOR_NAME", "Test"),
    ("GIT_AUTHOR_EMAIL", "test@example.org"),
    ("GIT_COMMITTER_NAME", "Test"),
    ("GIT_COMMITTER_EMAIL", "test@example.org"),
];

/// Where the tests may write: a folder in this package's `target/`.
pub fn scratch() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

/// A copy of the repository without what git ignores: `cargo generate --path` copies all of a folder, `target/` too.
pub fn copy() -> &'static Path {
    static COPY: LazyLock<PathBuf> = LazyLock::new(|| {
        let copy = scratch().join("repository");
        let _ = fs::remove_dir_all(&copy);
        copy_to(&copy);
        copy
    });
    &COPY
}

/// Copies what git does not ignore to a folder.
pub fn copy_to(folder: &Path) {
    for file in files() {
        let target = folder.join(file);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(root().join(file), target).unwrap();
    }
}

/// The files that git tracks, and those that it would track after `git add`.
pub fn files() -> &'static BTreeSet<String> {
    static FILES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        let list = git(&root(), &["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
        list.split_terminator('\0')
            .filter(|file| root().join(file).exists())
            .map(str::to_owned)
            .collect()
    });
    &FILES
}

/// The content of a file of the repository.
pub fn read(file: &str) -> String {
    fs::read_to_string(root().join(file))
        .unwrap_or_else(|error| panic!("the repository's {file}: {error}"))
}

/// The name that the live app has.
pub fn live_name() -> String {
    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    manifest["package"]["name"].as_str().unwrap().to_owned()
}

/// The questions that `cargo generate` asks only on request: name, `default`, `choices`…
pub fn questions() -> toml::Table {
    let config: toml::Table = read("cargo-generate.toml").parse().unwrap();
    config["conditional"]["customize"]["placeholders"].as_table().unwrap().clone()
}

/// The choices of a question.
pub fn choices(question: &str) -> Vec<String> {
    let choices = questions()[question]["choices"].as_array().unwrap().clone();
    choices.iter().map(|choice| choice.as_str().unwrap().to_owned()).collect()
}

/// What git prints.
pub fn git(folder: &Path, arguments: &[&str]) -> String {
    let output =
        Command::new("git").current_dir(folder).args(arguments).output().expect("git runs");
    assert!(
        output.status.success(),
        "git {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
