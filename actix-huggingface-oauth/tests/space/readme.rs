//! The crate's README.

#[test]
fn its_first_code_is_the_example() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let (_, code) = readme.split_once("```rust,no_run\n").unwrap();
    let example = std::fs::read_to_string("examples/greet.rs").unwrap();
    assert_eq!(code.split_once("```").unwrap().0, example);
}

#[test]
fn it_states_the_oldest_rust() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let oldest = format!("It needs Rust {}.", env!("CARGO_PKG_RUST_VERSION"));
    assert!(readme.contains(&oldest), "not so: {oldest}");
}
