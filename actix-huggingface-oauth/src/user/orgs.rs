//! The organizations of one who signed in, or what is known instead.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use super::OAuthOrgInfo;

/// What is known of a user's organizations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum OAuthOrgs {
    /// As the Hub told them.
    Known(KnownOrgs),
    /// The Hub does not tell them to this app, whose scopes decide that.
    NotTold,
    /// The Hub did not answer.
    #[default]
    Unknown,
}

impl OAuthOrgs {
    /// What it means that the Hub's user info has no `orgs`.
    pub(super) fn missing() -> Self {
        Self::NotTold
    }

    /// For `deserialize_with`. Entries that are no objects are left out.
    pub(super) fn from_hub<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(deserializer)? {
            Value::Array(orgs) => {
                Self::Known(orgs.iter().filter_map(OAuthOrgInfo::from_hub).collect())
            }
            _ => Self::missing(),
        })
    }

    /// The organizations, where they are known.
    #[must_use]
    pub fn known(&self) -> Option<&[OAuthOrgInfo]> {
        match self {
            Self::Known(orgs) => Some(orgs),
            Self::NotTold | Self::Unknown => None,
        }
    }
}

impl Serialize for OAuthOrgs {
    /// A list, or null where they are not known.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.known().serialize(serializer)
    }
}

/// Organizations as the Hub told them, shared by all requests of their user.
#[derive(Clone)]
pub struct KnownOrgs(Arc<Told>);

struct Told {
    orgs: Vec<OAuthOrgInfo>,
    json: OnceLock<Box<RawValue>>,
}

impl KnownOrgs {
    /// As JSON, which is written once for all requests: there may be hundreds of them.
    pub(super) fn json(&self) -> &RawValue {
        let Told { orgs, json } = &*self.0;
        json.get_or_init(|| to_raw_value(orgs).expect("texts and bools"))
    }

    /// To change them before they are shared.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut OAuthOrgInfo> {
        Arc::get_mut(&mut self.0).into_iter().flat_map(|told| &mut told.orgs)
    }
}

impl FromIterator<OAuthOrgInfo> for KnownOrgs {
    fn from_iter<I: IntoIterator<Item = OAuthOrgInfo>>(orgs: I) -> Self {
        Self(Arc::new(Told { orgs: orgs.into_iter().collect(), json: OnceLock::new() }))
    }
}

impl Deref for KnownOrgs {
    type Target = [OAuthOrgInfo];

    fn deref(&self) -> &[OAuthOrgInfo] {
        &self.0.orgs
    }
}

impl fmt::Debug for KnownOrgs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(formatter)
    }
}

impl PartialEq for KnownOrgs {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for KnownOrgs {}
