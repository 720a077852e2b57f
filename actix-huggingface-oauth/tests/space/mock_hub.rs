//! The mock Hub: sign-in on a laptop without an account.

use actix_huggingface_oauth::{OAuthSettings, SignIn};
use oauth2::url::{Url, form_urlencoded};
use oauth2::{PkceCodeChallenge, PkceCodeVerifier};
use reqwest::Method;
use serde_json::Value;

use crate::helpers::frame::FRAME;
use crate::helpers::{Browser, Page, Space, settings};

/// The names in the mock's user file.
const NAMES: [&str; 10] = [
    "contributor",
    "enterprise-admin",
    "free",
    "many-orgs",
    "no-access",
    "pro",
    "reader",
    "restricted",
    "sub-only",
    "writer",
];

/// The tab at the mock Hub, which is the same server under another name.
fn hub_tab(space: &Space) -> Browser {
    Browser::at(&space.address, space.address.trim_start_matches("http://"))
}

fn path_of(url: &str) -> String {
    Url::parse(url).unwrap()[oauth2::url::Position::BeforePath..].to_owned()
}

/// Opens the consent page and answers it with a button.
async fn answer(space: &Space, browser: &mut Browser, button: (&str, &str)) -> Page {
    answer_with(space, browser, "_target_url=/profile", &[button]).await
}

