//! The manifest: the oldest Rust that it promises.

use std::process::Command;

use serde_json::Value;

#[test]
fn the_oldest_rust_is_the_highest_that_a_dependency_asks_for() {
    let cargo = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--all-features"])
        .output()
        .unwrap();
    assert!(cargo.status.success(), "{}", String::from_utf8_lossy(&cargo.stderr));
    let metadata: Value = serde_json::from_slice(&cargo.stdout).unwrap();
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let version = |package: &Value| -> (u32, u32) {
        let text = package["rust_version"].as_str().unwrap_or("1.0");
        let mut numbers = text.split('.').map(|number| number.parse().unwrap());
        (numbers.next().unwrap(), numbers.next().unwrap())
    };
    let ours = packages.iter().find(|it| it["name"] == env!("CARGO_PKG_NAME")).unwrap();

    let mut needed = vec![&ours["id"]];
    let mut next = 0;
    while let Some(id) = needed.get(next) {
        let node = nodes.iter().find(|node| node["id"] == **id).unwrap();
        for dependency in node["deps"].as_array().unwrap() {
            let kinds = dependency["dep_kinds"].as_array().unwrap();
            let is_built_in = kinds.iter().any(|kind| kind["kind"] != "dev");
            if is_built_in && !needed.contains(&&dependency["pkg"]) {
                needed.push(&dependency["pkg"]);
            }
        }
        next += 1;
    }
    let dependencies =
        packages.iter().filter(|it| needed.contains(&&it["id"]) && it["id"] != ours["id"]);
    let highest = dependencies.max_by_key(|package| version(package)).unwrap();
    assert_eq!(version(ours), version(highest), "{} asks for it", highest["name"]);
}
