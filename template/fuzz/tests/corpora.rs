//! Every input that is kept, once.

use std::fs;
use std::path::PathBuf;

use fuzz::TARGETS;

#[test]
fn every_input_of_the_corpora_is_taken_as_it_should() {
    for (name, target) in TARGETS {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpora").join(name);
        let inputs: Vec<PathBuf> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(!inputs.is_empty(), "{name} has no corpus");
        for input in inputs {
            // The test's output names the last one.
            println!("{}", input.display());
            target(&fs::read(input).unwrap());
        }
    }
}
