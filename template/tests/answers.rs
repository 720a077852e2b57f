//! What becomes of the answers to the questions of cargo-generate.toml.

use serde_json::json;

use crate::card;
use crate::generate::{Generate, OWNER};
use crate::repository::{self, choices, questions};

#[test]
fn the_default_answers_make_a_card_that_the_hub_accepts() {
    let card = card::of(&Generate::new("my-space").space().read("README.md"));
    assert_eq!(card::faults(&card), Vec::<String>::new());
}

#[test]
fn the_defaults_are_the_same_for_those_who_customize_and_those_who_do_not() {
    let plain = Generate::new("my-space").space();
    let customized = Generate::new("my-space").define("customize", "true").space();
    assert_eq!(plain.files(), customized.files());
    assert_eq!(plain.read("README.md"), customized.read("README.md"));
    assert_eq!(plain.read("LICENSE"), customized.read("LICENSE"));
}

#[test]
fn every_answer_arrives_in_the_card() {
    let space = Generate::new("my-space")
        .define("title", "A title")
        .customize("emoji", "👩🏽‍🔬")
        .define("color_from", "indigo")
        .define("color_to", "pink")
        .define("short_description", "It's \"short\": 60 characters at most")
        .define("license", "mit")
        .define("scopes", "email,inference-api")
        .define("audience", "members")
        .define("organizations", "my-org, 42,true")
        .space();
    let card = card::of(&space.read("README.md"));
    assert_eq!(card::faults(&card), Vec::<String>::new());
    let expected = json!({
        "title": "A title",
        "emoji": "👩🏽‍🔬",
        "colorFrom": "indigo",
        "colorTo": "pink",
        "sdk": "docker",
        "app_port": 7860,
        "pinned": false,
        "short_description": "It's \"short\": 60 characters at most",
        "license": "mit",
        "hf_oauth": true,
        "hf_oauth_scopes": ["email", "inference-api", "read-memberships"],
        "hf_oauth_authorized_org": ["my-org", "42", "true"],
    });
    assert_eq!(serde_json::Value::Object(card), expected);
}

#[test]
fn redis_is_built_in_where_it_is_asked_for() {
    let with = Generate::new("my-space").customize("redis", "true").space();
    assert!(
        with.read("Cargo.toml").contains("\nspace = [\"redis\"]\n"),
        "{}",
        with.read("Cargo.toml")
    );
    assert!(with.read("README.md").contains("| `REDIS_URL` |"));
    let without = Generate::new("my-space").space();
    assert!(
        without.read("Cargo.toml").contains("\nspace = []\n"),
        "{}",
        without.read("Cargo.toml")
    );
    assert!(!without.read("README.md").contains("| `REDIS_URL` |"));
}

#[test]
fn a_chat_page_is_built_in_where_it_is_asked_for_and_users_are_asked_for_what_it_takes() {
    for (chat, redis, features) in [
        ("false", "false", ""),
        ("true", "false", "\"chat\""),
        ("true", "true", "\"chat\", \"redis\""),
    ] {
        let space =
            Generate::new("my-space").define("chat", chat).customize("redis", redis).space();
        let manifest = space.read("Cargo.toml");
        assert!(manifest.contains(&format!("\nspace = [{features}]\n")), "{manifest}");
        let card = card::of(&space.read("README.md"));
        let scopes = card["hf_oauth_scopes"].as_array().unwrap();
        assert_eq!(scopes.contains(&json!("inference-api")), chat == "true", "{scopes:?}");
        assert_eq!(space.read("README.md").contains("| `CHAT_MODEL` |"), chat == "true");
    }
}

#[test]
fn empty_answers_leave_their_lines_out_of_the_card() {
    let space =
        Generate::new("my-space").customize("short_description", "").define("scopes", "").space();
    let card = card::of(&space.read("README.md"));
    assert_eq!(card::faults(&card), Vec::<String>::new());
    for key in ["short_description", "hf_oauth_scopes", "hf_oauth_authorized_org"] {
        assert!(!card.contains_key(key), "{key} in {card:?}");
    }
}

