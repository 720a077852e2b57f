//! docs/oauth-security.md names the tests that show each point: all of them are there.

use std::collections::BTreeSet;

use crate::repository;

#[test]
fn every_test_that_the_oauth_checklist_names_exists() {
    let named = named_tests();
    assert!(named.len() > 40, "{named:?}");
    let missing: Vec<_> = named.iter().filter(|name| !exists(name)).collect();
    assert!(
        missing.is_empty(),
        "docs/oauth-security.md names tests that are not there: {missing:?}"
    );
}

#[test]
fn each_point_of_the_oauth_checklist_has_a_test_or_does_not_apply() {
    let text = repository::read("docs/oauth-security.md");
    let is_point = |line: &&str| line.starts_with("| ") && !line.ends_with("| Shown by |");
    let points: Vec<_> = text.lines().filter(is_point).collect();
    assert!(points.len() > 50, "{points:?}");
    for point in points {
        let shown_by = point.rsplit('|').nth(1).unwrap();
        assert!(shown_by.contains('`') || point.contains("Does not apply"), "no test: {point}");
    }
}

/// What stands in backticks in the last column of the tables, or names a test in the text.
fn named_tests() -> BTreeSet<String> {
    let text = repository::read("docs/oauth-security.md");
    let (_, text) = text.split_once("\n## Section 2").unwrap();
    let spans = text.split('`').skip(1).step_by(2);
    spans
        .filter(|span| span.contains("::") || span.contains(".test.js: "))
        .map(str::to_owned)
        .collect()
}

fn exists(name: &str) -> bool {
    if let Some((file, name)) = name.split_once(": ").filter(|(file, _)| file.ends_with(".test.js"))
    {
        return contains(&format!("template/browser/tests/{file}"), &format!("\"{name}\""));
    }
    match name.split_once("::") {
        Some(("fuzz", target)) => contains(
            &format!("template/fuzz/src/targets/{target}.rs"),
            &format!("pub fn {target}("),
        ),
        Some(("app", name)) => {
            let (module, test) = name.split_once("::").expect("a module and a test");
            contains(&format!("tests/app/{module}.rs"), &format!("fn {test}("))
        }
        Some(("program", test)) => contains("tests/program/main.rs", &format!("fn {test}(")),
        Some((module, test)) => contains(
            &format!("actix-huggingface-oauth/tests/space/{module}.rs"),
            &format!("fn {test}("),
        ),
        None => false,
    }
}

fn contains(file: &str, text: &str) -> bool {
    repository::files().contains(file) && repository::read(file).contains(text)
}
