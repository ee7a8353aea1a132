use std::collections::{HashMap, HashSet};
use std::str::FromStr;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression, Schema, ValidationMode, Validator,
};

use crate::action::{Action, Kind};
use crate::who::Who;
use crate::{Error, Problem};

/// The schema and the policies, as data.
const SCHEMA: &str = include_str!("../policies/schema.cedarschema");
const POLICIES: &str = include_str!("../policies/roles.cedar");

/// The group of every role: whoever has a session.
const SIGNED_IN: &str = "SIGNED_IN";

/// Decides who may do what, by the policies of this crate.
pub(crate) struct Access {
    schema: Schema,
    policies: PolicySet,
    authorizer: Authorizer,
}

/// What is acted on, and whose it is as far as that is known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Thing<'a> {
    kind: Kind,
    id: &'a str,
    of: Option<&'a str>,
}

impl<'a> Thing<'a> {
    /// Any thing of a kind: what a route is about before its path was read.
    pub fn any(kind: Kind) -> Self {
        Self { kind, id: "", of: None }
    }

    /// One thing that belongs to an account: its owner's or its maker's.
    pub fn of(kind: Kind, id: &'a str, account: &'a str) -> Self {
        Self { kind, id, of: Some(account) }
    }
}

impl Access {
    /// Reads the policies and checks them against their schema.
    pub fn load() -> Result<Self, Error> {
        let faulty = |reason: String| Error::Policies { reason };
        let (schema, _) = Schema::from_cedarschema_str(SCHEMA).map_err(|error| faulty(error.to_string()))?;
        let policies = PolicySet::from_str(POLICIES).map_err(|error| faulty(error.to_string()))?;
        let checked = Validator::new(schema.clone()).validate(&policies, ValidationMode::Strict);
        let faults: Vec<String> = checked.validation_errors().map(ToString::to_string).collect();
        if faults.is_empty() {
            Ok(Self { schema, policies, authorizer: Authorizer::new() })
        } else {
            Err(faulty(faults.join("; ")))
        }
    }

    /// Fails unless the policies allow it: 401 for nobody known, 403 for an account.
    pub fn require(&self, who: &Who, action: Action, thing: &Thing<'_>) -> Result<(), Problem> {
        match self.allows(who, action, thing) {
            true => Ok(()),
            false if who.role.is_none() => Err(Problem::unauthorized()),
            false => Err(Problem::forbidden()),
        }
    }

    /// Whether the policies allow it; what cannot be evaluated is refused.
    pub fn allows(&self, who: &Who, action: Action, thing: &Thing<'_>) -> bool {
        self.decide(who, action, thing).unwrap_or(false)
    }

    fn decide(&self, who: &Who, action: Action, thing: &Thing<'_>) -> Option<bool> {
        let (principal, resource) = (uid("User", &who.name)?, uid(thing.kind.id(), thing.id)?);
        let request = Request::new(
            principal.clone(),
            uid("Action", action.id())?,
            resource.clone(),
            Context::empty(),
            Some(&self.schema),
        );
        let mut entities = vec![user(principal, who)?, object(resource, thing)?];
        if let Some(role) = who.role {
            let group = HashSet::from([uid("Role", SIGNED_IN)?]);
            entities.push(Entity::new_no_attrs(uid("Role", role.code())?, group));
        }
        let entities = Entities::from_entities(entities, Some(&self.schema)).ok()?;
        let answer = self.authorizer.is_authorized(&request.ok()?, &self.policies, &entities);
        let evaluated = answer.diagnostics().errors().next().is_none();
        Some(evaluated && answer.decision() == Decision::Allow)
    }
}

fn user(uid_of: EntityUid, who: &Who) -> Option<Entity> {
    let roles = who.role.and_then(|role| uid("Role", role.code())).into_iter().collect();
    let admin = HashMap::from([("admin".to_owned(), RestrictedExpression::new_bool(who.admin))]);
    Entity::new(uid_of, admin, roles).ok()
}

fn object(uid_of: EntityUid, thing: &Thing<'_>) -> Option<Entity> {
    let mut attributes = HashMap::new();
    if let (Some(name), Some(account)) = (thing.kind.belongs_by(), thing.of) {
        let account = RestrictedExpression::new_entity_uid(uid("User", account)?);
        attributes.insert(name.to_owned(), account);
    }
    Entity::new(uid_of, attributes, HashSet::new()).ok()
}

fn uid(kind: &str, id: &str) -> Option<EntityUid> {
    let kind = EntityTypeName::from_str(kind).ok()?;
    Some(EntityUid::from_type_name_and_id(kind, EntityId::new(id)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumbline_catalog::Role;

    fn who(name: &str, role: Role) -> Who {
        Who { name: name.into(), role: Some(role), admin: false }
    }

    #[test]
    fn a_reviewer_is_never_the_maker() {
        let access = Access::load().unwrap();
        let maker = who("甲", Role::Curate);
        for (action, kind) in
            [(Action::SecondDecision, Kind::Decision), (Action::ReviewEvidence, Kind::Evidence)]
        {
            assert!(!access.allows(&maker, action, &Thing::of(kind, "7", "甲")));
            assert!(access.allows(&maker, action, &Thing::of(kind, "7", "乙")));
            assert!(!access.allows(&who("丙", Role::Supervise), action, &Thing::of(kind, "7", "乙")));
        }
    }

    #[test]
    fn a_team_sees_and_touches_only_what_is_its_own() {
        let access = Access::load().unwrap();
        let pilot = who("pilot", Role::Ingest);
        for (action, kind) in [(Action::ReadFlight, Kind::Flight), (Action::WriteUpload, Kind::Upload)] {
            assert!(access.allows(&pilot, action, &Thing::of(kind, "a", "pilot")));
            assert!(!access.allows(&pilot, action, &Thing::of(kind, "a", "another")));
        }
        let curator = who("inspector", Role::Curate);
        assert!(access.allows(&curator, Action::ReadFlight, &Thing::of(Kind::Flight, "a", "pilot")));
    }

    #[test]
    fn accounts_are_kept_by_administrators_alone() {
        let access = Access::load().unwrap();
        let account = Thing::any(Kind::Account);
        let mut curator = who("c", Role::Curate);
        assert!(!access.allows(&curator, Action::CreateAccount, &account));
        curator.admin = true;
        assert!(access.allows(&curator, Action::CreateAccount, &account));
        let mut bureau = who("s", Role::Supervise);
        bureau.admin = true;
        assert!(!access.allows(&bureau, Action::CreateAccount, &account));
    }
}
