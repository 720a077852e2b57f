//! What the environment asks for.

use crate::helpers::{SPACE, settings};

#[test]
fn a_space_logs_for_machines_and_a_laptop_for_people() {
    assert!(settings(&SPACE).unwrap().in_space);
    assert!(!settings(&[("HF_MOCK_USER", "off"), ("SPACE_ID", " ")]).unwrap().in_space);
}
