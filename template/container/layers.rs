//! What a change costs: the app is compiled alone, and what is compiled is in the image.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::browser::curl;
use crate::container::{Container, Options};
use crate::engine::build;
use crate::pushed::{Variant, compiled, image, name};

#[test]
fn a_change_of_the_source_compiles_the_app_alone_and_is_in_the_image() {
    let _ = image();
    let variant = Variant::new("changed-source");
    // Another one in every run: otherwise the layer would be there already.
    let word =
        format!("changed-{}", SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos());
    variant.replace("src/pages/mod.rs", "\"ok\"", &format!("\"{word}\""));
    // Another program, which is not what runs.
    let programs = variant.folder.path().join("src/bin");
    std::fs::create_dir(&programs).unwrap();
    std::fs::write(programs.join("another.rs"), "fn main() {}").unwrap();

    let build = build(variant.folder.path(), &variant.image);
    assert!(build.succeeded, "{}", build.log);
    assert_eq!(compiled(&build.log), [name()], "{}", build.log);
    println!("source_change_ms={}", build.took.as_millis());

    let container = Container::start(&variant.image, &Options::default());
    assert_eq!(curl(&[&format!("http://{}/healthz", container.address())]).body, word);
}

#[test]
fn a_lock_file_that_does_not_fit_is_refused() {
    let variant = Variant::new("stale-lock");
    variant.replace("Cargo.toml", "[dependencies]", "[dependencies]\nitoa = \"=0.4.8\"");
    let build = build(variant.folder.path(), &variant.image);
    let refused = build.log.contains("because --locked was passed");
    assert!(!build.succeeded && refused, "{}", build.log);
}
