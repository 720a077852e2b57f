//! A git URL, as most people have it, and a folder, as its maintainers have it.

use std::fs;
use std::path::Path;

use crate::generate::Generate;
use crate::repository::{self, git};

#[test]
fn a_git_url_gives_the_same_space_as_a_path_and_a_repository_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let work = folder.path().join("work");
    repository::copy_to(&work);
    git(&work, &["init", "--quiet"]);
    git(&work, &["add", "--all"]);
    let identity =
        ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"];
    git(&work, &[&identity[..], &["commit", "--quiet", "--message", "All of it"]].concat());
    git(folder.path(), &["clone", "--quiet", "--bare", "work", "bare.git"]);

    let url = format!("file://{}", folder.path().join("bare.git").display());
    let from_git = Generate::new("my-space").git(&url).space();
    let from_path = Generate::new("my-space").space();

    assert_eq!(from_git.files(), from_path.files());
    for file in from_git.files() {
        assert_eq!(from_git.read(&file), from_path.read(&file), "{file}");
    }
    // Nothing is committed yet: the history of the template is not the Space's.
    assert!(from_git.path.join(".git").is_dir());
    assert_eq!(git(&from_git.path, &["rev-list", "--all", "--count"]).trim(), "0");
}

#[test]
fn a_space_from_a_path_gets_nothing_that_git_ignores() {
    let folder = tempfile::tempdir().unwrap();
    repository::copy_to(folder.path());
    let ignored = repository::read(".gitignore");
    for pattern in ignored.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let path = folder.path().join(pattern.trim_matches('/').replace('*', "any"));
        if pattern.starts_with('!') {
            continue;
        }
        write(&path, "a secret, or a gigabyte of build output");
    }
    write(&folder.path().join("template/tests/target/debug/template"), "build output");
    write(&folder.path().join("src/.env.local"), "a secret");
    write(&folder.path().join("actix-huggingface-oauth/key.pem"), "a secret");

    let space = Generate::new("my-space").path(folder.path()).space();
    assert_eq!(space.files(), Generate::new("my-space").space().files());
}

fn write(path: &Path, content: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}
