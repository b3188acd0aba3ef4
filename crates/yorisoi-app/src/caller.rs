//! Who asks, and what may they do? Roles, rights and the one table that joins them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{AgentId, TeamId, Words};
use yorisoi_ledger::Actor;

use crate::AppError;

/// What somebody is to the house.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Helps the people of their own team.
    Agent,
    /// Leads a team: policies, capacity, proof.
    Lead,
    /// Studies, models and replay, without personal data.
    Analyst,
    /// Export, erasure, audit and tokens.
    Privacy,
    /// Another program: decisions and events.
    Service,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 5] =
        [Role::Agent, Role::Lead, Role::Analyst, Role::Privacy, Role::Service];

    /// Its name, as kept in the ledger.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Agent => "agent",
            Role::Lead => "lead",
            Role::Analyst => "analyst",
            Role::Privacy => "privacy",
            Role::Service => "service",
        }
    }

    /// What people call it.
    pub fn words(self) -> Words {
        let (en, ja) = match self {
            Role::Agent => ("at the desk", "担当"),
            Role::Lead => ("lead", "リーダー"),
            Role::Analyst => ("analyst", "分析"),
            Role::Privacy => ("privacy", "個人情報保護"),
            Role::Service => ("service", "システム"),
        };
        Words { en: en.to_owned(), ja: ja.to_owned() }
    }

    /// The role of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

/// What can be done, as far as roles tell it apart.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// Ask what to do now, and commit to it.
    Decide,
    /// Give effects that were worked out elsewhere, in place of the house's own.
    GiveEffects,
    /// Ask in the name of another agent.
    ActForAgents,
    /// Record what happened with a client.
    Record,
    /// Write down outcomes: never by whoever is credited with them.
    RecordOutcomes,
    /// Send events in the client's own voice: the house's programs only.
    SendEvents,
    /// Find client records and read them in short; names are shown to those who may read people.
    FindPeople,
    /// Read people: names, timelines, notes.
    ReadPeople,
    /// Add and change client records, merge and import them.
    KeepPeople,
    /// See and draw up lists of work.
    SeeWork,
    /// Read policies.
    ReadPolicy,
    /// Draft, publish and roll back policies; change supply, minutes and prices.
    ChangePolicy,
    /// Replay the log under a policy and value it.
    Rehearse,
    /// Read proof, landings, endings and team figures.
    ReadProof,
    /// Read credit by agent.
    ReadCredit,
    /// Register, shadow and promote models; score clients.
    KeepModels,
    /// Take the log as a table for a study.
    ExportStudy,
    /// Read who did and saw what.
    ReadAudit,
    /// Export and erase a person.
    PersonRights,
    /// Issue and revoke tokens.
    KeepTokens,
    /// Verify, back up and rebuild the ledger.
    KeepLedger,
    /// Keep the addresses that are told of events.
    KeepWebhooks,
}

impl Right {
    /// Every right.
    pub const ALL: [Right; 22] = [
        Right::Decide,
        Right::GiveEffects,
        Right::ActForAgents,
        Right::Record,
        Right::RecordOutcomes,
        Right::SendEvents,
        Right::FindPeople,
        Right::ReadPeople,
        Right::KeepPeople,
        Right::SeeWork,
        Right::ReadPolicy,
        Right::ChangePolicy,
        Right::Rehearse,
        Right::ReadProof,
        Right::ReadCredit,
        Right::KeepModels,
        Right::ExportStudy,
        Right::ReadAudit,
        Right::PersonRights,
        Right::KeepTokens,
        Right::KeepLedger,
        Right::KeepWebhooks,
    ];

    /// The roles that have it.
    #[expect(
        clippy::match_same_arms,
        reason = "a table: one line a right, in the order of the rights"
    )]
    pub fn roles(self) -> &'static [Role] {
        use Role::{Agent, Analyst, Lead, Privacy, Service};
        match self {
            Right::Decide | Right::Record => &[Agent, Lead, Service],
            Right::RecordOutcomes => &[Lead, Service],
            Right::SendEvents => &[Service],
            // Who helps must not take the limits out of their own questions.
            Right::GiveEffects | Right::ActForAgents => &[Lead, Service],
            Right::FindPeople => &[Agent, Lead, Privacy, Service],
            Right::ReadPeople => &[Agent, Lead, Privacy],
            Right::KeepPeople => &[Agent, Lead, Service],
            Right::SeeWork => &[Agent, Lead],
            Right::ReadPolicy => &[Agent, Lead, Analyst, Privacy, Service],
            Right::ChangePolicy => &[Lead],
            Right::Rehearse | Right::ReadProof => &[Lead, Analyst],
            Right::ReadCredit => &[Lead],
            Right::KeepModels | Right::ExportStudy => &[Analyst],
            Right::ReadAudit => &[Lead, Privacy],
            Right::PersonRights | Right::KeepTokens => &[Privacy],
            Right::KeepLedger => &[Lead, Privacy],
            Right::KeepWebhooks => &[Lead],
        }
    }
}

/// Who asks: every use case takes one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Caller {
    /// The name of their token; never its secret.
    pub token: String,
    /// What they are to the house.
    pub role: Role,
    /// Their team; `None`: every team.
    pub team: Option<TeamId>,
    /// The agent they are, if they are one.
    pub agent: Option<AgentId>,
}

impl Caller {
    /// Passes if the role has the right.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`] naming role and right.
    pub fn may(&self, right: Right) -> Result<(), AppError> {
        if right.roles().contains(&self.role) {
            Ok(())
        } else {
            Err(AppError::Forbidden { role: self.role, right })
        }
    }

    /// Passes if people of that team are theirs to look after.
    ///
    /// # Errors
    ///
    /// [`AppError::OtherTeam`] if the caller belongs to another team.
    pub fn may_see_team(&self, team: Option<&TeamId>) -> Result<(), AppError> {
        match (&self.team, team) {
            (None, _) => Ok(()),
            (Some(own), Some(theirs)) if own == theirs => Ok(()),
            (Some(_), _) => Err(AppError::OtherTeam),
        }
    }

    /// The caller as the ledger names them.
    pub fn actor(&self) -> Actor {
        match &self.agent {
            Some(agent) => Actor::Agent { agent: agent.clone() },
            None => Actor::Service { name: self.token.clone() },
        }
    }
}
