//! The last stage that README.md offers for Dev Mode.
//!
//! <https://huggingface.co/docs/hub/spaces-dev-mode>

use std::fs;

use crate::browser::curl;
use crate::container::{Container, Options};
use crate::engine::build;
use crate::pushed::{PUSHED, Variant, code_blocks, image};

#[test]
fn it_has_what_dev_mode_needs_and_compiles_what_is_changed() {
    let _ = image();
    let variant = Variant::new("dev-mode");
    let dockerfile = fs::read_to_string(variant.folder.path().join("Dockerfile")).unwrap();
    let (_, last_stage) = dockerfile.split_once("FROM scratch\n").expect("the last stage");
    let readme = PUSHED.readme();
    let stages: Vec<_> = code_blocks(&readme, "dockerfile").collect();
    assert_eq!(stages.len(), 1, "{stages:?}");
    variant.replace("Dockerfile", &format!("FROM scratch\n{last_stage}"), stages[0]);
    fs::remove_file(variant.folder.path().join(".dockerignore")).unwrap();
    let build = build(variant.folder.path(), &variant.image);
    assert!(build.succeeded, "{}", build.log);

    let container =
        Container::start(&variant.image, &Options { writable: true, ..Options::default() });
    assert_eq!(container.process_status("Uid"), "1000\t1000\t1000\t1000");
    for tool in
        ["curl --version", "wget --version", "ps --version", "git --version", "git lfs version"]
    {
        container.exec(&["bash", "-c", tool]);
    }
    assert_eq!(container.exec(&["find", "/app", "!", "-user", "1000"]), "");
    assert!(container.exec(&["cat", "/etc/os-release"]).contains("debian"));
    for file in ["README.md", "src/main.rs", "tests/app/main.rs"] {
        assert_eq!(
            container.exec(&["cat", &format!("/app/{file}")]),
            fs::read_to_string(PUSHED.checkout.join(file)).unwrap().trim()
        );
    }

    let address = || format!("http://{}/healthz", container.address());
    assert_eq!(curl(&[&address()]).body, "ok");
    container.exec(&["sed", "-i", "s/\"ok\"/\"changed\"/", "/app/src/pages/mod.rs"]);
    container.restart();
    assert_eq!(curl(&[&address()]).body, "changed");
}
