//! A Space that was generated before gets a newer sign-in by what its README.md says.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use crate::generate::Generate;
use crate::repository::{self, IDENTITY, git, scratch};
use crate::running::{Running, succeeds};

/// The last commit whose login was in actix-session's cookie.
const BEFORE_THE_AUTH_COOKIE: &str = "8196b3f0f2ba90919aa7d66969e3766aa2d76505";

/// The version of the crate in the lock file of a project.
fn locked_version(project: &Path) -> String {
    let lock = fs::read_to_string(project.join("Cargo.lock")).unwrap();
    let (_, entry) = lock.split_once("name = \"actix-huggingface-oauth\"\n").expect("the crate");
    entry.split('"').nth(1).expect("a version").to_owned()
}

#[test]
fn the_folder_of_a_newer_tag_replaces_the_one_that_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let newer = folder.path().join("template");
    repository::copy_to(&newer);
    let manifest = newer.join("actix-huggingface-oauth/Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    let version = locked_version(&newer);
    let next = "0.1.999";
    let changed =
        text.replacen(&format!("version = \"{version}\""), &format!("version = \"{next}\""), 1);
    fs::write(&manifest, changed).unwrap();
    git(&newer, &["init", "--quiet"]);
    commit_all(&newer);
    git(&newer, &["tag", "newer"]);

    let space = Generate::new("my-space").space();
    fs::write(space.path.join("actix-huggingface-oauth/src/gone.rs"), "").unwrap();
    commit_all(&space.path);
    let readme = space.read("README.md");
    let block = readme.split("```").find(|block| block.contains("rm -r actix-huggingface-oauth\n"));
    let commands = block.expect("how to upgrade").strip_prefix("sh\n").expect("a shell's commands");
    let clone = folder.path().join("newer");
    let commands = commands
        .replace("TAG URL-OF-THE-TEMPLATE", &format!("newer file://{}", newer.display()))
        .replace("/tmp/newer", clone.to_str().unwrap())
        // What the tests of a Space are is shown elsewhere.
        .replace("cargo test\n", "cargo metadata --locked --format-version 1 >/dev/null\n");
    let output = Command::new("sh")
        .args(["-ec", &commands])
        .current_dir(&space.path)
        .env("CARGO_NET_OFFLINE", "true")
        .envs(IDENTITY)
        .output()
        .unwrap();
    assert!(output.status.success(), "{commands}\n{}", String::from_utf8_lossy(&output.stderr));

    assert_eq!(locked_version(&space.path), next);
    assert!(!space.path.join("actix-huggingface-oauth/src/gone.rs").exists());
    assert_eq!(git(&space.path, &["status", "--porcelain"]), "");
    let changed = git(&space.path, &["diff", "--name-only", "HEAD~1"]);
    let expected =
        ["Cargo.lock", "actix-huggingface-oauth/Cargo.toml", "actix-huggingface-oauth/src/gone.rs"];
    assert_eq!(changed.lines().collect::<Vec<_>>(), expected);
}

fn commit_all(folder: &Path) {
    git(folder, &["add", "--all"]);
    let mut commit = Command::new("git");
    commit.args(["commit", "--quiet", "--message", "All of it"]).current_dir(folder).envs(IDENTITY);
    assert!(commit.status().unwrap().success());
}

/// A page of the owner's that keeps state in the session.
const VISITS: &str = r#"//! How often a visitor came.

use actix_session::Session;
use actix_web::Error;

pub async fn visits(session: Session) -> Result<String, Error> {
    let visits = session.get::<u32>("visits")?.unwrap_or_default() + 1;
    session.insert("visits", visits)?;
    Ok(visits.to_string())
}
"#;