#[test]
fn a_title_arrives_as_it_was_typed() {
    let titles = [
        "It's \"quoted\" ''twice''",
        "colon: and more: colons:",
        "# no comment # at all",
        "- no list",
        "--- no document ---",
        "back\\slash \\n \\u0041 \\",
        "{{ title }} {% raw %} {{",
        "{a: b} [c, d]",
        "🤗 Ünïcödé 日本語 🏴󠁧󠁢󠁥󠁮󠁧󠁿 العربية",
        "@at `tick` *star* &anchor !tag %percent |pipe >greater ?question ~",
        "<script>alert(1)</script> &amp;",
        "yes",
        "null",
        "42",
        "1e3",
        "$HOME $(id) ${x}",
        "a = b",
    ];
    for title in titles {
        let space = Generate::new("my-space").define("title", title).space();
        let card = card::of(&space.read("README.md"));
        assert_eq!(card["title"], title);
        assert_eq!(card::faults(&card), Vec::<String>::new());
    }
}

#[test]
fn without_a_title_the_project_name_becomes_one() {
    for title in ["", " "] {
        let space = Generate::new("my-first-space").define("title", title).space();
        assert_eq!(card::of(&space.read("README.md"))["title"], "My First Space");
    }
}

#[test]
fn any_single_emoji_may_be_chosen() {
    for emoji in ["🤗", "❤️", "🇩🇪", "👩🏽‍💻", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "#️⃣", "🏳️‍🌈", "☕", "🃏", "🅰️", "🈂️"]
    {
        let space = Generate::new("my-space").customize("emoji", emoji).space();
        assert_eq!(card::of(&space.read("README.md"))["emoji"], emoji);
        let favicon = space.read("static/favicon.svg");
        assert!(favicon.contains(&format!(">{emoji}</text>")), "{favicon}");
    }
}

#[test]
fn every_license_comes_with_its_text() {
    let beginning = |license: &str| match license {
        "agpl-3.0" => "GNU AFFERO GENERAL PUBLIC LICENSE Version 3, 19 November 2007",
        "apache-2.0" => "Apache License Version 2.0, January 2004",
        "bsd-3-clause" => "BSD 3-Clause License Copyright (c) 2",
        "gpl-3.0" => "GNU GENERAL PUBLIC LICENSE Version 3, 29 June 2007",
        "isc" => "ISC License Copyright (c) 2",
        "mit" => "MIT License Copyright (c) 2",
        "mpl-2.0" => "Mozilla Public License Version 2.0",
        "unlicense" => "This is free and unencumbered software released into the public domain.",
        unknown => panic!("{unknown} has no text in this test"),
    };
    for license in choices("license").iter().filter(|license| *license != "other") {
        let space = Generate::new("my-space").customize("license", license).space();
        let text = space.read("LICENSE").split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.starts_with(beginning(license)), "{license}: {text:.100}");
        if text.contains("Copyright (c) 2") {
            assert!(text.contains(OWNER), "{license} does not name its owner: {text:.100}");
            assert!(!text.contains('['), "{license} has a blank left to fill in: {text:.100}");
        }
        assert_eq!(card::of(&space.read("README.md"))["license"], **license);
    }
}

#[test]
fn the_license_other_leaves_the_text_to_the_owner() {
    let space = Generate::new("my-space").customize("license", "other").space();
    assert!(!space.files().contains(&"LICENSE".to_owned()));
    assert!(space.read("README.md").contains("put your license into a file `LICENSE`"));
}

#[test]
fn the_choices_are_in_the_order_that_lets_cargo_generate_preselect_the_default() {
    for (question, settings) in questions() {
        if settings.get("type").is_none() && settings.get("choices").is_some() {
            assert!(
                choices(&question).is_sorted(),
                "the choices of {question} are not in alphabetical order"
            );
        }
    }
}

