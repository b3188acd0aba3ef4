//! On what, and over what? A topic and a channel as the live policy writes them, whoever says them.

use std::collections::BTreeSet;

use yorisoi_decision::{
    ActionSpec, Channel, Policy, Topic, same_channel, same_topic, usual_channel,
};

use crate::work::Work;
use crate::{App, AppError, Caller, Right};

/// A topic and a channel, where they are said.
pub(crate) type Scope = (Option<Topic>, Option<Channel>);

impl App {
    /// The channel of the live policy that people know as a telephone call; `None` if it has none.
    ///
    /// # Errors
    ///
    /// [`AppError::NoPolicy`].
    pub async fn channel_for_calls(&self, caller: &Caller) -> Result<Option<Channel>, AppError> {
        caller.may(Right::ReadPolicy)?;
        self.read(caller, |work| {
            let policy = work.policy()?;
            let mut channels = policy.policy().actions.iter().filter_map(|it| it.channel.as_ref());
            Ok(channels.find(|it| usual_channel(it.as_str()) == "call").cloned())
        })
        .await
    }
}

/// A topic and a channel as the live policy writes them; what it does not have stays as it was said.
pub(crate) fn as_written(
    work: &mut Work<'_, '_>,
    topic: Option<Topic>,
    channel: Option<Channel>,
) -> Result<Scope, AppError> {
    let policy = match work.policy() {
        Ok(policy) => policy,
        Err(AppError::NoPolicy) => return Ok((topic, channel)),
        Err(error) => return Err(error),
    };
    let actions = &policy.policy().actions;
    let topic = topic.map(|said| written(actions, |it| it.topic.as_ref(), said, same_topic));
    let channel =
        channel.map(|said| written(actions, |it| it.channel.as_ref(), said, same_channel));
    Ok((topic, channel))
}

/// [`as_written`], for what is refused: what the policy does not know cannot be refused in silence.
pub(crate) fn known_scope(
    work: &mut Work<'_, '_>,
    topic: Option<Topic>,
    channel: Option<Channel>,
) -> Result<Scope, AppError> {
    let (topic, channel) = as_written(work, topic, channel)?;
    let policy = match work.policy() {
        Ok(policy) => policy,
        Err(AppError::NoPolicy) => return Ok((topic, channel)),
        Err(error) => return Err(error),
    };
    let (topics, channels) = names(policy.policy());
    let said = topic.as_ref().map(Topic::as_str);
    must_be_one("topic", said, &topics.into_iter().map(Topic::as_str).collect::<Vec<_>>())?;
    let said = channel.as_ref().map(Channel::as_str);
    must_be_one("channel", said, &channels.into_iter().map(Channel::as_str).collect::<Vec<_>>())?;
    Ok((topic, channel))
}

/// Refuses a policy that takes a refused topic or channel away and brings another: it may be the same by another name,
/// and then the house would lift what only the client lifts.
pub(crate) fn check_names(work: &mut Work<'_, '_>, next: &Policy) -> Result<(), AppError> {
    let live = match work.policy() {
        Ok(policy) => policy,
        Err(AppError::NoPolicy) => return Ok(()),
        Err(error) => return Err(error),
    };
    let ((topics, channels), (new_topics, new_channels)) = (names(live.policy()), names(next));
    for topic in gone(&topics, &new_topics, same_topic) {
        if work.books.is_topic_refused(topic)? {
            return Err(renamed("topic", topic.as_str()));
        }
    }
    for channel in gone(&channels, &new_channels, same_channel) {
        if work.books.is_channel_refused(channel)? {
            return Err(renamed("channel", channel.as_str()));
        }
    }
    Ok(())
}

/// What the policy calls what was said.
fn written<T: Clone>(
    actions: &[ActionSpec],
    own: impl Fn(&ActionSpec) -> Option<&T>,
    said: T,
    same: fn(&T, &T) -> bool,
) -> T {
    let known = actions.iter().filter_map(own).find(|known| same(known, &said)).cloned();
    known.unwrap_or(said)
}

/// The topics and channels of a policy, each once.
fn names(policy: &Policy) -> (Vec<&Topic>, Vec<&Channel>) {
    let topics: BTreeSet<_> = policy.actions.iter().filter_map(|it| it.topic.as_ref()).collect();
    let channels: BTreeSet<_> =
        policy.actions.iter().filter_map(|it| it.channel.as_ref()).collect();
    (topics.into_iter().collect(), channels.into_iter().collect())
}

/// The names that are no more, if others have come.
fn gone<'a, T>(before: &[&'a T], after: &[&T], same: fn(&T, &T) -> bool) -> Vec<&'a T> {
    let has = |names: &[&T], it: &T| names.iter().any(|name| same(name, it));
    if after.iter().all(|it| has(before, it)) {
        return Vec::new();
    }
    before.iter().filter(|it| !has(after, it)).copied().collect()
}

fn must_be_one(field: &'static str, said: Option<&str>, known: &[&str]) -> Result<(), AppError> {
    match said {
        Some(said) if !known.contains(&said) => {
            let known = known.join("`, `");
            let reason = format!(
                "the policy has no `{said}`, so that this would bind nothing; it has `{known}`; leave it out to mean all"
            );
            let ja = format!(
                "方針に「{said}」はないため、どこにも効きません。使えるのは `{known}` です。空欄なら、すべてを意味します。"
            );
            Err(AppError::invalid(field, (reason, ja)))
        }
        _ => Ok(()),
    }
}

fn renamed(field: &'static str, name: &str) -> AppError {
    let reason = format!(
        "clients refuse `{name}`, which goes while another {field} comes: only they lift a refusal; keep the name, or take `{name}` away in a version of its own"
    );
    let ja = format!(
        "`{name}` をお断りの方がいます。お断りを取り消せるのはご本人だけのため、別の名前に替えることはできません。名前を残すか、`{name}` だけを先になくした版を作ってください。"
    );
    AppError::invalid(field, (reason, ja))
}