#[test]
fn a_space_from_before_the_auth_cookie_upgrades_by_the_edits_that_the_changelog_names() {
    let folder = tempfile::tempdir().unwrap();
    let before = folder.path().join("before");
    let root = repository::root();
    let clone = ["clone", "--quiet", "--no-checkout", root.to_str().unwrap(), "before"];
    git(folder.path(), &clone);
    git(&before, &["checkout", "--quiet", BEFORE_THE_AUTH_COOKIE]);
    let space = Generate::new("from-before").path(&before).space_at(&scratch().join("from-before"));
    edit_as_its_owner(&space);
    let cookies = {
        let mut running = Running::start(&space, "pro");
        assert_eq!(running.browser.follow("/oauth/huggingface/login").status, 200);
        works(&mut running, "before the upgrade");
        running.browser.cookies.clone()
    };

    let changelog = repository::read("actix-huggingface-oauth/CHANGELOG.md");
    let (_, edits) = changelog.split_once("### Upgrade\n").expect("how to upgrade");
    let edits: Vec<&str> = edits.split("```").skip(1).step_by(2).take(4).collect();
    let [dependency, key, session, others] = edits.try_into().expect("four edits");
    let the_crate = space.join("actix-huggingface-oauth");
    fs::remove_dir_all(&the_crate).unwrap();
    let mut copy = Command::new("cp");
    copy.arg("-r").arg(repository::copy().join("actix-huggingface-oauth")).arg(&space);
    assert!(copy.status().unwrap().success());
    fs::remove_dir_all(the_crate.join("tests")).unwrap();
    let code = |block: &str, language: &str| {
        block.strip_prefix(language).expect("its language").trim().to_owned()
    };
    change(&space, "Cargo.toml", OWN_DEPENDENCY, &code(dependency, "toml"));
    let server = "    let mut server = HttpServer::new(";
    let with_key = format!("    {}\n{server}", code(key, "rust,ignore"));
    change(&space, "src/startup.rs", server, &with_key);
    let settings = ".app_data(settings.clone())";
    // The limit of the owner's own is an argument now.
    let limit = ("BodyTimeout::default()", "BodyTimeout::new(std::time::Duration::from_secs(5))");
    let others = code(others, "rust,ignore").replace(limit.0, limit.1);
    let wrapped = format!("{settings}\n{}\n{others}", code(session, "rust,ignore"));
    change(&space, "src/startup.rs", settings, &wrapped);
    let before = "limits.body = std::time::Duration::from_secs(5);\n";
    change(&space, "src/startup.rs", before, "");
    succeeds(&space, &["update", "--quiet", "--workspace"]);

    let mut running = Running::start(&space, "pro");
    running.browser.cookies = cookies;
    assert_eq!(running.browser.get("/api/me").unwrap().status, 401, "users log in once more");
    assert_eq!(running.browser.follow("/oauth/huggingface/login").status, 200);
    works(&mut running, "after the upgrade");
}

const OWN_DEPENDENCY: &str = "actix-session = { version = \"0.11\", default-features = false }";

/// Adds to a Space what its owner wrote: state in the session, a handler that reads a body, another limit for it.
fn edit_as_its_owner(space: &Path) {
    change(space, "Cargo.toml", "[dependencies]\n", &format!("[dependencies]\n{OWN_DEPENDENCY}\n"));
    fs::write(space.join("src/pages/visits.rs"), VISITS).unwrap();
    change(space, "src/pages/mod.rs", "mod profile;\n", "mod profile;\nmod visits;\n");
    let home = ".service(resource(\"/\").get(home::home))";
    let own = [
        home,
        ".service(resource(\"/visits\").get(visits::visits))",
        ".service(resource(\"/length\").post(async |body: actix_web::web::Bytes| body.len().to_string()))",
    ];
    change(space, "src/pages/mod.rs", home, &own.join("\n"));
    let settings = "settings.oauth.clone()";
    let limited = "settings.oauth.clone().limits({
        let mut limits = actix_huggingface_oauth::Limits::default();
        limits.body = std::time::Duration::from_secs(5);
        limits
    })";
    change(space, "src/startup.rs", settings, limited);
    succeeds(space, &["update", "--quiet", "--workspace"]);
}

/// Replaces a text in a file of a Space, which stands there once.
fn change(space: &Path, file: &str, from: &str, to: &str) {
    let text = fs::read_to_string(space.join(file)).unwrap();
    assert_eq!(text.matches(from).count(), 1, "{from} in {file}:\n{text}");
    fs::write(space.join(file), text.replace(from, to)).unwrap();
}

/// A signed-in user, HEAD, a body that does not come, and state in the session.
fn works(running: &mut Running, when: &str) {
    let me = running.browser.get("/api/me").unwrap();
    assert!(me.status == 200 && me.body.contains("paul-pro"), "{when}: {me:?}");
    for visits in ["1", "2", "3"] {
        assert_eq!(running.browser.get("/visits").unwrap().body, visits, "{when}");
    }
    let host = running.browser.host().to_owned();
    let head = format!("HEAD / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    assert!(sent(&host, &head).starts_with("HTTP/1.1 200 "), "{when}");
    let body = format!(
        "POST /length HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nContent-Length: 9\r\n\r\nslow"
    );
    assert!(sent(&host, &body).starts_with("HTTP/1.1 408 "), "{when}");
}

/// What comes back on a connection of its own until that ends.
fn sent(host: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(host.replace("localhost", "127.0.0.1")).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response
}
