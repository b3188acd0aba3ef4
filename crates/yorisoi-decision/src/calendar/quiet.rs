//! Is it quiet where the client lives, and until when?

use jiff::Timestamp;
use jiff::civil::{DateTime, Weekday};

use crate::calendar::holidays;
use crate::calendar::zones::Zones;
use crate::policy::{ContactPolicy, HolidayCalendar, QuietHours};
use crate::scene::ClosedUntil;

/// Returns until when it is quiet, `None` if it is not. Where no zone is even plausible it is always
/// quiet; where several are, it is quiet if it is so in any of them.
pub(crate) fn quiet_until(contact: &ContactPolicy, zones: &Zones, now: Timestamp) -> ClosedUntil {
    if zones.is_empty() {
        return Some(None);
    }
    let closed = |at: Timestamp| zones.any(at, |local| is_quiet(contact, local));
    if !closed(now) {
        return None;
    }
    let QuietHours { from, until, .. } = contact.quiet_hours;
    Some(zones.first_open(now, &[from, until], &[], closed))
}

fn is_quiet(contact: &ContactPolicy, local: DateTime) -> bool {
    let QuietHours { from, until, rest_days } = contact.quiet_hours;
    let time = local.time();
    let by_hour = if from <= until {
        from <= time && time < until
    } else {
        // Across midnight.
        from <= time || time < until
    };
    by_hour || (rest_days && is_rest_day(contact, local))
}

fn is_rest_day(contact: &ContactPolicy, local: DateTime) -> bool {
    let date = local.date();
    date.weekday() == Weekday::Sunday
        || (contact.holidays == HolidayCalendar::Japan && holidays::is_japanese_holiday(date))
}
