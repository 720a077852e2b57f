//! What the images hold.

use std::fs;

use serde_json::{Map, Value};

use crate::engine::engine;
use crate::generate::files_in;
use crate::pushed::{PUSHED, image, name, repository_image, unpack};

const MAX_SIZE: u64 = 9_000_000;

#[test]
fn an_image_holds_the_program_and_certificates_alone() {
    for image in [image(), repository_image()] {
        let root = unpack(image);
        assert_eq!(files_in(root.path()), ["etc/ssl/certs/ca-certificates.crt", name()]);

        let certificates =
            fs::read_to_string(root.path().join("etc/ssl/certs/ca-certificates.crt")).unwrap();
        assert!(certificates.matches("BEGIN CERTIFICATE").count() > 50, "only a few certificates");

        let size = |file: &String| fs::metadata(root.path().join(file)).unwrap().len();
        let size: u64 = files_in(root.path()).iter().map(size).sum();
        println!("image_bytes={size}");
        assert!(size <= MAX_SIZE, "{size} bytes are more than {MAX_SIZE}");
    }
}

#[test]
fn the_program_is_stripped_and_has_nothing_of_the_mock_hub() {
    let users =
        fs::read(PUSHED.checkout.join("actix-huggingface-oauth/src/mock_hub/users.json")).unwrap();
    let users: Map<String, Value> = serde_json::from_slice(&users).unwrap();
    assert!(users.contains_key("pro"), "{users:?}");

    let root = unpack(image());
    let program = fs::read(root.path().join(name())).unwrap();
    let holds = |text: &str| program.windows(text.len()).any(|window| window == text.as_bytes());
    // What it does have is found in this way.
    assert!(holds("/oauth/huggingface") && holds("OPENID_PROVIDER_URL"));

    assert!(!holds(".symtab"), "it has a table of symbols");
    for (user, info) in users {
        let sub = info["sub"].as_str().unwrap();
        assert!(!holds(sub), "it knows the mocked user {user}");
    }
}

#[test]
fn the_image_says_which_user_and_port() {
    let config =
        |format: &str| engine(&["inspect", "--type", "image", "--format", format, image()]);
    assert_eq!(config("{{.Config.User}}"), "1000");
    assert!(config("{{.Config.ExposedPorts}}").contains("7860/tcp"));
}
