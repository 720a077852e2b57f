//! A Space is one of its own wherever it is made: in another repository, in another workspace, beside its template.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::generate::{Generate, files_in};
use crate::repository::{self, git, read};

/// The options with which the README of the repository generates, but for where from, where to and the name.
fn options() -> Vec<String> {
    let readme = read("README.md");
    let line = readme.lines().find(|line| line.starts_with("cargo install")).expect("the one line");
    let command = line.split(" && ").find(|part| part.starts_with("cargo generate")).unwrap();
    let own = [
        "cargo",
        "generate",
        "--git",
        ".",
        "--destination",
        "..",
        "--name",
        "my-space",
        "--silent",
    ];
    command.split(' ').filter(|part| !own.contains(part)).map(str::to_owned).collect()
}

/// The first commands of the README of a Space that push it, up to the commit.
fn commit_commands(space: &Path) -> String {
    let readme = fs::read_to_string(space.join("README.md")).unwrap();
    let block = readme.split("```").find(|block| block.contains("git push --force space")).unwrap();
    let commands = block.strip_prefix("sh\n").unwrap();
    commands.lines().take_while(|line| !line.contains("remote")).collect::<Vec<_>>().join("\n")
}

fn shell(folder: &Path, commands: &str) {
    let mut shell = Command::new("sh");
    shell.args(["-ec", commands]).current_dir(folder).envs(repository::IDENTITY);
    assert!(shell.status().unwrap().success(), "{commands}");
}

/// A folder in a repository with a private file, which is a workspace, too.
fn outer() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let outer = folder.path().join("outer work");
    fs::create_dir_all(outer.join("member/src")).unwrap();
    fs::write(outer.join("Cargo.toml"), "[workspace]\nmembers = [\"member\"]\nresolver = \"3\"\n")
        .unwrap();
    fs::write(
        outer.join("member/Cargo.toml"),
        "[package]\nname = \"member\"\nedition = \"2024\"\n",
    )
    .unwrap();
    fs::write(outer.join("member/src/lib.rs"), "").unwrap();
    fs::write(outer.join("private.txt"), "nobody else's").unwrap();
    git(&outer, &["init", "--quiet"]);
    (folder, outer)
}

#[test]
fn in_another_repository_and_workspace_it_is_one_of_its_own_and_leaves_those_alone() {
    let (_folder, outer) = outer();
    let manifest = fs::read(outer.join("Cargo.toml")).unwrap();
    let space = Generate::new("my-space").options(&options()).space_in(&outer);
    assert_eq!(fs::read(outer.join("Cargo.toml")).unwrap(), manifest);
    assert!(space.join(".git").is_dir());
    let metadata = "cargo metadata --locked --offline --no-deps --format-version 1 >/dev/null";
    shell(&space, metadata);
    shell(&outer, "cargo metadata --offline --no-deps --format-version 1 >/dev/null");

    shell(&space, &commit_commands(&space));
    assert_eq!(git(&space, &["ls-files"]).lines().collect::<Vec<_>>(), files_in(&space));
    assert_eq!(git(&outer, &["ls-files"]), "");
}

#[test]
fn without_those_options_the_readme_of_a_space_publishes_nothing_of_others() {
    let (_folder, outer) = outer();
    let space = Generate::new("my-space").options(&["--no-workspace".to_owned()]).space_in(&outer);
    assert!(!space.join(".git").exists(), "cargo-generate makes a repository there by itself now");
    shell(&space, &commit_commands(&space));
    assert_eq!(git(&space, &["ls-files"]).lines().collect::<Vec<_>>(), files_in(&space));
}

#[test]
fn inside_its_own_template_it_takes_nothing_of_that() {
    let folder = tempfile::tempdir().unwrap();
    let template = folder.path().join("template");
    repository::copy_to(&template);
    git(&template, &["init", "--quiet"]);
    let manifest = fs::read(template.join("Cargo.toml")).unwrap();
    let space = Generate::new("my-space").options(&options()).space_in(&template);
    assert_eq!(fs::read(template.join("Cargo.toml")).unwrap(), manifest);
    shell(&space, &commit_commands(&space));
    assert_eq!(git(&space, &["ls-files"]).lines().collect::<Vec<_>>(), files_in(&space));
}

#[test]
fn the_next_command_can_be_pasted_wherever_the_space_is() {
    for name in ["plain", "with blanks", "it's", "a$HOME", "(b) & \"c\"", "日本語"] {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join(name);
        fs::create_dir(&folder).unwrap();
        let output = Generate::new("my-space").output_in(&folder);
        let next =
            output.lines().find_map(|line| line.strip_prefix("Next: ")).expect("what is next");
        let command = next.strip_suffix("cargo run").unwrap();
        shell(&folder, &format!("cd / && {command} test -f Cargo.toml"));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn it_prints_few_lines_before_it_says_what_is_next() {
    let folder = tempfile::tempdir().unwrap();
    let generate = format!(
        "cargo generate --path '{}' --destination '{}' --name my-space --silent",
        repository::copy().display(),
        folder.path().display()
    );
    // The lines are for terminals alone.
    let output = Command::new("script").args(["-qec", &generate, "/dev/null"]).output().unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    assert!(output.contains("Next: cd"), "{output}");
    let skipped = output.matches("Skipped: ").count();
    assert!(skipped <= 12, "{skipped} lines of files that are skipped");
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_is_asked_for_until_it_can_be_one() {
    let folder = tempfile::tempdir().unwrap();
    let generate = format!(
        "cargo generate --path '{}' --destination '{}' --define title=T --define audience=everybody --define chat=false --define customize=false",
        repository::copy().display(),
        folder.path().display()
    );
    let commands = format!("printf 'fn\\nmy-space\\n' | script -qec \"{generate}\" /dev/null");
    let output = Command::new("sh").args(["-c", &commands]).output().unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    assert!(output.contains("\"fn\" cannot be the project's name"), "{output}");
    assert!(folder.path().join("my-space/Cargo.toml").exists(), "{output}");
}