#[test]
fn wrong_answers_are_refused() {
    let too_long = "x".repeat(61);
    let wrong = [
        ("emoji", "x"),
        ("emoji", ""),
        ("emoji", "🤗🤗"),
        ("emoji", "🤗 "),
        ("color_from", "magenta"),
        ("color_from", ""),
        ("color_to", "Red"),
        ("short_description", &too_long),
        ("short_description", "a\u{9}tab"),
        ("license", "MIT"),
        ("license", "Apache-2.0 OR MIT"),
        ("scopes", "everything"),
        ("scopes", "email,everything"),
        ("scopes", "email read-repos"),
        ("audience", "everyone"),
        ("audience", ""),
        ("title", "a\u{9}tab"),
        ("title", "a line\u{2028}and another"),
        ("title", "the end of the line\u{85}"),
    ];
    for (question, answer) in wrong {
        let refusal = Generate::new("my-space").customize(question, answer).refusal();
        assert!(
            refusal.contains(&format!("a valid value for {question}")),
            "{question}={answer:?}: {refusal}"
        );
    }
    Generate::new("my-space").define("customize", "maybe").refusal();
}

#[test]
fn without_customize_an_answer_that_can_be_is_used_and_another_gives_way_to_the_default() {
    let space = Generate::new("my-space")
        .define("license", "mit")
        .define("emoji", "🏳️‍🌈")
        .define("color_from", "Magenta")
        .define("scopes", "email, jobs")
        .define("short_description", "</text><script>'\"{{ x }}: #")
        .define("redis", "true")
        .space();
    let card = card::of(&space.read("README.md"));
    assert_eq!(card::faults(&card), Vec::<String>::new());
    let chosen = [&card["license"], &card["emoji"], &card["colorFrom"], &card["short_description"]];
    assert_eq!(chosen, ["mit", "🏳️‍🌈", "yellow", "</text><script>'\"{{ x }}: #"]);
    assert_eq!(card["hf_oauth_scopes"], json!(["email", "jobs"]));
    assert!(!card.contains_key("hf_oauth_authorized_org"));
    assert!(space.read("Cargo.toml").contains("\nspace = [\"redis\"]\n"));
    let line = "color_from cannot be \"Magenta\": it is \"yellow\" now.";
    assert!(space.output.contains(line), "{}", space.output);
    assert!(!space.output.contains("license cannot be"), "{}", space.output);
}

#[test]
fn who_may_see_it_is_written_into_the_source_and_the_card() {
    let many = ["acme-corporation"; 12].join(",");
    for (audience, organizations, line) in [
        ("everybody", None, "pub const AUDIENCE: Audience = Audience::Everybody;".to_owned()),
        ("signed-in", None, "pub const AUDIENCE: Audience = Audience::SignedIn;".to_owned()),
        (
            "members",
            Some("acme, Acme-Labs.2"),
            "pub const AUDIENCE: Audience = Audience::Members(&[\"acme\", \"Acme-Labs.2\"]);"
                .to_owned(),
        ),
        (
            "members",
            Some(&*many),
            format!(
                "#[rustfmt::skip]\npub const AUDIENCE: Audience = Audience::Members(&[\"{}\"]);",
                many.replace(',', "\", \"")
            ),
        ),
    ] {
        let generate =
            Generate::new("my-space").define("audience", audience).define("scopes", "email");
        let generate = match organizations {
            Some(organizations) => generate.define("organizations", organizations),
            None => generate,
        };
        let space = generate.space();
        let source = space.read("src/audience.rs");
        assert!(source.ends_with(&format!("\n{line}\n")), "{audience}: {source}");
        let card = card::of(&space.read("README.md"));
        assert_eq!(card::faults(&card), Vec::<String>::new());
        assert_eq!(card.contains_key("hf_oauth_authorized_org"), organizations.is_some());
        let scopes = card["hf_oauth_scopes"].as_array().unwrap();
        assert_eq!(scopes.contains(&json!("read-memberships")), organizations.is_some());
    }
}

