//! Who is it? Adding, changing and merging client records.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{AgentId, Attribute, ClientId, HouseholdId, TeamId};
use yorisoi_ledger::{Body, Client, Personal, Profile};

use crate::check_in::{forget_alert, renew_alert};
use crate::client_view::{ClientView, view_of};
use crate::end_refused::end_refused;
use crate::find_clients::find_clients;
use crate::quiet_address::{quiet, to_quiet};
use crate::work::{Known, Work};
use crate::{App, AppError, Caller, Page, PageAsk, Right};

/// A new client, or changes to one: whatever is `null` or absent stays as it is.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClientInput {
    /// Our own name for them; `null` in a new record: one is given.
    pub client: Option<ClientId>,
    /// With whom they live or decide.
    pub household: Option<HouseholdId>,
    /// The team that looks after them.
    pub team: Option<TeamId>,
    /// The agent who does.
    pub agent: Option<AgentId>,
    /// IANA time zone.
    pub zone: Option<String>,
    /// Their own worth in minor units.
    pub value_minor: Option<i64>,
    /// Family name and given name, as the client writes them.
    pub name: Option<String>,
    /// Contact addresses by channel.
    pub addresses: BTreeMap<String, String>,
    /// Names in other systems.
    pub aliases: Vec<String>,
    /// What is known of them.
    pub attributes: BTreeMap<String, Attribute>,
}

/// Two records of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeInput {
    /// The record that stays.
    pub keep: ClientId,
    /// The record that goes.
    pub from: ClientId,
}

/// Which clients are wanted.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClientFind {
    /// Part of a name or an alias; `null`: everybody.
    pub text: Option<String>,
    /// Of this team.
    pub team: Option<TeamId>,
    /// Of this agent.
    pub agent: Option<AgentId>,
    /// Of this household.
    pub household: Option<HouseholdId>,
    /// Which page.
    pub page: PageAsk,
}

impl App {
    /// Returns a client in short. For programs that keep records and may not read what was said.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`]; [`AppError::Erased`]; [`AppError::OtherTeam`].
    pub async fn client(&self, caller: &Caller, client: &ClientId) -> Result<ClientView, AppError> {
        caller.may(Right::FindPeople)?;
        let name = client.clone();
        self.read(caller, move |work| {
            let client = work.client(&name)?;
            view_of(work, &client)
        })
        .await
    }

    /// Adds a client.
    ///
    /// # Errors
    ///
    /// [`AppError::Exists`] if name or alias is taken; [`AppError::Erased`] if an alias belongs to an erased
    /// person; [`AppError::Invalid`] zone.
    pub async fn add_client(
        &self,
        caller: &Caller,
        input: ClientInput,
    ) -> Result<ClientView, AppError> {
        caller.may(Right::KeepPeople)?;
        self.write(caller, "client_added", move |work| {
            let id = match &input.client {
                Some(id) => id.clone(),
                None => ClientId::new(work.app.inner.ids.name("c", work.now))?,
            };
            if !matches!(work.known(&id)?, Known::Nobody) {
                return Err(AppError::Exists { what: "client", name: id.to_string() });
            }
            add(work, &id, input)?;
            let client = work.client(&id)?;
            view_of(work, &client)
        })
        .await
    }

    /// Changes a client; with `if_version` only if nobody else did in between. An address that was somebody's who
    /// was erased is kept, and over its channel nobody is solicited until the client says so.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`]; [`AppError::Erased`]; [`AppError::Changed`].
    pub async fn change_client(
        &self,
        caller: &Caller,
        client: &ClientId,
        input: ClientInput,
        if_version: Option<u64>,
    ) -> Result<ClientView, AppError> {
        caller.may(Right::KeepPeople)?;
        let name = client.clone();
        self.write(caller, "client_changed", move |work| {
            let client = work.client(&name)?;
            if let Some(expected) = if_version
                && client.version != expected
            {
                let name = client.facts.client.to_string();
                return Err(AppError::Changed { name, expected, actual: client.version });
            }
            let id = client.facts.client.clone();
            change(work, &client, input)?;
            let client = work.client(&id)?;
            view_of(work, &client)
        })
        .await
    }

    /// Makes one record of two; refusals and contacts of both keep counting, and what was kept for one against a
    /// refusal of the other ends.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`]; [`AppError::Invalid`] if both are the same record.
    pub async fn merge_clients(
        &self,
        caller: &Caller,
        input: MergeInput,
    ) -> Result<ClientView, AppError> {
        caller.may(Right::KeepPeople)?;
        self.write(caller, "clients_merged", move |work| {
            let keep = work.client(&input.keep)?.facts.client;
            let from = work.client(&input.from)?.facts.client;
            if keep == from {
                let en = "both names already mean the same record";
                return Err(AppError::invalid("from", (en, "どちらも同じ方の記録です。")));
            }
            work.append(Some(&keep), Body::ClientsMerged { from: from.clone() }, None)?;
            // What one of them refused was perhaps kept for the other.
            end_refused(work, &keep)?;
            let client = work.client(&keep)?;
            forget_alert(work, &from)?;
            renew_alert(work, &client)?;
            view_of(work, &client)
        })
        .await
    }

    /// Finds clients the caller may see.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`].
    pub async fn find_clients(
        &self,
        caller: &Caller,
        find: ClientFind,
    ) -> Result<Page<ClientView>, AppError> {
        caller.may(Right::FindPeople)?;
        self.read(caller, move |work| find_clients(work, &find)).await
    }
}

