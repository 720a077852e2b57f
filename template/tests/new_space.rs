//! A Space with the default answers, and one with every option and an awkward name, as their owners build, test and run
//! them.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Map, Value};

use crate::browser::{Browser, Page};
use crate::generate::{Generate, read};
use crate::repository::{choices, scratch};

/// For the build that the app may have to wait for.
const PATIENCE: Duration = Duration::from_mins(15);

/// One whole Space at a time, in one place: cargo keys what it builds by paths, so that each is built on what is there.
static PLACE: Mutex<()> = Mutex::new(());

#[test]
fn with_the_default_answers_it_builds_passes_its_checks_and_signs_in() {
    let _place = PLACE.lock().unwrap_or_else(PoisonError::into_inner);
    let space = try_out(Generate::new("my-space"), "my-space", "My Space");
    recipes(&space);
}

#[test]
fn with_every_option_and_an_awkward_name_it_builds_passes_its_checks_and_signs_in() {
    let name = "awkward_2nd_space";
    let answers = Generate::new(name)
        .define("title", "It's \"awkward\": # {{ title }} \\ 🤗")
        .customize("emoji", "👩🏽‍🔬")
        .define("color_from", "indigo")
        .define("color_to", "pink")
        .define("short_description", "'\"': # {{ x }} \\ 日本語 🤗")
        .define("license", "bsd-3-clause")
        .define("scopes", &choices("scopes").join(","))
        .define("redis", "true")
        .define("chat", "true")
        .define("audience", "members")
        .define("organizations", "acme-corporation, another.org_2");
    let _place = PLACE.lock().unwrap_or_else(PoisonError::into_inner);
    try_out(answers, name, "awkward");
}

/// Where the Spaces are. Not in the target directory: of files that lie there, cargo does not notice when it builds the same
/// crate from elsewhere, and would take the one that was built here before.
fn place() -> PathBuf {
    let mut hasher = DefaultHasher::new();
    target().hash(&mut hasher);
    std::env::temp_dir().join(format!("space-of-{:016x}", hasher.finish()))
}

/// Does with a new Space what its README.md says.
fn try_out(answers: Generate, name: &str, title: &str) -> PathBuf {
    let space = answers.space_at(&place());
    let command = format!("CMD [\"/{name}\"]");
    assert!(read(&space, "Dockerfile").contains(&command), "the image runs another program");
    let lock = read(&space, "Cargo.lock");
    succeeds(&space, &["build", "--quiet", "--locked"]);
    // Without --locked, cargo would write the file anew if a line of it stood elsewhere.
    succeeds(&space, &["build", "--quiet"]);
    assert_eq!(read(&space, "Cargo.lock"), lock);
    succeeds(&space, &["fmt", "--check"]);
    succeeds(&space, &["clippy", "--quiet", "--locked", "--all-targets", "--", "-D", "warnings"]);
    succeeds(&space, &["test", "--quiet", "--locked"]);
    what_is_wrong_stops_the_checks_and_style_does_not(&space);
    // Another program, which is not what runs.
    std::fs::create_dir_all(space.join("src/bin")).unwrap();
    std::fs::write(space.join("src/bin/another.rs"), "fn main() {}").unwrap();
    sign_in_and_out(&space, title);
    space
}

