//! The table of modes: what the environment asks for, and what comes of it.

use app::huggingface::{Origins, SignIn};

use crate::helpers::{FakeHub, Space, settings, space_vars, user};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn refusal(vars: &[(&str, &str)]) -> String {
    format!("{:#}", settings(vars).expect_err("it starts"))
}

#[test]
fn a_space_with_its_oauth_variables_signs_in_for_real() {
    for mock_user in ["", "off"] {
        let mut vars = space_vars("https://huggingface.co").to_vec();
        vars.push(("HF_MOCK_USER", mock_user));
        let settings = settings(&vars).unwrap();
        let SignIn::HuggingFace(client) = &settings.sign_in else { panic!("{settings:?}") };
        assert_eq!(client.scopes, "openid profile email");
        assert_eq!(client.provider_url, "https://huggingface.co");
        assert_eq!(settings.address(), ("0.0.0.0", 7860));
        assert_eq!(settings.title, "My Space");
    }
}

#[test]
fn a_space_without_its_oauth_variables_refuses_to_start_and_names_all_of_them_and_the_cure() {
    let refusal = refusal(&[("SPACE_ID", "me/app"), ("OAUTH_CLIENT_ID", "")]);
    for part in [
        "OAUTH_CLIENT_ID",
        "OAUTH_CLIENT_SECRET",
        "OAUTH_SCOPES",
        "OPENID_PROVIDER_URL",
        "SPACE_HOST",
        "hf_oauth: true",
        "README.md",
    ] {
        assert!(refusal.contains(part), "{part} is missing: {refusal}");
    }
}

#[test]
fn a_space_with_only_some_of_its_oauth_variables_names_those_that_are_missing() {
    let vars = space_vars("https://huggingface.co");
    let without_scopes: Vec<_> =
        vars.into_iter().filter(|(name, _)| *name != "OAUTH_SCOPES").collect();
    let refusal = refusal(&without_scopes);
    assert!(refusal.contains("OAUTH_SCOPES") && !refusal.contains("OAUTH_CLIENT_ID"), "{refusal}");
}

#[test]
fn a_space_never_mocks() {
    for mock_user in ["pro", "nobody", "./user.json"] {
        let mut vars = space_vars("https://huggingface.co").to_vec();
        vars.push(("HF_MOCK_USER", mock_user));
        let refusal = refusal(&vars);
        assert!(refusal.contains("a Space never mocks"), "{refusal}");
        assert!(
            crate::modes::refusal(&[("SPACE_ID", "me/app"), ("HF_MOCK_USER", mock_user)])
                .contains("never mocks")
        );
    }
}

#[test]
fn a_laptop_with_an_oauth_app_signs_in_for_real() {
    for mock_user in ["", "off"] {
        let settings =
            settings(&[("OAUTH_CLIENT_ID", "client-id"), ("HF_MOCK_USER", mock_user)]).unwrap();
        let SignIn::HuggingFace(client) = &settings.sign_in else { panic!("{settings:?}") };
        assert_eq!(client.provider_url, "https://huggingface.co");
        assert_eq!(client.scopes, "openid profile");
        assert!(client.client_secret.is_none());
        assert!(matches!(settings.origins, Origins::Loopback));
    }
}

#[cfg(feature = "mock-hub")]
#[test]
fn a_laptop_without_an_oauth_app_mocks_on_loopback_only() {
    let settings = settings(&[("PORT", "8080"), ("SPACE_HOST", "tunnel.example.org")]).unwrap();
    assert!(settings.sign_in.is_mocked());
    assert_eq!(settings.address(), ("127.0.0.1", 8080));
    assert!(matches!(settings.origins, Origins::Loopback));
    assert_eq!(settings.title, env!("CARGO_PKG_NAME"));
}

#[cfg(feature = "mock-hub")]
#[test]
fn a_laptop_with_a_mock_user_mocks_whatever_else_is_set() {
    let vars = [
        ("HF_MOCK_USER", "pro"),
        ("OAUTH_CLIENT_ID", "client-id"),
        ("OAUTH_CLIENT_SECRET", SECRET),
    ];
    let settings = settings(&vars).unwrap();
    assert!(settings.sign_in.is_mocked());
    assert!(settings.session_secret.is_none(), "the keys of a mock must be random");
}

