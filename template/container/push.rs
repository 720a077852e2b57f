//! What the Hub looks at when a Space is pushed.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::card;
use crate::pushed::{PUSHED, commit_all};
use crate::repository::{self, git};

/// Files above it need LFS or Xet, in bytes.
const MAX_FILE: usize = 10_000_000;

#[test]
fn the_hub_takes_a_generated_space_as_it_is() {
    assert_eq!(refusals(&PUSHED.repository), Vec::<String>::new());
    // The Space's own first commit is replaced, as README.md says.
    assert_eq!(git(&PUSHED.repository, &["rev-list", "--count", "main"]).trim(), "1");
}

#[test]
fn the_hub_would_refuse_pictures_large_files_and_a_wrong_card() {
    let folder = tempfile::tempdir().unwrap();
    repository::copy_to(folder.path());
    git(folder.path(), &["init", "--quiet", "--initial-branch", "main"]);
    fs::write(folder.path().join("large.txt"), "0123456789".repeat(1_000_001)).unwrap();
    let readme = repository::read("README.md").replacen("sdk: docker", "sdk: rust", 1);
    fs::write(folder.path().join("README.md"), readme).unwrap();
    commit_all(folder.path());

    let refusals = refusals(folder.path());
    for refusal in [
        "docs/pictures/profile-phone-dark.webp is no text",
        "large.txt has 10000010 bytes",
        "not so: sdk is docker",
    ] {
        assert!(refusals.contains(&refusal.to_owned()), "{refusal} is not in {refusals:?}");
    }
}

/// Why the Hub would not take the branch `main` of a repository.
fn refusals(repository: &Path) -> Vec<String> {
    let mut refusals = card::faults(&card::of(&git(repository, &["show", "main:README.md"])));
    let files = git(repository, &["ls-tree", "-r", "-z", "--name-only", "main"]);
    for file in files.split_terminator('\0') {
        let content = blob(repository, file);
        if content.len() > MAX_FILE {
            refusals.push(format!("{file} has {} bytes", content.len()));
        }
        if content.contains(&0) || std::str::from_utf8(&content).is_err() {
            refusals.push(format!("{file} is no text"));
        }
    }
    refusals
}

fn blob(repository: &Path, file: &str) -> Vec<u8> {
    let output = Command::new("git")
        .current_dir(repository)
        .args(["cat-file", "blob", &format!("main:{file}")])
        .output()
        .expect("git runs");
    assert!(output.status.success(), "{file} is no file of main");
    output.stdout
}