/// Does with a Space what the recipes in its README.md say, as they stand there.
fn recipes(space: &Path) {
    let readme = read(space, "README.md");
    let recipe = |file: &str| {
        let (_, rest) = readme.split_once(&format!(" {file}: ")).expect("a recipe for the file");
        let (_, rest) = rest.split_once('\n').expect("a first line");
        rest.split("```").next().expect("an end").to_owned()
    };
    let changed = [
        "Cargo.toml",
        "Cargo.lock",
        "src/audience.rs",
        "src/lib.rs",
        "src/pages/mod.rs",
        "src/settings.rs",
        "src/startup.rs",
        "tests/app/helpers.rs",
        "tests/app/main.rs",
    ];
    let before = changed.map(|file| read(space, file));
    let write =
        |file: &str, text: &str| std::fs::write(space.join(file), text).expect("it is written");
    let new = [
        "src/data.rs",
        "src/database.rs",
        "src/pages/kept.rs",
        "src/pages/notes.rs",
        "src/pages/picture.rs",
        "src/pages/plans.rs",
        "templates/notes.html",
        "templates/picture.html",
        "tests/app/forms.rs",
    ];
    for file in new {
        write(file, &recipe(file));
    }
    for add in readme.split("`cargo add ").skip(1).map(|add| add.split('`').next().unwrap()) {
        succeeds(space, &[&["add", "--quiet"], &add.split(' ').collect::<Vec<_>>()[..]].concat());
    }
    // What stands before and after a line of a file.
    let put = |file: &str, line: &str, [above, below]: [&str; 2]| {
        let text = read(space, file);
        let (before, after) = text.split_once(line).expect(line);
        write(file, &format!("{before}{above}{line}{below}{after}"));
    };
    put("src/lib.rs", "mod assets;\n", ["", "pub mod data;\npub mod database;\n"]);
    let variable = readme.split('`').find(|code| code.starts_with("data_dir: ")).expect("its line");
    put("src/settings.rs", "pub log_filter", ["pub data_dir: Option<String>,\n", ""]);
    put("src/settings.rs", "log_filter: var", [&format!("{variable},\n"), ""]);
    let shared = recipe("src/startup.rs");
    let (made, shared) = shared.split_once("// and beside the other `app_data`").expect("both");
    put(
        "src/startup.rs",
        "use crate::settings",
        ["use crate::data;\nuse crate::database::Database;\n", ""],
    );
    put("src/startup.rs", "let settings = web::Data", [made, ""]);
    put("src/startup.rs", ".app_data(headers", [shared, ""]);
    let counter = "use std::sync::atomic::{AtomicUsize, Ordering};\n";
    put("tests/app/helpers.rs", "use std::net", [counter, ""]);
    let vars = "    let vars: BTreeMap<_, _> = VARS.iter().chain(vars).copied().collect();\n";
    write(
        "tests/app/helpers.rs",
        &read(space, "tests/app/helpers.rs").replace(vars, &recipe("tests/app/helpers.rs")),
    );
    put("tests/app/main.rs", "mod helpers;", ["mod cors;\nmod forms;\n", ""]);
    write("tests/app/cors.rs", CORS);
    let code = |begin: &str| readme.split('`').find(|code| code.starts_with(begin)).expect(begin);
    let title = ".default_title(env!(\"CARGO_PKG_NAME\"))";
    put("src/settings.rs", title, ["", code(".open_to_other_sites(")]);
    put("src/startup.rs", ".wrap(RequestLog", [code(".wrap(actix_cors::"), ""]);
    let table = before[4].replacen(
        "mod profile;",
        "mod kept;\nmod notes;\nmod picture;\nmod plans;\nmod profile;",
        1,
    );
    let table = table.trim_end().strip_suffix('}').expect("the end of `configure`");
    let lines =
        readme.split("`.service(resource(\"/").skip(1).map(|line| line.split('`').next().unwrap());
    let lines = lines
        .fold(String::new(), |lines, line| format!("{lines}config.service(resource(\"/{line};\n"));
    let plain = "config.service(resource(\"/plans\").get(plans::plans));\n\
                 config.service(resource(\"/kept\").get(kept::texts));\n\
                 config.service(resource(\"/kept/{id}\").get(kept::picture));";
    write(
        "src/pages/mod.rs",
        &format!("{table}{}{lines}{plain}\n}}\n", recipe("src/pages/mod.rs")),
    );
    let everybody = before[2].split("pub const").next().unwrap().replace("#[rustfmt::skip]\n", "");
    write(
        "src/audience.rs",
        &format!("{everybody}pub const AUDIENCE: Audience = Audience::Everybody;\n"),
    );
    succeeds(space, &["clippy", "--quiet", "--all-targets", "--", "-D", "warnings"]);
    succeeds(space, &["test", "--quiet"]);
    let answers = |user: &str, paths: &[(&str, u16)]| {
        let mut app = Running::start(space, user);
        for (path, status) in paths {
            assert_eq!(app.browser.follow(path).status, *status, "{user} at {path}");
        }
    };
    let login = "/oauth/huggingface/login";
    answers(
        "writer",
        &[
            ("/plans", 401),
            ("/team/plans", 401),
            ("/notes", 401),
            ("/nowhere", 404),
            (login, 200),
            ("/plans", 200),
            ("/team/plans", 200),
            ("/notes", 200),
            ("/kept", 200),
            ("/kept/1", 404),
        ],
    );
    assert!(space.join("data/app.sqlite").exists(), "the data is elsewhere");
    answers(
        "reader",
        &[(login, 200), ("/plans", 403), ("/team/plans", 403), ("/team/nowhere", 404), ("/", 200)],
    );
    answers("pro", &[(login, 200), ("/team/nowhere", 403), ("/nowhere", 404), ("/picture", 200)]);
    write("src/audience.rs", &format!("{everybody}{}", recipe("src/audience.rs")));
    answers(
        "reader",
        &[
            ("/nowhere", 401),
            ("/", 200),
            ("/healthz", 200),
            (login, 200),
            ("/nowhere", 404),
            ("/", 200),
        ],
    );
    answers("pro", &[(login, 403), ("/nowhere", 403), ("/healthz", 200)]);
    for (file, text) in changed.iter().zip(before) {
        write(file, &text);
    }
    for file in new.iter().chain(&["tests/app/cors.rs"]) {
        std::fs::remove_file(space.join(file)).expect("it was written");
    }
}

