//! A generated Space, pushed as its README.md says, and the images that are built here.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use crate::card::{self, Card};
use crate::engine::{build, engine, text_of, try_engine};
use crate::generate::{self, Generate};
use crate::repository::{self, git, scratch};

/// The name of the Space: the repository's, so that the two images share the layer of their dependencies.
pub fn name() -> &'static str {
    static NAME: LazyLock<String> = LazyLock::new(repository::live_name);
    &NAME
}

/// A Space on the Hub.
pub struct Pushed {
    /// Its repository.
    pub repository: PathBuf,
    /// What is cloned from there.
    pub checkout: PathBuf,
}

impl Pushed {
    pub fn readme(&self) -> String {
        git(&self.repository, &["show", "main:README.md"])
    }

    pub fn card(&self) -> Card {
        card::of(&self.readme())
    }
}

pub static PUSHED: LazyLock<Pushed> = LazyLock::new(|| {
    let folder = scratch().join("pushed");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let space = Generate::new(name()).space();
    // Inside of another repository `cargo generate` makes none, and what follows would be done to that one.
    assert!(space.path.join(".git").is_dir(), "{} is in a git repository", space.path.display());

    // A new Space has a first commit already.
    let repository = folder.join("hub.git");
    let first = folder.join("first");
    git(&folder, &["init", "--quiet", "--bare", "--initial-branch", "main", "hub.git"]);
    git(&folder, &["clone", "--quiet", "hub.git", "first"]);
    fs::write(first.join(".gitattributes"), "*.safetensors filter=lfs diff=lfs merge=lfs -text\n")
        .unwrap();
    commit_all(&first);
    git(&first, &["push", "--quiet", "origin", "HEAD:main"]);

    let readme = space.read("README.md");
    let commands =
        code_blocks(&readme, "sh").find(|block| block.contains("git push")).expect("how to push");
    let url = format!("https://huggingface.co/spaces/USER/{}", name());
    assert!(commands.contains(&url), "README.md pushes elsewhere: {commands}");
    let commands = commands.replace(&url, repository.to_str().unwrap());
    let output = identified(&mut Command::new("sh"))
        .current_dir(&space.path)
        .env("GIT_CEILING_DIRECTORIES", space.path.parent().unwrap())
        .args(["-ec", &commands])
        .output()
        .unwrap();
    assert!(output.status.success(), "{commands}\n{}", text_of(&output));

    let checkout = folder.join(name());
    git(&folder, &["clone", "--quiet", "--branch", "main", "hub.git", name()]);
    Pushed { repository, checkout }
});

/// The image of the Space.
pub fn image() -> &'static str {
    static IMAGE: LazyLock<String> =
        LazyLock::new(|| build_or_panic(&PUSHED.checkout, "pushed-space"));
    &IMAGE
}

/// The image of this repository.
pub fn repository_image() -> &'static str {
    static IMAGE: LazyLock<String> =
        LazyLock::new(|| build_or_panic(repository::copy(), "repository"));
    &IMAGE
}

/// Builds a folder's Dockerfile: the name of the image.
pub fn build_or_panic(folder: &Path, name: &str) -> String {
    let image = format!("localhost/container-tests/{name}");
    let build = build(folder, &image);
    assert!(build.succeeded, "{} is not built:\n{}", folder.display(), build.log);
    let cached = if compiled(&build.log).len() > 1 { "" } else { " (from cached layers)" };
    println!("{name}: build_ms={}{cached}", build.took.as_millis());
    image
}

/// The packages that were compiled in a build.
pub fn compiled(log: &str) -> Vec<&str> {
    log.lines().filter_map(|line| line.split_once("Compiling ")?.1.split(' ').next()).collect()
}

/// A changed copy of the pushed files, and its image. Both are deleted when this is dropped.
pub struct Variant {
    pub folder: tempfile::TempDir,
    pub image: String,
}

impl Variant {
    pub fn new(name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for file in generate::files_in(&PUSHED.checkout) {
            let target = folder.path().join(&file);
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::copy(PUSHED.checkout.join(&file), target).unwrap();
        }
        Self { folder, image: format!("localhost/container-tests/{name}") }
    }

    /// Replaces a text that a file has to have.
    pub fn replace(&self, file: &str, from: &str, to: &str) {
        let path = self.folder.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        fs::write(path, text.replace(from, to)).unwrap();
    }
}

impl Drop for Variant {
    fn drop(&mut self) {
        try_engine(&["rmi", "--force", &self.image]);
    }
}

/// The files of an image, laid out in a folder.
pub fn unpack(image: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("image.tar");
    engine(&["save", "--output", archive.to_str().unwrap(), image]);
    let unpacked = folder.path().join("image");
    untar(&archive, &unpacked);

    let manifest = fs::read(unpacked.join("manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    let root = tempfile::tempdir().unwrap();
    for layer in manifest[0]["Layers"].as_array().expect("layers") {
        untar(&unpacked.join(layer.as_str().unwrap()), root.path());
    }
    root
}

fn untar(archive: &Path, folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    let output =
        Command::new("tar").arg("-xf").arg(archive).arg("-C").arg(folder).output().unwrap();
    assert!(output.status.success(), "{}", text_of(&output));
}

/// Code blocks of a language in a text in Markdown.
pub fn code_blocks<'a>(markdown: &'a str, language: &str) -> impl Iterator<Item = &'a str> {
    let fence = format!("```{language}\n");
    let blocks: Vec<_> =
        markdown.split(&fence).skip(1).filter_map(|rest| rest.split("```").next()).collect();
    blocks.into_iter()
}

/// Commits all of a folder.
pub fn commit_all(folder: &Path) {
    git(folder, &["add", "--all"]);
    let commit = identified(&mut Command::new("git"))
        .current_dir(folder)
        .args(["commit", "--quiet", "--message", "All of it"])
        .output()
        .unwrap();
    assert!(commit.status.success(), "{}", text_of(&commit));
}

/// git for a test user, without the settings of whoever runs the tests.
fn identified(command: &mut Command) -> &mut Command {
    command
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_AUTHOR_NAME", "Test")
        .env("GIT_AUTHOR_EMAIL", "test@example.org")
        .env("GIT_COMMITTER_NAME", "Test")
        .env("GIT_COMMITTER_EMAIL", "test@example.org")
}
