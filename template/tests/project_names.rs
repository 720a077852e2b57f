//! Which names a project can have.

use crate::generate::Generate;
use crate::repository;

#[test]
fn names_that_cargo_would_stumble_over_are_refused_with_the_reason() {
    let refused = [
        ("serde", "one of the dependencies has this name"),
        ("actix-web", "one of the dependencies has this name"),
        ("actix_web", "one of the dependencies has this name"),
        ("libc", "one of the dependencies has this name"),
        ("app", "the library inside every Space has this name"),
        ("test", "a library of Rust itself has this name"),
        ("core", "a library of Rust itself has this name"),
        ("proc-macro", "a library of Rust itself has this name"),
        ("fn", "it is a keyword of Rust"),
        ("async", "it is a keyword of Rust"),
        ("build", "cargo has a folder of this name in target/"),
        ("9lives", "a name begins with a letter"),
        ("café", "a name begins with a letter"),
    ];
    for (name, reason) in refused {
        let refusal = Generate::new(name).refusal();
        let expected = format!("\"{name}\" cannot be the project's name: {reason}");
        assert!(refusal.contains(&expected), "{name}: {refusal}");
        assert!(!refusal.contains("Destination:"), "a folder is left behind: {refusal}");
    }
}

#[test]
fn the_hooks_know_the_files_that_carry_the_name_as_they_are() {
    let known = repository::read("template/live_files.rhai");
    let known = known.split('`').skip(1).step_by(2).map(|text| text.strip_prefix('\n').unwrap());
    let files = ["Cargo.lock", "Cargo.toml", "Dockerfile"];
    assert_eq!(known.clone().count(), files.len());
    for (file, known) in files.into_iter().zip(known) {
        assert!(
            known == repository::read(file),
            "{file} has changed: run template/update_live_files"
        );
    }
}

#[test]
fn the_lock_file_has_the_new_name_and_is_sorted_as_cargo_sorts_it() {
    let live = names(&repository::read("Cargo.lock"));
    for name in ["a-space", "my-space", "my_2nd_space", "zzz"] {
        let space = Generate::new(name).space();
        let generated = names(&space.read("Cargo.lock"));
        assert!(generated.is_sorted(), "the lock file of {name} is not sorted");

        let mut renamed = live.clone();
        renamed.retain(|package| *package != repository::live_name());
        renamed.push(name.to_owned());
        renamed.sort();
        assert!(
            generated == renamed,
            "the lock file of {name} has other packages than the live one"
        );
    }
}

fn names(lock: &str) -> Vec<String> {
    let lines = lock.lines().filter_map(|line| line.strip_prefix("name = "));
    lines.map(|name| name.trim_matches('"').to_owned()).collect()
}
