//! The check whether a user is a member of an organization.

use actix_huggingface_oauth::{OAuthOrgs, OAuthUserInfo, Refusal, Role};
use actix_web::ResponseError;
use serde_json::{Value, json};

const SUB: &str = "65a1f0c0e4b0d3a2b1c00005";

fn member(role: &Value, extra: &Value) -> OAuthUserInfo {
    let mut org = json!({"sub": SUB, "preferred_username": "acme", "roleInOrg": role});
    org.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    let user = json!({"sub": "s", "orgs": [{"sub": "65a1f0c0e4b0d3a2b1c00009", "name": "acme", "preferred_username": SUB}, org]});
    OAuthUserInfo::from_json(user.to_string().as_bytes()).unwrap()
}

fn not_a_member() -> Refusal {
    Refusal::NotAMember { organizations: vec!["elsewhere".to_owned()] }
}

#[test]
fn an_organization_is_found_by_name_and_by_sub() {
    let user = member(&json!("read"), &json!({}));
    // Another organization has taken its `sub` as a name, and its name to be displayed.
    for name in ["acme", "ACME", SUB, &SUB.to_uppercase()] {
        let org = user.member_of(name, None).unwrap();
        assert_eq!(org.sub.as_deref(), Some(SUB), "{name}");
    }
    for name in ["elsewhere", "", "65a1f0c0e4b0d3a2b1c00009 ", "acm"] {
        assert!(matches!(user.member_of(name, None), Err(Refusal::NotAMember { .. })), "{name}");
    }
}

#[test]
fn a_role_is_enough_for_itself_and_those_below() {
    let roles = [
        ("read", Role::Read),
        ("contributor", Role::Contributor),
        ("write", Role::Write),
        ("admin", Role::Admin),
    ];
    for (has, (name, _)) in roles.iter().enumerate() {
        for (needs, (_, required)) in roles.iter().enumerate() {
            let result =
                member(&json!(name), &json!({})).member_of("acme", Some(*required)).map(drop);
            let refused =
                Refusal::RoleTooLow { organization: "acme".to_owned(), required: *required };
            assert_eq!(
                result,
                if has >= needs { Ok(()) } else { Err(refused) },
                "{name} for {required}"
            );
        }
    }
}

#[test]
fn custom_roles_are_never_enough() {
    for role in ["reviewer", "no_access", "Admin", ""] {
        let user = member(&json!(role), &json!({}));
        let result = user.member_of("acme", Some(Role::Read));
        assert!(matches!(result, Err(Refusal::RoleTooLow { .. })), "{role}");
        assert!(user.member_of("acme", None).is_ok(), "{role}");
    }
}

#[test]
fn a_role_that_the_hub_does_not_tell_is_a_refusal_of_its_own() {
    for role in [json!(null), json!(7)] {
        let user = member(&role, &json!({}));
        let refusal = user.member_of("acme", Some(Role::Read)).unwrap_err();
        assert!(matches!(refusal, Refusal::RoleUnknown { .. }), "{role}");
        assert_eq!(refusal.status_code(), 403);
        assert!(refusal.to_string().contains("choose acme where Hugging Face asks"), "{refusal}");
        assert!(user.member_of("acme", None).is_ok(), "{role}");
    }
}

#[test]
fn a_pending_restriction_refuses_whatever_the_role() {
    for (extra, pending) in [
        (json!({"securityRestrictions": ["sso", "mfa"]}), vec!["sso", "mfa"]),
        (json!({"securityRestrictions": ["a-new-one"]}), vec!["a-new-one"]),
        (json!({"pendingSSO": true}), vec!["sso"]),
        (json!({"missingMFA": true, "pendingSSO": false}), vec!["mfa"]),
    ] {
        let user = member(&json!("admin"), &extra);
        let Err(Refusal::SecurityRestrictions { restrictions, .. }) = user.member_of("acme", None)
        else {
            panic!("{extra} is let in")
        };
        assert_eq!(restrictions, pending);
    }
    let newer_field_decides =
        json!({"securityRestrictions": [], "pendingSSO": true, "missingMFA": true});
    assert!(member(&json!("admin"), &newer_field_decides).member_of("acme", None).is_ok());
}

#[test]
fn a_hub_that_does_not_tell_organizations_has_answered_and_one_that_does_not_answer_has_not() {
    for not_told in [r#"{"sub": "s"}"#, r#"{"sub": "s", "orgs": null}"#] {
        let mut user = OAuthUserInfo::from_json(not_told.as_bytes()).unwrap();
        let organizations = vec!["elsewhere".to_owned()];
        assert_eq!(user.member_of("elsewhere", None), Err(not_a_member()), "{not_told}");
        user.orgs = OAuthOrgs::Unknown;
        let unknown = Refusal::Unknown { organizations };
        assert_eq!(user.member_of("elsewhere", None), Err(unknown.clone()));
        assert!(unknown.to_string().contains("are a member of elsewhere"), "{unknown}");
        assert_eq!(unknown.status_code(), 503);
    }
    assert_eq!(not_a_member().status_code(), 403);
    assert_eq!(not_a_member().error_response().status(), 403);
}

#[test]
fn a_refusal_says_what_failed() {
    let too_low = Refusal::RoleTooLow { organization: "acme".to_owned(), required: Role::Write };
    assert!(too_low.to_string().contains("at least the role write in the organization acme"));
    assert!(
        not_a_member().to_string().contains("not a member of elsewhere, or this app does not see")
    );
    let restrictions = vec!["sso".to_owned(), "mfa".to_owned()];
    let pending = Refusal::SecurityRestrictions { organization: "acme".to_owned(), restrictions };
    assert!(pending.to_string().contains("sso, mfa"));
}