/// The same, with this query of the login link, and with what else is filled in.
async fn answer_with(
    space: &Space,
    browser: &mut Browser,
    query: &str,
    filled_in: &[(&str, &str)],
) -> Page {
    let login = browser.get(&format!("/oauth/huggingface/login?{query}")).await;
    let mut hub = hub_tab(space);
    let asked = Url::parse(login.location()).unwrap();
    let consent = hub.get(&path_of(login.location())).await;
    assert_eq!(consent.status, 200);

    let filled_in = filled_in.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let fields = asked.query_pairs().into_owned().chain(filled_in);
    for (name, value) in asked.query_pairs().filter(|(name, _)| name != "prompt") {
        let value = value.replace('&', "&#38;");
        assert!(
            consent.body.contains(&format!("name=\"{name}\" value=\"{value}\"")),
            "{}",
            consent.body
        );
    }
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let headers =
        [("origin", space.address.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let back = hub.send_body(Method::POST, "/mock-hub/oauth/authorize", &headers, body).await;
    browser.get(&browser.path_of(back.location())).await
}

#[actix_web::test]
async fn each_user_of_the_consent_page_can_sign_in() {
    let space = Space::start(&[("OAUTH_SCOPES", "openid profile email read-billing")]);
    for name in NAMES {
        let mut browser = Browser::on_laptop(&space);
        let page = answer(&space, &mut browser, ("user", name)).await;
        assert_eq!(page.location(), "/profile", "{name}");
        assert!(page.set_cookie(&browser.named("hf-auth")).unwrap().len() < 4_000);
        assert_eq!(browser.get("/").await.status, 200);
        assert_eq!(browser.get("/profile").await.status, 200);
        let user = browser.me().await.unwrap()["user_info"].take();
        let orgs = user["orgs"].as_array().map(Vec::len);
        match name {
            "free" => assert_eq!((user["is_pro"].as_bool(), orgs), (Some(false), Some(0))),
            "pro" => assert_eq!((user["is_pro"].as_bool(), orgs), (Some(true), Some(2))),
            "enterprise-admin" => {
                assert_eq!(user["orgs"][0]["role_in_org"], "admin");
                assert_eq!(user["orgs"][0]["is_enterprise"], true);
            }
            "restricted" => {
                assert_eq!(user["orgs"][0]["pending_sso"], true);
                assert_eq!(user["orgs"][0]["missing_mfa"], true);
            }
            "many-orgs" => assert_eq!(orgs, Some(200)),
            "writer" | "contributor" | "reader" | "no-access" => {
                assert_eq!(user["orgs"][0]["preferred_username"], "acme-corporation");
            }
            _ => assert_eq!((&user["name"], orgs), (&Value::Null, None)),
        }
    }
}

#[actix_web::test]
async fn a_developer_can_say_no() {
    let space = Space::start(&[]);
    let mut browser = Browser::on_laptop(&space);
    let page = answer(&space, &mut browser, ("deny", "1")).await;
    assert_eq!(page.status, 403);
    assert_eq!(browser.me().await, None);
}

#[actix_web::test]
async fn fields_need_their_scope_as_on_the_hub() {
    let space = Space::start(&[]);
    let mut browser = Browser::on_laptop(&space);
    answer(&space, &mut browser, ("user", "pro")).await;
    let me = browser.me().await.unwrap();
    assert_eq!(me["scope"], "openid profile");
    assert_eq!(
        (&me["user_info"]["email"], &me["user_info"]["can_pay"]),
        (&Value::Null, &Value::Null)
    );
}

#[actix_web::test]
async fn a_mock_user_signs_in_at_once() {
    for name in NAMES {
        let space = Space::start(&[("HF_MOCK_USER", name)]);
        let mut browser = Browser::on_laptop(&space);
        let login = browser.get("/oauth/huggingface/login").await;
        let back = hub_tab(&space).get(&path_of(login.location())).await;
        let callback = browser.path_of(back.location());
        assert_eq!(browser.get(&callback).await.location(), "/");
        assert!(browser.me().await.is_some());
    }
}

#[actix_web::test]
async fn in_code_a_mock_user_comes_with_scopes() {
    let sign_in = SignIn::mock("pro", "openid profile email").unwrap();
    let space = Space::start_with(OAuthSettings::new(sign_in));
    let mut browser = Browser::on_laptop(&space);
    browser.follow("/oauth/huggingface/login").await;
    assert_eq!(browser.get("/scope/email").await.body, "granted");
}

#[actix_web::test]
async fn a_mock_user_can_come_from_a_file() {
    let directory = std::env::temp_dir().join(format!("mock-user-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let path = directory.join("me.json");
    std::fs::write(&path, "{\"sub\": \"1\", \"preferred_username\": \"from-a-file\"}").unwrap();
    let space = Space::start(&[("HF_MOCK_USER", path.to_str().unwrap())]);
    let mut browser = Browser::on_laptop(&space);
    let login = browser.get("/oauth/huggingface/login").await;
    let back = hub_tab(&space).get(&path_of(login.location())).await;
    let callback = browser.path_of(back.location());
    browser.get(&callback).await;
    assert_eq!(browser.me().await.unwrap()["user_info"]["preferred_username"], "from-a-file");

    std::fs::write(&path, "\u{feff}{\"sub\": \"1\"}").unwrap();
    assert!(
        settings(&[("HF_MOCK_USER", path.to_str().unwrap())]).is_ok(),
        "with a byte order mark"
    );
    let utf_16: Vec<u8> =
        "\u{feff}{\"sub\": \"1\"}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(&path, utf_16).unwrap();
    let refusal = settings(&[("HF_MOCK_USER", path.to_str().unwrap())]).unwrap_err().to_string();
    assert!(refusal.contains("UTF-16") && refusal.contains("save it as UTF-8"), "{refusal}");

    for (content, part) in [
        ("{\n  \"sub\": \"1\",\n  oops\n}", "line 3"),
        ("[1, 2]", "not user info"),
        ("{\"name\": \"no sub\"}", "not user info"),
        ("", "line 1"),
    ] {
        std::fs::write(&path, content).unwrap();
        let refusal =
            format!("{:#}", settings(&[("HF_MOCK_USER", path.to_str().unwrap())]).unwrap_err());
        assert!(refusal.contains(part) && refusal.contains("me.json"), "{refusal}");
    }
    std::fs::remove_dir_all(&directory).unwrap();
    let refusal =
        format!("{:#}", settings(&[("HF_MOCK_USER", path.to_str().unwrap())]).unwrap_err());
    assert!(refusal.contains("cannot read"), "{refusal}");
    for path in ["me.json", "folder/me"] {
        let refusal = format!("{:#}", settings(&[("HF_MOCK_USER", path)]).unwrap_err());
        assert!(refusal.contains("cannot read") && refusal.contains(path), "{refusal}");
    }
}

#[test]
fn an_unknown_name_stops_the_start_with_the_names_there_are() {
    let refusal = format!("{:#}", settings(&[("HF_MOCK_USER", "nobody")]).unwrap_err());
    assert!(
        refusal.contains("nobody")
            && NAMES.iter().all(|name| refusal.contains(name))
            && refusal.contains("ask"),
        "{refusal}"
    );
}

#[actix_web::test]
async fn every_page_says_that_sign_in_is_mocked() {
    let space = Space::start(&[]);
    let mut browser = Browser::on_laptop(&space);
    let login = browser.get("/oauth/huggingface/login").await;
    for page in [
        hub_tab(&space).get(&path_of(login.location())).await,
        browser.get("/oauth/huggingface/callback").await,
        answer(&space, &mut browser, ("deny", "1")).await,
    ] {
        assert!(page.body.contains("Sign-in is mocked"), "{}", page.body);
    }
}

#[actix_web::test]
async fn the_consent_page_cannot_be_framed_and_may_redirect_to_the_app() {
    let space = Space::start(&[]);
    let mut browser = Browser::on_laptop(&space);
    let login = browser.get("/oauth/huggingface/login").await;
    let page = hub_tab(&space).get(&path_of(login.location())).await;
    let csp = page.header("content-security-policy");
    assert!(csp.contains("frame-ancestors 'none'"), "{csp}");
    assert!(csp.contains(&format!("form-action 'self' {}", browser.origin())), "{csp}");
}

#[actix_web::test]
async fn it_refuses_what_the_hub_refuses() {
    let space = Space::start(&[]);
    let mut browser = Browser::on_laptop(&space);
    let login = path_of(browser.get("/oauth/huggingface/login").await.location());
    let here = form_urlencoded::byte_serialize(browser.origin().as_bytes()).collect::<String>();
    let here = format!("redirect_uri={here}");
    for (from, to) in [
        ("client_id=mock-client", "client_id=other"),
        ("response_type=code", "response_type=token"),
        ("code_challenge_method=S256", "code_challenge_method=plain"),
        ("redirect_uri=http%3A%2F%2Flocalhost", "redirect_uri=http%3A%2F%2Fevil.test"),
        ("redirect_uri=http%3A%2F%2Flocalhost", "redirect_uri=https%3A%2F%2Fevil.test"),
        ("redirect_uri=http%3A", "redirect_uri=https%3A"),
        (&here, "redirect_uri=https%3A%2F%2Fevil.test"),
        ("state=", "stat="),
    ] {
        assert!(login.contains(from));
        assert_eq!(hub_tab(&space).get(&login.replace(from, to)).await.status, 400, "{to}");
    }

    let space = Space::start(&[("HF_MOCK_USER", "pro")]);
    let mut browser = Browser::on_laptop(&space);
    let login = Url::parse(browser.get("/oauth/huggingface/login").await.location()).unwrap();
    let verifier = "v".repeat(43);
    let challenge =
        PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(verifier.clone()));
    let redirect_uri = format!("{}/oauth/huggingface/callback", browser.origin());
    let right = [
        ("grant_type", "authorization_code"),
        ("client_id", "mock-client"),
        ("redirect_uri", &redirect_uri),
        ("code_verifier", &verifier),
    ];
    for (wrong, value) in [
        ("", ""),
        ("grant_type", "refresh_token"),
        ("client_id", "other"),
        ("redirect_uri", "http://localhost/oauth/huggingface/callback"),
        ("code_verifier", "w"),
        ("code_verifier", ""),
        ("code", "made-up"),
    ] {
        let mut asked = login.clone();
        let query = login.query_pairs().map(|(name, value)| match &*name {
            "code_challenge" => (name, challenge.as_str().into()),
            _ => (name, value),
        });
        asked.query_pairs_mut().clear().extend_pairs(query);
        let back = hub_tab(&space).get(&path_of(asked.as_str())).await;
        let back = Url::parse(back.location()).unwrap();
        let (_, code) = back.query_pairs().find(|(name, _)| name == "code").unwrap();
        let fields = right.into_iter().chain([("code", &*code)]);
        let fields = fields.map(|(name, right)| (name, if name == wrong { value } else { right }));
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        for is_first in [true, false] {
            let (path, body) = ("/mock-hub/oauth/token", body.clone());
            let page = hub_tab(&space).send_body(Method::POST, path, &headers, body).await;
            if wrong.is_empty() && is_first {
                assert_eq!(page.status, 200, "{}", page.body);
            } else {
                let error = page.json()["error"].as_str().map(str::to_owned);
                assert_eq!(
                    (page.status, error.as_deref()),
                    (400, Some("invalid_grant")),
                    "{wrong}"
                );
            }
        }
    }
    let headers = [("authorization", "Bearer made-up")];
    assert_eq!(
        hub_tab(&space).send(Method::GET, "/mock-hub/oauth/userinfo", &headers).await.status,
        401
    );
}

#[actix_web::test]
async fn pictures_show_without_a_network() {
    let space = Space::start(&[]);
    let page = Browser::on_laptop(&space).get("/mock-hub/avatars/paul-pro.svg").await;
    assert_eq!(page.header("content-type"), "image/svg+xml");
    assert!(page.body.starts_with("<svg") && page.body.contains(">P</text>"), "{}", page.body);
}

#[actix_web::test]
async fn there_is_none_where_sign_in_is_not_mocked() {
    let space = Space::start(&[("HF_MOCK_USER", "off")]);
    assert_eq!(
        Browser::on_laptop(&space).get("/mock-hub/.well-known/openid-configuration").await.status,
        404
    );
}

#[actix_web::test]
async fn the_mock_hub_shows_the_app_in_a_frame_of_another_site() {
    let space = Space::start(&[]);
    let mut hub = Browser::at(&space.address, space.address.trim_start_matches("http://"));
    let page = hub.get("/mock-hub/space?__theme=dark").await;
    let app = Browser::on_laptop(&space).origin();
    assert!(page.body.contains(&format!("<iframe src=\"{app}/?__theme=dark\"")), "{}", page.body);
    assert!(page.body.contains("sandbox=\"allow-downloads allow-forms"), "{}", page.body);
    assert!(!page.body.contains("allow-top-navigation"));
    assert!(page.header("content-security-policy").contains(&format!("frame-src {app};")));
    assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");

    let mut browser = Browser::on_laptop(&space);
    let moved = browser.get("/mock-hub/space?__theme=dark").await;
    assert_eq!(moved.location(), format!("{}/mock-hub/space?__theme=dark", space.address));
    let framed = browser.send(Method::GET, "/oauth/huggingface/login", &[FRAME]).await;
    assert!(
        framed
            .set_cookie(&browser.named("hf-handoff"))
            .unwrap()
            .contains("Secure; SameSite=None; Partitioned")
    );
    assert!(
        framed
            .header("content-security-policy")
            .contains("frame-ancestors 'self' http://127.0.0.1:*;")
    );
}

#[actix_web::test]
async fn one_organization_has_a_user_for_every_role() {
    let space = Space::start(&[]);
    let mut roles = Vec::new();
    for name in NAMES {
        let mut browser = Browser::on_laptop(&space);
        answer(&space, &mut browser, ("user", name)).await;
        let orgs = browser.me().await.unwrap()["user_info"]["orgs"].take();
        let acme =
            orgs.as_array().into_iter().flatten().find(|org| org["name"] == "Acme Corporation");
        if let Some(acme) = acme {
            assert_eq!(acme["sub"], "65a1f0c0e4b0d3a2b1c00005", "one organization has one sub");
            roles.push(acme["role_in_org"].as_str().unwrap().to_owned());
        }
    }
    for role in ["admin", "write", "contributor", "read", "no_access"] {
        assert!(roles.iter().any(|had| had == role), "nobody has the role {role}");
    }
}

#[actix_web::test]
async fn the_consent_page_tells_organizations_and_roles() {
    let space = Space::start(&[]);
    let mut browser = Browser::on_laptop(&space);
    let login = browser.get("/oauth/huggingface/login").await;
    let page = hub_tab(&space).get(&path_of(login.location())).await;
    for shown in [
        "Acme Corporation: admin",
        "Tiny Models: write",
        "Acme Corporation: no_access",
        "and 198 more",
    ] {
        assert!(page.body.contains(shown), "{shown}: {}", page.body);
    }
    for (user, summary) in [
        ("pro", "<span>PRO</span>"),
        ("free", "<span>Free, no organizations</span>"),
        ("restricted", "<span>Free, security requirements pending</span>"),
    ] {
        assert!(page.choice(user).contains(summary), "{}", page.choice(user));
    }
}

#[actix_web::test]
async fn a_file_may_have_several_users_among_whom_the_page_asks() {
    let path = std::env::temp_dir().join(format!("mock-users-{}.json", std::process::id()));
    std::fs::write(
        &path,
        r#"{"me": {"sub": "1", "name": "Mine"}, "boss": {"sub": "2", "name": "Hers"}}"#,
    )
    .unwrap();
    let space = Space::start(&[("HF_MOCK_USER", path.to_str().unwrap())]);
    let mut browser = Browser::on_laptop(&space);
    let page = answer(&space, &mut browser, ("user", "boss")).await;
    assert_eq!(page.location(), "/profile");
    assert_eq!(browser.me().await.unwrap()["user_info"]["name"], "Hers");

    std::fs::write(&path, r#"{"me": {"sub": "1"}, "boss": {"name": "no sub"}}"#).unwrap();
    let refusal = settings(&[("HF_MOCK_USER", path.to_str().unwrap())]).unwrap_err().to_string();
    assert!(refusal.contains("several of those by names"), "{refusal}");
    std::fs::remove_file(&path).unwrap();
}

#[actix_web::test]
async fn who_signs_in_may_leave_out_scopes_and_organizations_and_be_asked_again() {
    // Signed in without a question, until the app asks again.
    let scopes = "openid profile email read-memberships";
    let space = Space::start(&[("HF_MOCK_USER", "pro"), ("OAUTH_SCOPES", scopes)]);
    let mut browser = Browser::on_laptop(&space);
    browser.follow("/oauth/huggingface/login").await;
    assert_eq!(browser.get("/scope/email").await.body, "granted");
    assert_eq!(browser.me().await.unwrap()["user_info"]["orgs"].as_array().unwrap().len(), 2);
    let again = "_target_url=/profile&prompt=consent";
    let user = ("user", "pro");
    let tiny = ("without_org", "65a1f0c0e4b0d3a2b1c00002");
    for (left_out, orgs, email) in [
        (&[user, tiny, ("without_scope", "email")][..], 1, 403),
        (&[user, ("without_org", "all")], 0, 200),
        (&[user, ("without_scope", "openid"), ("without_scope", "profile")], 2, 200),
        (&[user, ("without_org", "65a1f0c0e4b0d3a2b1c00099"), ("without_scope", "jobs")], 2, 200),
    ] {
        let page = answer_with(&space, &mut browser, again, left_out).await;
        assert_eq!(page.location(), "/profile", "{left_out:?}");
        let me = browser.me().await.unwrap();
        assert_eq!(me["user_info"]["orgs"].as_array().unwrap().len(), orgs, "{left_out:?}");
        assert_eq!(me["user_info"]["email"].is_string(), email == 200, "{left_out:?}");
        assert_eq!(browser.get("/scope/email").await.status, email, "{left_out:?}");
        assert_eq!(browser.get("/scope/profile").await.status, 200, "{left_out:?}");
    }
}

#[actix_web::test]
async fn the_consent_page_offers_what_can_be_left_out_one_click_away() {
    let space = Space::start(&[("OAUTH_SCOPES", "openid profile email")]);
    let mut browser = Browser::on_laptop(&space);
    let login = browser.get("/oauth/huggingface/login").await;
    let page = hub_tab(&space).get(&path_of(login.location())).await.body;
    let (_, details) = page.split_once("<details>").unwrap();
    assert!(details.contains("name=\"without_scope\" value=\"email\""), "{details}");
    assert!(!details.contains("value=\"profile\"") && !details.contains("value=\"openid\""));
    assert!(details.contains("value=\"65a1f0c0e4b0d3a2b1c00005\""), "{details}");
    let mut orgs: Vec<_> = details
        .split("name=\"without_org\" value=\"")
        .filter_map(|it| it.split('"').next())
        .skip(1)
        .collect();
    assert_eq!(orgs.len(), 13, "{details}");
    orgs.sort_unstable();
    orgs.dedup();
    assert_eq!(orgs.len(), 13, "one stands there twice: {details}");
}

#[actix_web::test]
async fn one_user_is_marked_as_the_owner_and_is_the_owner() {
    for (vars, owners) in [
        (&[][..], &["enterprise-admin"][..]),
        (&[("SPACE_AUTHOR_NAME", "frida-free")], &["free"]),
        (&[("SPACE_AUTHOR_NAME", "Acme-Corporation")], &["enterprise-admin", "writer"]),
        (&[("SPACE_AUTHOR_NAME", "nobody-here")], &[]),
    ] {
        let space = Space::start(vars);
        let mut browser = Browser::on_laptop(&space);
        let login = browser.get("/oauth/huggingface/login").await;
        let page = hub_tab(&space).get(&path_of(login.location())).await.body;
        assert_eq!(page.matches("owner of this Space").count(), owners.len(), "{vars:?}: {page}");
        for name in ["enterprise-admin", "free", "writer", "reader", "pro"] {
            let mut browser = Browser::on_laptop(&space);
            answer(&space, &mut browser, ("user", name)).await;
            let expected = if owners.contains(&name) { 200 } else { 403 };
            assert_eq!(browser.get("/owned").await.status, expected, "{vars:?} {name}");
        }
    }
}
