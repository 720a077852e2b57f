//! Reading the Hub's user info: lenient with everything but `sub`.

use actix_huggingface_oauth::{OAuthOrgInfo, OAuthOrgs, OAuthUserInfo, SignedInUser};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::helpers::{FakeHub, Space, user};

const FIELDS: [&str; 22] = [
    "sub",
    "name",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "email",
    "email_verified",
    "isPro",
    "canPay",
    "billingMode",
    "orgs",
    "plan",
    "isEnterprise",
    "roleInOrg",
    "pendingSSO",
    "missingMFA",
    "securityRestrictions",
    "resourceGroups",
    "aud",
    "",
    "\u{0}",
];

/// JSON of any shape, with the Hub's field names more often than others.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!("sso")),
        Just(json!("enterprise")),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        let name = prop_oneof![proptest::sample::select(&FIELDS).prop_map(str::to_owned), ".{0,6}"];
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            btree_map(name, inner, 0..12)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn parsing_fails_on_nothing_but_a_missing_sub(user in any_json()) {
        let has_sub = user["sub"].as_str().is_some_and(|sub| !sub.is_empty());
        let parsed = user_of(&user);
        prop_assert_eq!(parsed.is_some(), has_sub);
        if let Some(parsed) = parsed {
            prop_assert_eq!(Some(parsed.sub.as_str()), user["sub"].as_str());
            prop_assert_eq!(parsed.name.as_deref(), user["name"].as_str());
            prop_assert_eq!(parsed.is_pro, user["isPro"].as_bool());
            prop_assert_eq!(parsed.orgs.known().is_some(), user["orgs"].is_array());
        }
    }

    #[test]
    fn an_organization_is_read_from_any_object(org in any_json()) {
        let user = user_of(&json!({ "sub": "s", "orgs": [org] })).unwrap();
        prop_assert_eq!(serde_json::to_string(&user).unwrap(), serde_json::to_string(&user.json()).unwrap());
        let OAuthOrgs::Known(orgs) = user.orgs else { panic!("they are told") };
        prop_assert_eq!(orgs.len(), usize::from(org.is_object()));
        if let Some(parsed) = orgs.first() {
            prop_assert_eq!(parsed.plan.as_deref(), org["plan"].as_str());
            prop_assert_eq!(parsed.role_in_org.as_deref(), org["roleInOrg"].as_str());
        }
    }
}

fn user_of(user: &Value) -> Option<OAuthUserInfo> {
    OAuthUserInfo::from_json(user.to_string().as_bytes())
}

fn org(fields: &Value) -> OAuthOrgInfo {
    let user = user_of(&json!({ "sub": "s", "orgs": [fields] })).unwrap();
    user.orgs.known().unwrap()[0].clone()
}

#[test]
fn security_restrictions_decide_over_the_older_fields() {
    let both =
        org(&json!({"securityRestrictions": ["sso"], "pendingSSO": false, "missingMFA": true}));
    assert_eq!((both.pending_sso, both.missing_mfa), (Some(true), Some(false)));
    let older = org(&json!({"pendingSSO": true}));
    assert_eq!((older.pending_sso, older.missing_mfa), (Some(true), None));
    let odd = org(&json!({"securityRestrictions": "sso", "pendingSSO": false}));
    assert_eq!((odd.pending_sso, odd.security_restrictions), (Some(false), None));
}

#[test]
fn a_plan_of_enterprise_or_plus_is_enterprise_and_enterprise_is_no_plan() {
    for (plan, is_enterprise) in [
        ("enterprise", Some(true)),
        ("plus", Some(true)),
        ("team", None),
        ("academia", None),
        ("new", None),
    ] {
        assert_eq!(org(&json!({"plan": plan})).is_enterprise, is_enterprise, "{plan}");
    }
    assert_eq!(org(&json!({"plan": "plus", "isEnterprise": false})).is_enterprise, Some(true));
    let older = org(&json!({"isEnterprise": true}));
    assert_eq!((older.is_enterprise, older.plan), (Some(true), None));
}

#[test]
fn unknown_values_stay_as_they_came() {
    let org = org(
        &json!({"plan": "galaxy", "roleInOrg": "reviewer", "securityRestrictions": ["quantum"]}),
    );
    assert_eq!(org.plan.as_deref(), Some("galaxy"));
    assert_eq!(org.role_in_org.as_deref(), Some("reviewer"));
    assert_eq!(org.security_restrictions, Some(vec!["quantum".to_owned()]));
}

#[test]
fn initials_are_the_first_letters_of_the_first_two_words() {
    for (name, initials) in [
        ("Ada Example", "AE"),
        ("ada \"the\" example", "AT"),
        ("  (ada)", "A"),
        ("ñandú øre", "ÑØ"),
        ("— !", ""),
    ] {
        let user = user_of(&json!({"sub": "s", "name": name})).unwrap();
        let org = org(&json!({"name": name}));
        let shown = [user.initials(), SignedInUser::from(&user).initials(), org.initials()];
        assert_eq!(shown, [initials; 3]);
    }
}

#[test]
fn users_are_equal_who_are_told_the_same_organizations() {
    let in_orgs = |names: &[&str]| {
        let orgs: Vec<_> = names.iter().map(|name| json!({"name": name})).collect();
        user_of(&json!({"sub": "s", "orgs": orgs})).unwrap()
    };
    assert_eq!(in_orgs(&["a", "b"]), in_orgs(&["a", "b"]));
    assert_ne!(in_orgs(&["a", "b"]), in_orgs(&["a", "c"]));
    assert!(format!("{:?}", in_orgs(&["acme"])).contains("Some(\"acme\")"));
}

#[actix_web::test]
async fn pictures_are_urls_that_a_page_can_show() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    for (told, shown) in [
        ("https://cdn.example.org/a.png", Some("https://cdn.example.org/a.png".to_owned())),
        ("http://example.org/a.png", Some("http://example.org/a.png".to_owned())),
        ("/avatars/x.svg", Some(format!("{}/avatars/x.svg", hub.url))),
        ("/avatars/x.svg?size=1", Some(format!("{}/avatars/x.svg?size=1", hub.url))),
        ("HTTPS://example.org/a.png", Some("HTTPS://example.org/a.png".to_owned())),
        ("https:/example.org/a.png", None),
        ("avatars/x.svg", None),
        ("//evil.test/x.svg", None),
        ("/\\evil.test/x.svg", None),
        ("javascript:alert(1)", None),
        ("data:image/png;base64,AAAA", None),
        ("", None),
    ] {
        hub.set_user(json!({"sub": "1", "picture": told, "orgs": [{"sub": "2", "picture": told}]}));
        let mut browser = space.browser();
        browser.sign_in(&hub).await;
        let user = browser.me().await.unwrap()["user_info"].take();
        assert_eq!(user["picture"], json!(shown), "{told}");
        assert_eq!(user["orgs"][0]["picture"], json!(shown), "{told}");
    }
}