#[test]
fn who_may_see_it_never_gives_way_to_another_answer() {
    let members = || Generate::new("my-space").define("audience", "members");
    for organizations in ["-org", "org,", "an org", "org'", "", "org\"]); // "] {
        let refusal = members().define("organizations", organizations).refusal();
        assert!(refusal.contains("organizations"), "{organizations}: {refusal}");
    }
    let refusal = members().refusal();
    assert!(refusal.contains("organizations"), "{refusal}");
    let refusal = Generate::new("my-space").define("organizations", "acme").refusal();
    assert!(refusal.contains("add --define audience=members"), "{refusal}");
}

#[test]
fn values_of_ones_own_configuration_stop_no_generation() {
    let values =
        "license = \"MIT\"\nredis = true\nscopes = \"email\"\nemoji = \"x\"\ncolor_to = \"pink\"\n";
    let space = Generate::new("my-space").config(&format!("[values]\n{values}")).space();
    let card = card::of(&space.read("README.md"));
    assert_eq!([&card["license"], &card["colorTo"], &card["emoji"]], ["apache-2.0", "pink", "🦀"]);
    assert_eq!(card["hf_oauth_scopes"], json!(["email"]));
    assert!(space.read("Cargo.toml").contains("\nspace = [\"redis\"]\n"));
    assert!(space.output.contains("license cannot be \"MIT\""), "{}", space.output);
}

/// Whether the hooks take an answer, as cargo-generate runs them.
fn can_be(engine: &rhai::Engine, question: &str, answer: &str) -> bool {
    let mut scope = rhai::Scope::new();
    scope.push("question", question.to_owned());
    scope.push("answer", answer.to_owned());
    let script = "import \"template/hooks/answers\" as answers; answers::can_be(question, answer)";
    engine.eval_with_scope::<bool>(&mut scope, script).unwrap()
}

#[test]
fn the_hooks_let_nothing_through_that_the_questions_refuse() {
    let mut engine = rhai::Engine::new();
    let root = repository::copy();
    engine.set_module_resolver(rhai::module_resolvers::FileModuleResolver::new_with_path(root));
    let samples = [
        "",
        " ",
        "a",
        "A",
        "a-b",
        "-a",
        "a-",
        "a.b_c",
        "a..b",
        "a,b",
        "a, b",
        "a,,b",
        "a ,b,",
        "an org",
        "org'",
        "é",
        "mit",
        "MIT",
        "red",
        "Red",
        "email",
        "email,jobs",
        "email, jobs",
        "email,everything",
        "a\ttab",
        "a\u{7f}b",
        "a\u{85}b",
        "a\u{2028}b",
        "\u{feff}",
        "true",
        "false",
        "yes",
        "🤗",
        "🤗🤗",
        "🤗 ",
        "❤️",
        "🇩🇪",
        "🇩",
        "👩🏽‍💻",
        "👨‍👩‍👧‍👦",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "#️⃣",
        "1⃣",
        "1",
        "🏳️‍🌈",
        "🏳️‍",
        "\u{1f3fd}",
        "☕",
        &"x".repeat(60),
        &"x".repeat(61),
        &"é".repeat(60),
        &"日".repeat(61),
    ];
    for (question, settings) in repository::questions() {
        let regex =
            settings.get("regex").map(|regex| regex::Regex::new(regex.as_str().unwrap()).unwrap());
        let choices = settings.get("choices").is_some().then(|| choices(&question));
        let is_list = settings.get("type").is_some_and(|kind| kind.as_str() == Some("array"));
        for sample in samples {
            let is_choice = |answer: &str| {
                choices.as_ref().is_none_or(|choices| choices.iter().any(|choice| choice == answer))
            };
            let accepted = match (&regex, is_list) {
                (Some(regex), _) => regex.is_match(sample),
                (None, true) => {
                    sample.split(',').map(str::trim).filter(|part| !part.is_empty()).all(is_choice)
                }
                (None, false) if choices.is_some() => is_choice(sample),
                (None, false) => ["true", "false"].contains(&sample),
            };
            assert_eq!(can_be(&engine, &question, sample), accepted, "{question}: {sample:?}");
        }
    }
}
