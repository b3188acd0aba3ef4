//! Clocks that are changed, zones that are unknown, days of rest; and the instant at which a stop ends.

use yorisoi_decision::{Busy, Code, Gate, Situation, ValidPolicy, decide};

use crate::common::{KEY, at, policy, situation, stop};

fn in_zone(zone: &'static str, now: &str) -> Situation {
    let mut situation = situation(|facts| {
        facts.zone = Some(zone.to_owned());
        // Some of these clocks were changed years ago.
        for consent in &mut facts.consents {
            consent.granted_at = at("2019-01-01T00:00Z");
        }
    });
    situation.now = at(now);
    situation
}

fn quiet(from: &str, until: &str) -> ValidPolicy {
    let (from, until) = (from.parse().unwrap(), until.parse().unwrap());
    policy(move |policy| {
        policy.contact.quiet_hours.from = from;
        policy.contact.quiet_hours.until = until;
        policy.contact.quiet_hours.rest_days = false;
    })
}

/// Checks that a quiet hour ends at an instant, that it has ended then, and not a second before.
fn check_end(policy: &ValidPolicy, mut situation: Situation, end: &str) {
    let stopped = stop(&decide(policy, &situation, &KEY), "rebate").unwrap();
    assert_eq!(stopped.until, Some(at(end)), "{stopped:?}");
    situation.now = at(end) - jiff::SignedDuration::from_secs(1);
    let just_before = stop(&decide(policy, &situation, &KEY), "rebate").unwrap();
    assert_eq!(just_before.code, stopped.code);
    situation.now = at(end);
    assert_eq!(stop(&decide(policy, &situation, &KEY), "rebate"), None);
}

#[test]
fn quiet_that_ends_in_an_hour_that_is_skipped_ends_when_the_clock_jumps() {
    // Berlin skips 02:00-03:00 on 29 March 2026; New York on 8 March; Sydney on 4 October.
    let house = quiet("22:00", "02:30");
    check_end(&house, in_zone("Europe/Berlin", "2026-03-29T01:10+01:00"), "2026-03-29T03:00+02:00");
    check_end(
        &house,
        in_zone("America/New_York", "2026-03-08T01:10-05:00"),
        "2026-03-08T03:00-04:00",
    );
    check_end(
        &house,
        in_zone("Australia/Sydney", "2026-10-04T01:10+10:00"),
        "2026-10-04T03:00+11:00",
    );
}

#[test]
fn quiet_in_an_hour_that_comes_twice_is_quiet_twice() {
    // Berlin repeats 02:00-03:00 on 25 October 2026, New York 01:00-02:00 on 1 November, Sydney
    // 02:00-03:00 on 5 April.
    let berlin = quiet("22:00", "02:30");
    check_end(
        &berlin,
        in_zone("Europe/Berlin", "2026-10-25T01:00+02:00"),
        "2026-10-25T02:30+02:00",
    );
    check_end(
        &berlin,
        in_zone("Europe/Berlin", "2026-10-25T02:10+01:00"),
        "2026-10-25T02:30+01:00",
    );
    let york = quiet("22:00", "01:30");
    check_end(
        &york,
        in_zone("America/New_York", "2026-11-01T01:10-05:00"),
        "2026-11-01T01:30-05:00",
    );
    let sydney = quiet("22:00", "02:30");
    check_end(
        &sydney,
        in_zone("Australia/Sydney", "2026-04-05T02:10+10:00"),
        "2026-04-05T02:30+10:00",
    );
}

#[test]
fn quiet_across_midnight_and_within_a_day() {
    check_end(
        &quiet("21:00", "09:00"),
        in_zone("Asia/Tokyo", "2026-11-18T23:00+09:00"),
        "2026-11-19T09:00+09:00",
    );
    check_end(
        &quiet("12:00", "13:00"),
        in_zone("Asia/Tokyo", "2026-11-18T12:00+09:00"),
        "2026-11-18T13:00+09:00",
    );
    let never = quiet("09:00", "09:00");
    let noon = in_zone("Asia/Tokyo", "2026-11-18T09:00+09:00");
    assert_eq!(stop(&decide(&never, &noon, &KEY), "rebate"), None);
}

