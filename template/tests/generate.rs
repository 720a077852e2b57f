//! `cargo generate` with the answers that a test gives.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::repository;

/// Whose name a license bears.
pub const OWNER: &str = "Ada O'Wner";

/// A run of `cargo generate` that asks nothing.
pub struct Generate {
    name: String,
    source: Vec<String>,
    answers: Vec<String>,
    config: String,
    options: Vec<String>,
}

/// A generated project. It is deleted when this is dropped.
pub struct Space {
    pub path: PathBuf,
    pub output: String,
    _folder: TempDir,
}

impl Generate {
    /// Generates from a copy of the repository.
    pub fn new(name: &str) -> Self {
        let generate = Self {
            name: name.to_owned(),
            source: Vec::new(),
            answers: Vec::new(),
            config: String::new(),
            options: Vec::new(),
        };
        generate.path(repository::copy())
    }

    /// Generates from a folder instead.
    pub fn path(self, folder: &Path) -> Self {
        Self { source: vec!["--path".to_owned(), folder.to_str().unwrap().to_owned()], ..self }
    }

    /// Generates from a git URL instead.
    pub fn git(self, url: &str) -> Self {
        Self { source: vec!["--git".to_owned(), url.to_owned()], ..self }
    }

    /// Answers a question.
    pub fn define(mut self, question: &str, answer: &str) -> Self {
        self.answers.push(format!("{question}={answer}"));
        self
    }

    /// Answers one of the questions that are asked only on request.
    pub fn customize(self, question: &str, answer: &str) -> Self {
        self.define("customize", "true").define(question, answer)
    }

    /// Further options of `cargo generate`.
    pub fn options(self, options: &[String]) -> Self {
        Self { options: options.to_vec(), ..self }
    }

    /// The settings of whoever generates.
    pub fn config(self, config: &str) -> Self {
        Self { config: config.to_owned(), ..self }
    }

    /// The project.
    pub fn space(self) -> Space {
        let folder = tempfile::tempdir().unwrap();
        let output = self.run(folder.path());
        let text = text_of(&output);
        assert!(output.status.success(), "cargo generate failed for {:?}:\n{text}", self.answers);
        Space { path: folder.path().join(&self.name), output: text, _folder: folder }
    }

    /// The project, in a place that stays the same from run to run, so that cargo finds what it built before. What was
    /// not changed keeps its time, by which cargo knows that it need not be built again.
    pub fn space_at(self, path: &Path) -> PathBuf {
        let new = self.space();
        for file in files_in(path).iter().filter(|file| !new.path.join(file).exists()) {
            fs::remove_file(path.join(file)).unwrap();
        }
        for file in new.files() {
            let (from, to) = (new.path.join(&file), path.join(&file));
            if fs::read(&from).unwrap() != fs::read(&to).unwrap_or_default() {
                fs::create_dir_all(to.parent().unwrap()).unwrap();
                fs::write(to, fs::read(from).unwrap()).unwrap();
            }
        }
        path.to_owned()
    }

    /// The project, in a folder that is there.
    pub fn space_in(self, folder: &Path) -> PathBuf {
        let path = folder.join(&self.name);
        self.output_in(folder);
        path
    }

    /// What `cargo generate` says when it makes the project in a folder that is there.
    pub fn output_in(self, folder: &Path) -> String {
        let output = self.run(folder);
        let text = text_of(&output);
        assert!(output.status.success(), "{text}");
        text
    }

    /// What `cargo generate` says when it refuses. No file may be there then.
    pub fn refusal(self) -> String {
        let folder = tempfile::tempdir().unwrap();
        let output = self.run(folder.path());
        let text = text_of(&output);
        assert!(
            !output.status.success(),
            "{:?} {:?} was not refused:\n{text}",
            self.name,
            self.answers
        );
        assert_eq!(files_in(folder.path()), Vec::<String>::new(), "files of a refused project");
        text
    }

    fn run(&self, destination: &Path) -> Output {
        // Those of whoever runs the tests do not count.
        let config = tempfile::NamedTempFile::new().unwrap();
        fs::write(config.path(), &self.config).unwrap();
        let mut command = Command::new("cargo");
        command
            .arg("generate")
            .args(&self.source)
            .args(["--silent", "--name", &self.name])
            .args(&self.options)
            .arg("--destination")
            .arg(destination)
            .arg("--config")
            .arg(config.path())
            .args(self.answers.iter().flat_map(|answer| ["--define", answer]))
            .env("CARGO_NAME", OWNER)
            .env("RUST_BACKTRACE", "0");
        for (variable, _) in
            std::env::vars().filter(|(variable, _)| variable.starts_with("CARGO_GENERATE_"))
        {
            command.env_remove(variable);
        }
        let output = command.output().expect("cargo runs");
        assert!(
            !text_of(&output).contains("no such command"),
            "cargo-generate is missing; this installs it:\n    cargo install --locked cargo-generate@0.23.14\n"
        );
        output
    }
}

impl Space {
    /// The content of a file.
    pub fn read(&self, file: &str) -> String {
        read(&self.path, file)
    }

    /// All files but git's own, sorted.
    pub fn files(&self) -> Vec<String> {
        files_in(&self.path)
    }
}

/// The content of a file of a project.
pub fn read(project: &Path, file: &str) -> String {
    fs::read_to_string(project.join(file))
        .unwrap_or_else(|error| panic!("the generated {file}: {error}"))
}

/// All files below a folder but git's own, sorted.
pub fn files_in(folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with(".git") {
                folders.push(path);
            } else if path.is_file() {
                files.push(path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    files.sort();
    files
}

fn text_of(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}