/// Attributes that are kept of a client: every decision carries them all.
const ATTRIBUTES_MAX: usize = 256;

/// Adds a record under a name that is free.
pub(crate) fn add(
    work: &mut Work<'_, '_>,
    id: &ClientId,
    input: ClientInput,
) -> Result<(), AppError> {
    let (mut profile, personal) = parts(input)?;
    if profile.team.is_none() {
        profile.team.clone_from(&work.caller.team);
    }
    work.caller.may_see_team(profile.team.as_ref())?;
    work.append(Some(id), Body::ClientAdded { profile }, personal)?;
    Ok(())
}

/// What a change did to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// All of it was known.
    Nothing,
    /// Something is different now.
    Something {
        /// Channels that are left in peace from now on, for an address was somebody's who was erased.
        quieted: u64,
    },
}

/// Changes a record.
pub(crate) fn change(
    work: &mut Work<'_, '_>,
    client: &Client,
    input: ClientInput,
) -> Result<Change, AppError> {
    let (profile, personal) = parts(input)?;
    if let Some(team) = &profile.team {
        // Giving somebody away to another team is the lead's to do for all teams, and nobody else's.
        work.caller.may_see_team(Some(team))?;
    }
    let id = &client.facts.client;
    let known = work.books.personal(id)?.unwrap_or_default();
    let said = personal.iter().flat_map(|said| said.attributes.keys());
    let new = said.filter(|name| !known.attributes.contains_key(*name)).count();
    if new > 0 && known.attributes.len() + new > ATTRIBUTES_MAX {
        let reason = format!("at most {ATTRIBUTES_MAX} are kept of a client; change one there is");
        let ja =
            format!("おひとりにつき {ATTRIBUTES_MAX} 個までです。今ある属性を変更してください。");
        return Err(AppError::invalid("attributes", (reason, ja)));
    }
    let (profile, personal) =
        (new_in_profile(profile, client), personal.and_then(|said| new_in_personal(said, &known)));
    if profile == Profile::default() && personal.is_none() {
        return Ok(Change::Nothing);
    }
    let channels = match &personal {
        Some(said) => to_quiet(work, (client, &known), &said.addresses)?,
        None => Vec::new(),
    };
    work.append(Some(id), Body::ClientChanged { profile }, personal)?;
    Ok(Change::Something { quieted: quiet(work, client, channels)? })
}

/// What is not personal, and what is.
fn parts(input: ClientInput) -> Result<(Profile, Option<Personal>), AppError> {
    if let Some(zone) = &input.zone
        && jiff::tz::TimeZone::get(zone).is_err()
    {
        let reason = format!("`{zone}` is no IANA time zone; write it like `Asia/Tokyo`");
        let ja = format!(
            "`{zone}` というタイムゾーンはありません。`Asia/Tokyo` のように入力してください。"
        );
        return Err(AppError::invalid("zone", (reason, ja)));
    }
    let is_number = |value: &Attribute| !matches!(value, Attribute::Number(n) if !n.is_finite());
    if let Some((name, _)) = input.attributes.iter().find(|(_, value)| !is_number(value)) {
        let reason = ("it is no finite number", "有限の数にしてください。");
        return Err(AppError::invalid(format!("attributes.{name}"), reason));
    }
    if input.attributes.len() > ATTRIBUTES_MAX {
        let reason = format!("at most {ATTRIBUTES_MAX} are kept of a client");
        let ja = format!("おひとりにつき {ATTRIBUTES_MAX} 個までです。");
        return Err(AppError::invalid("attributes", (reason, ja)));
    }
    let profile = Profile {
        household: input.household,
        team: input.team,
        agent: input.agent,
        zone: input.zone,
        value_minor: input.value_minor,
    };
    let personal = Personal {
        name: input.name,
        addresses: input.addresses,
        aliases: input.aliases,
        attributes: input.attributes,
        text: None,
    };
    let is_empty = personal == Personal::default();
    Ok((profile, (!is_empty).then_some(personal)))
}

/// What a profile says that is not known yet.
fn new_in_profile(said: Profile, client: &Client) -> Profile {
    fn fresh<T: PartialEq>(said: Option<T>, known: Option<&T>) -> Option<T> {
        said.filter(|said| Some(said) != known)
    }
    let known = &client.facts;
    Profile {
        household: fresh(said.household, known.household.as_ref()),
        team: fresh(said.team, known.team.as_ref()),
        agent: fresh(said.agent, known.agent.as_ref()),
        zone: fresh(said.zone, known.zone.as_ref()),
        value_minor: fresh(said.value_minor, known.value_minor.as_ref()),
    }
}

/// What is said that is not known yet; `None` if all is.
fn new_in_personal(said: Personal, known: &Personal) -> Option<Personal> {
    let fresh = Personal {
        name: said.name.filter(|name| Some(name) != known.name.as_ref()),
        addresses: said
            .addresses
            .into_iter()
            .filter(|(channel, address)| known.addresses.get(channel) != Some(address))
            .collect(),
        aliases: said.aliases.into_iter().filter(|alias| !known.aliases.contains(alias)).collect(),
        attributes: said
            .attributes
            .into_iter()
            .filter(|(name, value)| known.attributes.get(name) != Some(value))
            .collect(),
        text: None,
    };
    (fresh != Personal::default()).then_some(fresh)
}
