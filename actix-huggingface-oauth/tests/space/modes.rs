//! The table of modes: what the environment asks for, and what comes of it.

use std::net::{SocketAddr, TcpListener};

use actix_huggingface_oauth::{HuggingFaceOAuth, OAuthSettings, Origins, SignIn};

use crate::helpers::{Browser, FakeHub, Log, Space, settings, space_vars, user};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn oauth(vars: &[(&str, &str)]) -> HuggingFaceOAuth {
    HuggingFaceOAuth::new(settings(vars).unwrap()).unwrap()
}

fn refusal(vars: &[(&str, &str)]) -> String {
    let refusal = settings(vars).expect_err("it starts");
    // What `main` shows of an error that it returns.
    assert_eq!(format!("{refusal:?}"), refusal.to_string());
    assert!(!refusal.to_string().contains('\n'), "more than a line: {refusal}");
    refusal.to_string()
}

/// One address of a computer, and the other that is `localhost`, where the computer has it.
fn addresses(host: &str, port: u16) -> Vec<SocketAddr> {
    let mut addresses = vec![SocketAddr::new(host.parse().unwrap(), port)];
    if TcpListener::bind("[::1]:0").is_ok() {
        addresses.push(SocketAddr::new("::1".parse().unwrap(), port));
    }
    addresses
}

#[test]
fn the_log_says_with_whom_users_sign_in() {
    let space = space_vars("https://huggingface.co");
    let mocked = [("HF_MOCK_USER", "ask")];
    let tunnel = [("HF_MOCK_USER", "ask"), ("SPACE_HOST", "tunnel.example.org")];
    let mut modes = vec![
        (&space[..], &["sign-in with Hugging Face"][..]),
        (&[("HF_MOCK_USER", "off")], &["without sign-in: set OAUTH_CLIENT_ID"]),
    ];
    if cfg!(feature = "mock-hub") {
        modes.push((&mocked, &["sign-in is mocked, no real account is involved"]));
        modes.push((&tunnel, &["sign-in is mocked", "can be anybody"]));
    }
    for (vars, said) in modes {
        let log = Log::default();
        let logging = log.begin();
        oauth(vars);
        drop(logging);
        let mut lines = log.lines();
        lines.retain(|line| line.contains("oauth::modes") && !line.contains("docker -p"));
        assert_eq!(lines.len(), said.len(), "{lines:?}");
        for (line, said) in lines.iter().zip(said) {
            assert!(line.contains(said), "{line}");
        }
    }
}

