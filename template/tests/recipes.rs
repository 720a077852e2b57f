//! What the recipes in a Space's README.md come to, as they stand there.

use std::fs;
use std::path::Path;

use crate::generate::read;
use crate::running::{Running, succeeds};

const LOGIN: &str = "/oauth/huggingface/login";

/// Does with a Space what they say, and looks at what it answers then.
pub fn try_out(space: &Path) {
    let readme = Readme(read(space, "README.md"));
    let audience = read(space, "src/audience.rs");
    let follower = Follower { space, readme };
    follower.add_files();
    follower.keep_data();
    follower.let_other_sites_in();
    follower.add_urls();
    let own = audience.split("pub const").next().unwrap().replace("#[rustfmt::skip]\n", "");
    let everybody = "pub const AUDIENCE: Audience = Audience::Everybody;\n";
    follower.write("src/audience.rs", &format!("{own}{everybody}"));
    succeeds(space, &["clippy", "--quiet", "--all-targets", "--", "-D", "warnings"]);
    succeeds(space, &["test", "--quiet"]);
    answers_everybody(space);
    let members = follower.readme.recipe("src/audience.rs");
    follower.write("src/audience.rs", &format!("{own}{members}"));
    answers_members(space);
}

fn answers_everybody(space: &Path) {
    answers(
        space,
        "writer",
        &[
            ("/plans", 401),
            ("/team/plans", 401),
            ("/notes", 401),
            ("/nowhere", 404),
            (LOGIN, 200),
            ("/plans", 200),
            ("/team/plans", 200),
            ("/notes", 200),
            ("/kept", 200),
            ("/kept/1", 404),
        ],
    );
    assert!(space.join("data/app.sqlite").exists(), "the data is elsewhere");
    answers(
        space,
        "reader",
        &[(LOGIN, 200), ("/plans", 403), ("/team/plans", 403), ("/team/nowhere", 404), ("/", 200)],
    );
    answers(
        space,
        "pro",
        &[(LOGIN, 200), ("/team/nowhere", 403), ("/nowhere", 404), ("/picture", 200)],
    );
}

fn answers_members(space: &Path) {
    answers(
        space,
        "reader",
        &[
            ("/nowhere", 401),
            ("/", 200),
            ("/healthz", 200),
            (LOGIN, 200),
            ("/nowhere", 404),
            ("/", 200),
        ],
    );
    answers(space, "pro", &[(LOGIN, 403), ("/nowhere", 403), ("/healthz", 200)]);
}

fn answers(space: &Path, user: &str, paths: &[(&str, u16)]) {
    let mut app = Running::start(space, user);
    for (path, status) in paths {
        assert_eq!(app.browser.follow(path).status, *status, "{user} at {path}");
    }
}

struct Readme(String);

impl Readme {
    /// The code for a file.
    fn recipe(&self, file: &str) -> String {
        let (_, rest) = self.0.split_once(&format!(" {file}: ")).expect("a recipe for the file");
        let (_, rest) = rest.split_once('\n').expect("a first line");
        rest.split("```").next().expect("an end").to_owned()
    }

    /// The code in a sentence that begins so.
    fn code(&self, begin: &str) -> &str {
        self.0.split('`').find(|code| code.starts_with(begin)).expect(begin)
    }

    /// All code in sentences that begins so, without that.
    fn all(&self, begin: &str) -> Vec<&str> {
        let marked = format!("`{begin}");
        self.0.split(&marked).skip(1).map(|rest| rest.split('`').next().unwrap()).collect()
    }
}

/// Who follows the recipes.
struct Follower<'a> {
    space: &'a Path,
    readme: Readme,
}

impl Follower<'_> {
    fn write(&self, file: &str, text: &str) {
        fs::write(self.space.join(file), text).expect("it is written");
    }

    /// Puts code before and after what stands in a file.
    fn put(&self, file: &str, there: &str, [before, after]: [&str; 2]) {
        let text = read(self.space, file);
        let (above, below) = text.split_once(there).expect(there);
        self.write(file, &format!("{above}{before}{there}{after}{below}"));
    }

    fn add_files(&self) {
        for file in [
            "src/data.rs",
            "src/database.rs",
            "src/pages/kept.rs",
            "src/pages/notes.rs",
            "src/pages/picture.rs",
            "src/pages/plans.rs",
            "templates/notes.html",
            "templates/picture.html",
            "tests/app/forms.rs",
        ] {
            self.write(file, &self.readme.recipe(file));
        }
        self.put("src/lib.rs", "mod assets;\n", ["", "pub mod data;\npub mod database;\n"]);
        self.put("tests/app/main.rs", "mod helpers;", ["mod forms;\n", ""]);
        for crates in self.readme.all("cargo add ") {
            let crates: Vec<_> = crates.split(' ').collect();
            succeeds(self.space, &[&["add", "--quiet"], &crates[..]].concat());
        }
    }

    fn keep_data(&self) {
        let variable = format!("{},\n", self.readme.code("data_dir: "));
        self.put("src/settings.rs", "pub log_filter", ["pub data_dir: Option<String>,\n", ""]);
        self.put("src/settings.rs", "log_filter: var", [&variable, ""]);
        let startup = self.readme.recipe("src/startup.rs");
        let (made, shared) =
            startup.split_once("// and beside the other `app_data`").expect("both");
        let modules = "use crate::data;\nuse crate::database::Database;\n";
        self.put("src/startup.rs", "use crate::settings", [modules, ""]);
        self.put("src/startup.rs", "let settings = web::Data", [made, ""]);
        self.put("src/startup.rs", ".app_data(headers", [shared, ""]);
        let counter = "use std::sync::atomic::{AtomicUsize, Ordering};\n";
        self.put("tests/app/helpers.rs", "use std::net", [counter, ""]);
        let vars = "    let vars: BTreeMap<_, _> = VARS.iter().chain(vars).copied().collect();\n";
        let helpers = read(self.space, "tests/app/helpers.rs");
        let own = self.readme.recipe("tests/app/helpers.rs");
        self.write("tests/app/helpers.rs", &helpers.replace(vars, &own));
    }

    fn let_other_sites_in(&self) {
        let title = ".default_title(env!(\"CARGO_PKG_NAME\"))";
        let opened = self.readme.code(".open_to_other_sites(");
        self.put("src/settings.rs", title, ["", opened]);
        let cors = self.readme.code(".wrap(actix_cors::");
        self.put("src/startup.rs", ".wrap(RequestLog", [cors, ""]);
        self.put("tests/app/main.rs", "mod helpers;", ["mod cors;\n", ""]);
        self.write("tests/app/cors.rs", CORS);
    }

    fn add_urls(&self) {
        let modules = "mod kept;\nmod notes;\nmod picture;\nmod plans;\n";
        self.put("src/pages/mod.rs", "mod profile;", [modules, ""]);
        let others = [
            "/plans\").get(plans::plans))",
            "/kept\").get(kept::texts))",
            "/kept/{id}\").get(kept::picture))",
        ];
        let services = self.readme.all(".service(resource(\"").into_iter().chain(others);
        let services = services.fold(String::new(), |services, service| {
            format!("{services}config.service(resource(\"{service};\n")
        });
        let gated = self.readme.recipe("src/pages/mod.rs");
        let end = "    #[cfg(feature = \"chat\")]\n    chat::configure(config);\n";
        self.put("src/pages/mod.rs", end, ["", &format!("{gated}{services}")]);
    }
}

/// What a page of another site may do where the recipe for that was followed. where the recipe for that was followed.
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
