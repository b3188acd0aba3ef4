//! Where may the client live, and when does a span end on that wall's clock?

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::facts::ClientFacts;
use crate::policy::ContactPolicy;

/// Days looked ahead for an open hour. The longest run of rest days is ten (spring 2019); a client
/// who is busy all week long has no open hour at all.
const DAYS_AHEAD: i64 = 40;

/// The zone a client lives in, or those they may live in.
#[derive(Debug, Clone)]
pub(crate) struct Zones {
    zones: Vec<TimeZone>,
    is_known: bool,
}

impl Zones {
    /// The client's zone; if it is not known or not in the database, the plausible ones.
    pub(crate) fn of(client: &ClientFacts, contact: &ContactPolicy) -> Self {
        let named = |name: &String| TimeZone::get(name).ok();
        match client.zone.as_ref().and_then(named) {
            Some(zone) => Self { zones: vec![zone], is_known: true },
            None => Self {
                zones: contact.plausible_zones.iter().filter_map(named).collect(),
                is_known: false,
            },
        }
    }

    /// Whether the client's own zone is known.
    pub(crate) fn is_known(&self) -> bool {
        self.is_known
    }

    /// Whether there is no zone to look at.
    pub(crate) fn is_empty(&self) -> bool {
        self.zones.is_empty()
    }

    /// Whether something is so at an instant in any of the zones.
    pub(crate) fn any(&self, at: Timestamp, is_so: impl Fn(DateTime) -> bool) -> bool {
        self.zones.iter().any(|zone| is_so(zone.to_datetime(at)))
    }

    /// Returns the first instant after `now` that is not closed, if there is one within
    /// [`DAYS_AHEAD`] days.
    ///
    /// What is closed by clock and calendar can open only at given times of day, at midnight, at given
    /// instants, or where a zone's clocks are changed; so only those are looked at. In an hour that is
    /// skipped the change itself is such a place, in one that comes twice both are.
    pub(crate) fn first_open(
        &self,
        now: Timestamp,
        times: &[Time],
        instants: &[Timestamp],
        closed: impl Fn(Timestamp) -> bool,
    ) -> Option<Timestamp> {
        // Nearly always the next day is near enough; the long look is for holidays in a row.
        [1, DAYS_AHEAD].into_iter().find_map(|days| {
            let end = now.checked_add(SignedDuration::from_hours(24 * days)).ok()?;
            let mut places = instants.to_vec();
            for zone in &self.zones {
                collect_places(&mut places, zone, (now, end), times);
            }
            places.retain(|place| *place > now && *place <= end);
            places.sort_unstable();
            places.into_iter().find(|place| !closed(*place))
        })
    }
}

/// Adds the instants between `now` and `end` at which a zone's clock shows one of the times or
/// midnight, or is changed.
fn collect_places(
    places: &mut Vec<Timestamp>,
    zone: &TimeZone,
    (now, end): (Timestamp, Timestamp),
    times: &[Time],
) {
    let changes = zone.following(now).map(|change| change.timestamp());
    places.extend(changes.take_while(|change| *change <= end));
    let last = zone.to_datetime(end).date();
    let mut day = Some(zone.to_datetime(now).date());
    while let Some(date) = day.filter(|date| *date <= last) {
        for time in times.iter().copied().chain([Time::midnight()]) {
            let local = zone.to_ambiguous_timestamp(date.to_datetime(time));
            places.extend([local.earlier(), local.later()].into_iter().flatten());
        }
        day = next(date);
    }
}

fn next(date: Date) -> Option<Date> {
    date.checked_add(1.day()).ok()
}
