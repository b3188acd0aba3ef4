//! Was this somebody's address who asked to be forgotten? Then nobody is solicited there until the client says so.
//!
//! A new record under such an address stays suppressed. Somebody known already may come to share one, as a
//! family shares a telephone: the address is kept, and the way it belongs to is left in peace.

use std::collections::BTreeMap;

use yorisoi_decision::{Channel, ClientFacts, same_channel};
use yorisoi_ledger::{Actor, Body, Client, Personal, Resolved, same_address};

use crate::AppError;
use crate::end_refused::end_refused;
use crate::scope::as_written;
use crate::work::Work;

/// The channels of those addresses that were somebody's who was erased, as the live policy writes them. What the
/// record had before, in whatever spelling and over whatever channel, is its own.
pub(crate) fn to_quiet(
    work: &mut Work<'_, '_>,
    (client, known): (&Client, &Personal),
    said: &BTreeMap<String, String>,
) -> Result<Vec<Channel>, AppError> {
    let mut channels: Vec<Channel> = Vec::new();
    for (channel, address) in said.iter().filter(|(_, address)| !address.trim().is_empty()) {
        let is_own = known.addresses.values().any(|own| same_address(own, address));
        if is_own || work.books.resolve(address)? != Resolved::Tombstone {
            continue;
        }
        let (_, written) = as_written(work, None, Some(Channel::new(channel.as_str())?))?;
        let is_closed = |channel: &Channel| {
            is_refused(&client.facts, channel)
                || channels.iter().any(|it| same_channel(it, channel))
        };
        if let Some(channel) = written.filter(|channel| !is_closed(channel)) {
            channels.push(channel);
        }
    }
    Ok(channels)
}

/// Leaves those channels in peace, each with an entry of its own, and ends what was kept to be done over them.
pub(crate) fn quiet(
    work: &mut Work<'_, '_>,
    client: &Client,
    channels: Vec<Channel>,
) -> Result<u64, AppError> {
    let (id, quieted) = (&client.facts.client, channels.len() as u64);
    for channel in channels {
        work.append_as(Actor::House, Some(id), (Body::ChannelQuieted { channel }, None))?;
    }
    if quieted > 0 {
        end_refused(work, id)?;
    }
    Ok(quieted)
}

/// Whether the client, or an earlier such address, has closed the channel already.
fn is_refused(facts: &ClientFacts, channel: &Channel) -> bool {
    facts.refusals.iter().any(|refusal| {
        refusal.topic.is_none()
            && refusal.channel.as_ref().is_none_or(|refused| same_channel(refused, channel))
    })
}
