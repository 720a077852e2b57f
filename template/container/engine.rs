//! Docker or podman, whichever `test` has found.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

static ENGINE: LazyLock<String> = LazyLock::new(|| match std::env::var_os("CONTAINER_ENGINE") {
    Some(engine) => engine.into_string().expect("the engine's name"),
    None => "docker".to_owned(),
});

/// An attempt to build an image.
pub struct Build {
    pub succeeded: bool,
    pub log: String,
    pub took: Duration,
}

/// Builds a folder's Dockerfile.
pub fn build(folder: &Path, image: &str) -> Build {
    let mut command = Command::new(&*ENGINE);
    command.args(["build", "--tag", image]);
    if is_podman() {
        // The stand-in's package sources may be reached from this machine alone, and it is in no registry.
        command.args(["--network=host", "--isolation=oci", "--format=docker", "--pull=never"]);
    } else {
        command.arg("--progress=plain");
    }
    let begun = Instant::now();
    let output = command.arg(folder).output().expect("the engine runs");
    Build { succeeded: output.status.success(), log: text_of(&output), took: begun.elapsed() }
}

/// What docker or podman prints.
pub fn engine(arguments: &[&str]) -> String {
    let output = try_engine(arguments);
    assert!(output.status.success(), "{} {arguments:?}: {}", *ENGINE, text_of(&output));
    text_of(&output).trim().to_owned()
}

pub fn try_engine(arguments: &[&str]) -> Output {
    Command::new(&*ENGINE).args(arguments).output().expect("the engine runs")
}

/// The address under which a container reaches this machine.
pub fn host_address() -> String {
    if is_podman() {
        engine(&["network", "inspect", "podman", "--format", "{{(index .Subnets 0).Gateway}}"])
    } else {
        engine(&["network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}"])
    }
}

pub fn is_podman() -> bool {
    ENGINE.ends_with("podman")
}

/// Output and errors.
pub fn text_of(output: &Output) -> String {
    let [stdout, stderr] =
        [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    format!("{stdout}{stderr}")
}