#[test]
fn a_space_with_its_oauth_variables_signs_in_for_real() {
    for mock_user in ["", "off", " off\r\n"] {
        let mut vars = space_vars("https://huggingface.co").to_vec();
        vars.push(("HF_MOCK_USER", mock_user));
        let oauth = oauth(&vars);
        assert!(!oauth.is_mocked() && oauth.is_https());
        assert_eq!(oauth.provider_origin().unwrap(), "https://huggingface.co");
        assert_eq!(oauth.addresses(), ["0.0.0.0:7860".parse().unwrap()]);
        assert_eq!(oauth.app_title(), "My Space");
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
    for mock_user in ["ask", "pro", "nobody", "./user.json"] {
        let mut vars = space_vars("https://huggingface.co").to_vec();
        vars.push(("HF_MOCK_USER", mock_user));
        for vars in [&vars[..], &[("SPACE_ID", "me/app"), ("HF_MOCK_USER", mock_user)]] {
            let refusal = refusal(vars);
            assert!(refusal.contains("a Space never mocks"), "{refusal}");
        }
    }
}

#[test]
fn a_laptop_with_an_oauth_app_signs_in_for_real() {
    for mock_user in ["", "off"] {
        let oauth = oauth(&[("OAUTH_CLIENT_ID", "client-id"), ("HF_MOCK_USER", mock_user)]);
        assert!(!oauth.is_mocked() && !oauth.is_https());
        assert_eq!(oauth.provider_origin().unwrap(), "https://huggingface.co");
    }
}

#[cfg(feature = "mock-hub")]
#[test]
fn a_laptop_without_an_oauth_app_mocks_on_loopback_only() {
    for mock_user in
        if cfg!(debug_assertions) { vec!["", "ask", "pro"] } else { vec!["ask", "pro"] }
    {
        let vars =
            [("PORT", "8080"), ("SPACE_HOST", "tunnel.example.org"), ("HF_MOCK_USER", mock_user)];
        let oauth = oauth(&vars);
        assert!(oauth.is_mocked() && !oauth.is_https(), "{mock_user}");
        assert_eq!(oauth.addresses(), addresses("127.0.0.1", 8080));
    }
}

#[cfg(not(debug_assertions))]
#[test]
fn what_is_built_for_others_mocks_nobody_unasked() {
    assert_eq!(oauth(&[]).provider_origin(), None);
    assert!(!oauth(&[]).is_mocked());
}

#[cfg(feature = "mock-hub")]
#[test]
fn a_laptop_with_a_mock_user_mocks_whatever_else_is_set() {
    let vars = [("OAUTH_CLIENT_ID", "client-id"), ("OAUTH_CLIENT_SECRET", SECRET)];
    for mock_user in ["ask", "pro"] {
        let vars = [&vars[..], &[("HF_MOCK_USER", mock_user)]].concat();
        assert!(oauth(&vars).is_mocked(), "{mock_user}");
    }
}

#[cfg(not(feature = "mock-hub"))]
#[test]
fn a_build_without_the_mock_refuses_a_mock_user() {
    for mock_user in ["ask", "pro"] {
        let refusal = refusal(&[("HF_MOCK_USER", mock_user)]);
        assert!(
            refusal.contains("this build has no mock Hub") && refusal.contains("mock-hub"),
            "{refusal}"
        );
    }
    assert_eq!(oauth(&[]).provider_origin(), None);
}

#[actix_web::test]
async fn without_sign_in_the_app_runs_and_login_says_how_to_configure_it() {
    let space = Space::start(&[("HF_MOCK_USER", "off")]);
    let mut browser = Browser::on_laptop(&space);
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
    for port in ["9000", "9000 ", "9000\r\n"] {
        let oauth = oauth(&[("HF_MOCK_USER", "off"), ("PORT", port)]);
        assert_eq!(oauth.addresses(), addresses("0.0.0.0", 9000));
    }
    for port in ["http", "70000", "-1"] {
        let refusal = refusal(&[("PORT", port)]);
        assert!(refusal.contains(&format!("PORT is `{port}`")), "{refusal}");
    }
}

#[test]
fn a_provider_that_is_no_url_is_refused() {
    for url in ["huggingface.co", "ftp://huggingface.co", "https://"] {
        let refusal = refusal(&[("OAUTH_CLIENT_ID", "client-id"), ("OPENID_PROVIDER_URL", url)]);
        assert!(refusal.contains(&format!("OPENID_PROVIDER_URL is `{url}`")), "{refusal}");
    }
}

#[test]
fn a_session_secret_has_32_bytes_and_an_empty_one_is_none() {
    let with = |secret| {
        let mut vars = space_vars("https://huggingface.co").to_vec();
        vars.push(("SESSION_SECRET", secret));
        settings(&vars)
    };
    assert!(with(SECRET).is_ok() && with("").is_ok());
    let refusal = with(&SECRET[1..]).unwrap_err().to_string();
    assert!(refusal.contains("SESSION_SECRET is shorter than 32 bytes"), "{refusal}");
    assert!(!refusal.contains(&SECRET[1..]), "the refusal shows the secret");

    let settings = OAuthSettings::new(SignIn::Off).session_secret("short");
    let refusal = HuggingFaceOAuth::new(settings).unwrap_err().to_string();
    assert!(refusal.contains("shorter than 32 bytes"), "{refusal}");
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
    vars.push(("SESSION_SECRET", SECRET));
    let shown = format!("{:?} {:?}", settings(&vars).unwrap(), oauth(&vars));
    assert!(
        shown.contains("https://huggingface.co") && shown.contains("me-app.hf.space"),
        "{shown}"
    );
    assert!(!shown.contains("client-secret") && !shown.contains(SECRET), "{shown}");
}

#[test]
fn space_host_is_a_list_and_names_count_whatever_their_case() {
    let vars = [("HF_MOCK_USER", "off"), ("SPACE_HOST", " me-app.hf.space, www.Example.org ,")];
    let shown = format!("{:?}", settings(&vars).unwrap());
    assert!(
        shown.contains(r#"HttpsOrLoopback(["me-app.hf.space", "www.example.org"])"#),
        "{shown}"
    );
}

#[test]
fn what_people_copy_into_space_host_is_cleaned() {
    for value in [
        "https://me-app.hf.space",
        "HTTPS://ME-APP.HF.SPACE/",
        "me-app.hf.space:443",
        "https://me-app.hf.space:7860/some/path?query=1",
        ",, me-app.hf.space ,",
        "me-app.hf.space\r\n",
    ] {
        let vars = [("HF_MOCK_USER", "off"), ("SPACE_HOST", value)];
        let shown = format!("{:?}", settings(&vars).unwrap());
        assert!(shown.contains(r#"HttpsOrLoopback(["me-app.hf.space"])"#), "{value}: {shown}");
    }
}

#[test]
fn a_space_host_without_a_name_is_refused() {
    for value in [",", "https://", "/", ":443", "me app.hf.space", "me-app.hf.space,[::1]", "*"] {
        for mode in [&[("HF_MOCK_USER", "off")][..], &space_vars("https://huggingface.co")] {
            let mut vars = mode.to_vec();
            vars.push(("SPACE_HOST", value));
            let refusal = refusal(&vars);
            assert!(
                refusal.contains("SPACE_HOST") && refusal.contains("me-app.hf.space"),
                "{refusal}"
            );
        }
    }
}

#[test]
fn white_space_around_any_setting_does_not_count() {
    let clean = space_vars("https://huggingface.co");
    let padded = clean.map(|(name, value)| (name, format!(" \t{value} \r\n")));
    let padded: Vec<_> = padded.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(
        format!("{:?}", settings(&padded).unwrap()),
        format!("{:?}", settings(&clean).unwrap())
    );
}

#[test]
fn an_empty_list_of_names_is_refused() {
    let settings = OAuthSettings::new(SignIn::Off).origins(Origins::Https(Vec::new()));
    let refusal = HuggingFaceOAuth::new(settings).unwrap_err().to_string();
    assert!(
        refusal.contains("Origins::Https") && refusal.contains("Origins::Loopback"),
        "{refusal}"
    );
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
