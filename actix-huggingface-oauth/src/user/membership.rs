//! Is this user in that organization, and with which role? For handlers that serve members only.

use super::{OAuthOrgInfo, OAuthOrgs, OAuthUserInfo, Refusal, Role};

impl OAuthUserInfo {
    /// The user's membership of `organization`, given by its name on the Hub or by its `sub`.
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
            OAuthOrgs::NotTold => return Err(Refusal::NotAMember { organization: name() }),
            OAuthOrgs::Unknown => return Err(Refusal::Unknown { organization: name() }),
        };
        let is_meant = |field: &Option<String>| field.as_deref() == Some(organization);
        let org = orgs
            .iter()
            .find(|org| is_meant(&org.sub) || is_meant(&org.preferred_username))
            .ok_or_else(|| Refusal::NotAMember { organization: name() })?;

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
}