/// A page that was written quickly passes; one that was left half done does not.
fn what_is_wrong_stops_the_checks_and_style_does_not(space: &Path) {
    let clippy = &["clippy", "--quiet", "--locked", "--all-targets"];
    let page = space.join("src/pages/me.rs");
    let as_it_was = std::fs::read_to_string(&page).unwrap();
    let quick = "\n/// Uses OAuth and the MyDatabase of HuggingFace.\npub fn quick(names: &Vec<String>) -> Option<u64> {\n    \
                 let wait = std::time::Duration::from_secs(60);\n    return names.iter().next().map(|_| wait.as_secs());\n}\n";
    std::fs::write(&page, as_it_was.clone() + quick).unwrap();
    succeeds(space, clippy);
    let half_done = "\npub fn half_done() -> u64 {\n    dbg!(1)\n}\n";
    std::fs::write(&page, as_it_was.clone() + half_done).unwrap();
    let output = cargo(space, clippy).output().expect("cargo runs");
    assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains("dbg!"));
    std::fs::write(&page, as_it_was).unwrap();
}

fn sign_in_and_out(space: &Path, title: &str) {
    let users = read(space, "actix-huggingface-oauth/src/mock_hub/users.json");
    let users: Map<String, Value> = serde_json::from_str(&users).expect("users by their names");
    let (key, user) = users.iter().next().expect("a mocked user");
    let username =
        user["preferred_username"].as_str().expect("the first user has a preferred_username");
    let mut app = Running::start(space, key);
    let browser = &mut app.browser;

    let home = browser.follow("/");
    assert_eq!(home.status, 200, "{}", home.body);
    assert!(home.body.contains(title), "the page does not show the card's title:\n{}", home.body);
    assert!(!home.body.contains(username), "somebody is signed in already:\n{}", home.body);
    assert_eq!(me(browser), (401, Value::Null));

    let home = browser.follow("/oauth/huggingface/login");
    assert_eq!(home.status, 200, "{}", home.body);
    assert!(home.body.contains(username), "{username} is not greeted:\n{}", home.body);
    assert_eq!(me(browser), (200, Value::from(username)));
    assert_eq!(browser.follow("/profile").status, 200);

    assert_eq!(browser.follow("/oauth/huggingface/logout").status, 200);
    assert_eq!(me(browser), (401, Value::Null));
    assert_eq!(browser.follow("/profile").status, 401);
}

