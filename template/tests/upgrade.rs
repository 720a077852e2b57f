//! A Space that was generated before gets a newer sign-in by what its README.md says.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::generate::Generate;
use crate::repository::{self, IDENTITY, git};

/// The version of the crate in the lock file of a project.
fn locked_version(project: &Path) -> String {
    let lock = fs::read_to_string(project.join("Cargo.lock")).unwrap();
    let (_, entry) = lock.split_once("name = \"actix-huggingface-oauth\"\n").expect("the crate");
    entry.split('"').nth(1).expect("a version").to_owned()
}

#[test]
fn the_folder_of_a_newer_tag_replaces_the_one_that_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let newer = folder.path().join("template");
    repository::copy_to(&newer);
    let manifest = newer.join("actix-huggingface-oauth/Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    let version = locked_version(&newer);
    let next = "0.1.999";
    let changed =
        text.replacen(&format!("version = \"{version}\""), &format!("version = \"{next}\""), 1);
    fs::write(&manifest, changed).unwrap();
    git(&newer, &["init", "--quiet"]);
    commit_all(&newer);
    git(&newer, &["tag", "newer"]);

    let space = Generate::new("my-space").space();
    fs::write(space.path.join("actix-huggingface-oauth/src/gone.rs"), "").unwrap();
    commit_all(&space.path);
    let readme = space.read("README.md");
    let block = readme.split("```").find(|block| block.contains("rm -r actix-huggingface-oauth\n"));
    let commands = block.expect("how to upgrade").strip_prefix("sh\n").expect("a shell's commands");
    let clone = folder.path().join("newer");
    let commands = commands
        .replace("TAG URL-OF-THE-TEMPLATE", &format!("newer file://{}", newer.display()))
        .replace("/tmp/newer", clone.to_str().unwrap())
        // What the tests of a Space are is shown elsewhere.
        .replace("cargo test\n", "cargo metadata --locked --format-version 1 >/dev/null\n");
    let output = Command::new("sh")
        .args(["-ec", &commands])
        .current_dir(&space.path)
        .env("CARGO_NET_OFFLINE", "true")
        .envs(IDENTITY)
        .output()
        .unwrap();
    assert!(output.status.success(), "{commands}\n{}", String::from_utf8_lossy(&output.stderr));

    assert_eq!(locked_version(&space.path), next);
    assert!(!space.path.join("actix-huggingface-oauth/src/gone.rs").exists());
    assert_eq!(git(&space.path, &["status", "--porcelain"]), "");
    let changed = git(&space.path, &["diff", "--name-only", "HEAD~1"]);
    let expected =
        ["Cargo.lock", "actix-huggingface-oauth/Cargo.toml", "actix-huggingface-oauth/src/gone.rs"];
    assert_eq!(changed.lines().collect::<Vec<_>>(), expected);
}

fn commit_all(folder: &Path) {
    git(folder, &["add", "--all"]);
    let mut commit = Command::new("git");
    commit.args(["commit", "--quiet", "--message", "All of it"]).current_dir(folder).envs(IDENTITY);
    assert!(commit.status().unwrap().success());
}