#[test]
fn an_unknown_zone_leaves_only_hours_that_suit_every_plausible_one() {
    // Tokyo and London, both 09:00-20:00: in November 18:00-20:00 Tokyo is 09:00-11:00 London.
    let house = quiet("20:00", "09:00");
    for zone in [None, Some("Mars/Olympus".to_owned())] {
        let unknown = |now: &str| {
            let mut situation = situation(|facts| facts.zone.clone_from(&zone));
            situation.now = at(now);
            situation
        };
        check_end(&house, unknown("2026-11-18T12:00+09:00"), "2026-11-18T18:00+09:00");
        check_end(&house, unknown("2026-11-18T20:00+09:00"), "2026-11-19T18:00+09:00");
        let stopped = stop(&decide(&house, &unknown("2026-11-18T12:00+09:00"), &KEY), "rebate");
        assert_eq!(
            stopped.map(|s| (s.gate, s.code)),
            Some((Gate::ContactPolicy, Code::ZoneUnknown))
        );
    }
}

#[test]
fn without_any_plausible_zone_nobody_unknown_is_contacted() {
    let nowhere = policy(|policy| policy.contact.plausible_zones.clear());
    let mut situation = situation(|facts| facts.zone = None);
    situation.now = at("2026-11-18T12:00+09:00");
    let decision = decide(&nowhere, &situation, &KEY);
    let stopped = stop(&decision, "rebate").unwrap();
    assert_eq!((stopped.code, stopped.until), (Code::ZoneUnknown, None));
    assert_eq!(decision.hold.map(|hold| hold.code), Some(Code::ZoneUnknown));
}

#[test]
fn days_of_rest_are_quiet_all_day_and_over_in_the_morning() {
    let house = policy(|_| ());
    // Sunday, then Labour Thanksgiving Day on Monday 23 November 2026.
    check_end(&house, in_zone("Asia/Tokyo", "2026-11-22T12:00+09:00"), "2026-11-24T08:00+09:00");
    // The ten days around the change of reign, 27 April to 6 May 2019; the 27th is a Saturday.
    check_end(&house, in_zone("Asia/Tokyo", "2019-04-28T12:00+09:00"), "2019-05-07T08:00+09:00");
}

#[test]
fn the_end_of_a_busy_hour_follows_the_clients_clock() {
    let house = quiet("00:00", "00:00");
    let (from, until) = ("10:00".parse().unwrap(), "12:00".parse().unwrap());
    // Two meetings that touch, and one that overlaps both.
    let mut meeting = situation(move |facts| {
        facts.zone = Some("America/New_York".to_owned());
        facts.busy = vec![
            Busy::Weekly { weekday: 3, from, until },
            Busy::Once { from: at("2026-11-18T12:00-05:00"), until: at("2026-11-18T13:00-05:00") },
            Busy::Once { from: at("2026-11-18T11:00-05:00"), until: at("2026-11-18T12:30-05:00") },
        ];
    });
    meeting.now = at("2026-11-18T10:30-05:00");
    let stopped = stop(&decide(&house, &meeting, &KEY), "advise").unwrap();
    assert_eq!(stopped.code, Code::BusyNow);
    assert_eq!(stopped.until, Some(at("2026-11-18T13:00-05:00")));
    meeting.now = at("2026-11-18T13:00-05:00");
    assert_eq!(stop(&decide(&house, &meeting, &KEY), "advise"), None);
}

#[test]
fn who_is_busy_all_week_has_no_end_of_it() {
    let all_day = |weekday| Busy::Weekly {
        weekday,
        from: jiff::civil::Time::midnight(),
        until: jiff::civil::Time::midnight(),
    };
    let busy = situation(|facts| facts.busy = (1..=7).map(all_day).collect());
    let stopped = stop(&decide(&policy(|_| ()), &busy, &KEY), "advise").unwrap();
    assert_eq!((stopped.code, stopped.until), (Code::BusyNow, None));
}