#[cfg(not(feature = "mock-hub"))]
#[test]
fn a_build_without_the_mock_refuses_a_mock_user() {
    let refusal = refusal(&[("HF_MOCK_USER", "pro")]);
    assert!(
        refusal.contains("this build has no mock Hub") && refusal.contains("mock-hub"),
        "{refusal}"
    );
    assert!(matches!(settings(&[]).unwrap().sign_in, SignIn::Off));
}

#[actix_web::test]
async fn without_sign_in_the_app_runs_and_login_says_how_to_configure_it() {
    let space = Space::start(&[("HF_MOCK_USER", "off")]);
    let mut browser = crate::helpers::Browser::on_laptop(&space);
    assert_eq!(browser.get("/").await.status, 200);
    let page = browser.get("/oauth/huggingface/login").await;
    assert_eq!(page.status, 503);
    assert!(
        page.body.contains("OAUTH_CLIENT_ID") && page.body.contains("hf_oauth: true"),
        "{}",
        page.body
    );
}

#[test]
fn the_port_moves_with_port_and_nonsense_is_refused() {
    assert_eq!(
        settings(&[("HF_MOCK_USER", "off"), ("PORT", "9000")]).unwrap().address(),
        ("0.0.0.0", 9000)
    );
    for port in ["http", "70000", "-1"] {
        let refusal = refusal(&[("PORT", port)]);
        assert!(refusal.contains(&format!("PORT is `{port}`")), "{refusal}");
    }
}

#[test]
fn a_session_secret_overrides_the_oauth_apps_and_has_32_bytes() {
    let vars = space_vars("https://huggingface.co");
    let with = |secret| {
        let mut vars = vars.to_vec();
        vars.push(("SESSION_SECRET", secret));
        settings(&vars)
    };
    assert_eq!(with(SECRET).unwrap().session_secret.unwrap().0, SECRET);
    assert_eq!(with("").unwrap().session_secret.unwrap().0, "client-secret/+&");
    let refusal = format!("{:#}", with(&SECRET[1..]).unwrap_err());
    assert!(refusal.contains("SESSION_SECRET is shorter than 32 bytes"), "{refusal}");
    assert!(!refusal.contains(&SECRET[1..]), "the refusal shows the secret");
}

#[cfg(not(feature = "redis"))]
#[test]
fn a_build_without_redis_refuses_its_url() {
    let refusal = refusal(&[("HF_MOCK_USER", "off"), ("REDIS_URL", "redis://127.0.0.1")]);
    assert!(refusal.contains("build it with the feature `redis`"), "{refusal}");
}

#[test]
fn settings_hide_their_secrets_in_debug() {
    let mut vars = space_vars("https://huggingface.co").to_vec();
    assert!(!format!("{:?}", settings(&vars).unwrap()).contains("client-secret"));
    vars.push(("SESSION_SECRET", SECRET));
    assert!(!format!("{:?}", settings(&vars).unwrap()).contains(SECRET));
}

#[test]
fn space_host_is_a_list_and_the_first_name_is_the_spaces_own() {
    let vars = [("HF_MOCK_USER", "off"), ("SPACE_HOST", " me-app.hf.space, www.Example.org ,")];
    let Origins::Https(hosts) = settings(&vars).unwrap().origins else { panic!("no https") };
    assert_eq!(hosts, ["me-app.hf.space", "www.example.org"]);
}

#[actix_web::test]
async fn a_space_starts_though_the_hub_is_down_and_says_so_at_sign_in() {
    let hub = FakeHub::start(user());
    let url = hub.url.clone();
    drop(hub);
    let space = Space::start(&space_vars("http://127.0.0.1:9"));
    let mut browser = space.browser();
    assert_eq!(browser.get("/").await.status, 200, "{url}");
    assert_eq!(browser.get("/oauth/huggingface/login").await.status, 502);
}