/// The status of `/api/me` and who it says is signed in.
fn me(browser: &mut Browser) -> (u16, Value) {
    let Page { status, body, .. } = browser.follow("/api/me");
    let json: Value =
        serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error} in /api/me: {body}"));
    (status, json["user_info"]["preferred_username"].clone())
}

/// The Space as `cargo run` starts it. It is stopped when this is dropped.
struct Running {
    app: Child,
    browser: Browser,
}

impl Running {
    fn start(space: &Path, user: &str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let app = cargo(space, &["run", "--quiet", "--locked"])
            .env("PORT", port.to_string())
            .env("HF_MOCK_USER", user)
            .stdin(Stdio::null())
            .spawn()
            .expect("cargo runs");
        let mut running = Self { app, browser: Browser::new(&format!("http://localhost:{port}")) };
        let started = Instant::now();
        while running.browser.get("/healthz").is_err() {
            if let Some(status) = running.app.try_wait().unwrap() {
                panic!("`cargo run` ended with {status}; what it said is above");
            }
            assert!(started.elapsed() < PATIENCE, "`cargo run` does not answer on port {port}");
            sleep(Duration::from_millis(50));
        }
        running
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.app.kill();
        let _ = self.app.wait();
    }
}

fn succeeds(space: &Path, arguments: &[&str]) {
    let output = cargo(space, arguments).output().expect("cargo runs");
    assert!(
        output.status.success(),
        "cargo {} in {}:\n{}{}",
        arguments.join(" "),
        space.display(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
}

/// cargo in the Space, as somebody's shell runs it: without what cargo and a Space tell their own programs.
fn cargo(space: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments).current_dir(space).env("CARGO_TARGET_DIR", target());
    for (variable, _) in std::env::vars() {
        let from_cargo = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CRATE_", "CARGO_BIN_"];
        let from_a_space =
            ["SPACE_", "OAUTH_", "OPENID_", "SESSION_", "HF_MOCK_", "PORT", "RUST_LOG"];
        if [&from_cargo[..], &from_a_space]
            .concat()
            .iter()
            .any(|prefix| variable.starts_with(prefix))
        {
            command.env_remove(variable);
        }
    }
    command
}

/// What a page of another site may do where the recipe for that was followed.
const CORS: &str = r#"
use actix_huggingface_oauth::reqwest::Method;

use crate::helpers::start;

#[actix_web::test]
async fn a_page_of_another_site_calls_the_api_with_a_token() {
    let app = start(&[]);
    let mut browser = app.browser();
    let origin = ("origin", "https://other.example");
    let asks = [origin, ("access-control-request-method", "GET"), ("access-control-request-headers", "authorization")];
    let preflight = browser.send(Method::OPTIONS, "/api/me", &asks).await;
    assert_eq!((preflight.status, preflight.header("access-control-allow-headers")), (200, "authorization"));
    let token = ("authorization", "Bearer hf_mock_pro");
    let me = browser.send(Method::GET, "/api/me", &[origin, token]).await;
    assert_eq!((me.status, me.header("access-control-allow-origin")), (200, origin.1));
    assert_eq!((me.header("access-control-allow-credentials"), me.header("set-cookie")), ("", ""));
    let elsewhere = browser.send(Method::POST, "/", &[origin]).await;
    assert_eq!(elsewhere.status, 403);
}
"#;

/// The target directory of these tests: dependencies are built once, whatever Space is built. With `CARGO_TARGET_DIR`
/// it is the live app's, if that is built in the same one.
fn target() -> &'static Path {
    scratch().parent().expect("cargo's folder for scratch files lies in its target directory")
}
