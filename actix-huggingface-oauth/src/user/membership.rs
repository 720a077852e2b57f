//! Is this user in that organization, and with which role? For handlers and gates that serve members only.

use super::{OAuthOrgInfo, OAuthOrgs, OAuthUserInfo, Refusal, Role};

impl OAuthUserInfo {
    /// The user's membership of `organization`, given by its name on the Hub, whose ASCII case does not matter, or by its
    /// `sub`, which is 24 hex digits. Resource groups are not looked at. Without a role every member is one, with the role
    /// `no_access`, too; [`Role::Read`] is the least that may read.
    ///
    /// # Errors
    /// [`Refusal`] where the user is not a member, has a lower role than `at_least`, has security
    /// requirements to meet, or where that is not known.
    pub fn member_of(
        &self,
        organization: &str,
        at_least: Option<Role>,
    ) -> Result<OAuthOrgInfo, Refusal> {
        let name = || organization.to_owned();
        let orgs = match &self.orgs {
            OAuthOrgs::Known(orgs) => orgs,
            OAuthOrgs::NotTold => return Err(Refusal::NotAMember { organizations: vec![name()] }),
            OAuthOrgs::Unknown => return Err(Refusal::Unknown { organizations: vec![name()] }),
        };
        let org = orgs
            .iter()
            .find(|org| is_meant(organization, org))
            .ok_or_else(|| Refusal::NotAMember { organizations: vec![name()] })?;

        let restrictions = org.pending_restrictions();
        if !restrictions.is_empty() {
            return Err(Refusal::SecurityRestrictions { organization: name(), restrictions });
        }
        if let Some(required) = at_least {
            match org.role_in_org.as_deref().map(Role::from_hub) {
                None => return Err(Refusal::RoleUnknown { organization: name(), required }),
                Some(role) if role < Some(required) => {
                    return Err(Refusal::RoleTooLow { organization: name(), required });
                }
                Some(_) => {}
            }
        }
        Ok(org.clone())
    }

    /// Whether the user is in one of these organizations.
    ///
    /// # Errors
    /// [`Refusal`]: of that organization where least is missing, else of all.
    pub(crate) fn member_of_any(
        &self,
        organizations: &[&str],
        at_least: Option<Role>,
    ) -> Result<(), Refusal> {
        let mut closest = None;
        for organization in organizations {
            match self.member_of(organization, at_least) {
                Ok(_) => return Ok(()),
                Err(Refusal::NotAMember { .. } | Refusal::Unknown { .. }) => {}
                Err(refusal) => {
                    closest.get_or_insert(refusal);
                }
            }
        }
        let organizations = organizations.iter().map(|&name| name.to_owned()).collect();
        Err(closest.unwrap_or(match self.orgs {
            OAuthOrgs::Unknown => Refusal::Unknown { organizations },
            _ => Refusal::NotAMember { organizations },
        }))
    }

    /// Whether the user is the owner of a Space, or may write in the organization that is.
    ///
    /// # Errors
    /// [`Refusal`], also where nobody is known to be the owner.
    pub(crate) fn owns_space_of(&self, owner: Option<&str>) -> Result<(), Refusal> {
        let owner = owner.ok_or(Refusal::NoSpaceOwner)?;
        if self.is_named(owner) {
            Ok(())
        } else {
            self.member_of(owner, Some(Role::Write)).map(drop)
        }
    }

    /// Whether this is the user's name on the Hub.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        self.preferred_username.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(name))
    }
}

/// Whether an organization is named by its `sub` rather than by its name: nobody can then take the name of another's `sub`.
pub fn is_sub(organization: &str) -> bool {
    organization.len() == 24 && organization.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// By name or by `sub`, never by the display name, which anybody can choose.
fn is_meant(organization: &str, org: &OAuthOrgInfo) -> bool {
    let field = if is_sub(organization) { &org.sub } else { &org.preferred_username };
    !organization.is_empty()
        && field.as_deref().is_some_and(|field| field.eq_ignore_ascii_case(organization))
}
