//! Each gate: fires, does not fire, and the boundary instant.

use yorisoi_decision::{
    ActionClass, Attempts, Busy, Code, ConsentKind, Contact, DecisionId, EffectFact, ExitState,
    Gate, HouseholdFacts, Initiative, Record, Refusal, Reservation, Situation, Stop, decide,
    said_no,
};

use crate::common::{ADVICE, KEY, SOLICITATION, at, code, hours, policy, situation, stop};

type Expected = Option<(Gate, Code)>;

/// Compares each row's situation with the gate and code expected for one action.
fn check_table(action: &str, rows: Vec<(&str, Situation, Expected)>) {
    for (row, situation, expected) in rows {
        assert_eq!(code(&situation, action), expected, "{row}");
    }
}

fn contact(at: jiff::Timestamp, channel: &str, class: ActionClass) -> Contact {
    Contact { at, channel: channel.parse().unwrap(), class, decision: None }
}

fn mails(ages: &[i64]) -> Vec<Contact> {
    ages.iter().map(|age| contact(hours(-age), "mail", ActionClass::Care)).collect()
}

fn reservation(decision: &str, action: &str, expires_at: jiff::Timestamp) -> Reservation {
    Reservation {
        decision: decision.parse().unwrap(),
        action: action.parse().unwrap(),
        channel: Some("mail".parse().unwrap()),
        at: hours(-1),
        expires_at,
    }
}

#[test]
fn identity_stops_all_but_holding_back() {
    let with = |change: fn(&mut Situation)| {
        let mut situation = situation(|facts| {
            facts.attributes.insert("bill_due".to_owned(), yorisoi_decision::Attribute::Flag(true));
        });
        change(&mut situation);
        situation
    };
    let rows: Vec<(&str, Situation, Expected)> = vec![
        ("known", with(|_| ()), None),
        (
            "unknown",
            with(|s| s.record = Record::Unknown { client: "c-1".parse().unwrap() }),
            Some((Gate::Identity, Code::IdentityUnknown)),
        ),
        (
            "unreadable",
            with(|s| s.record = Record::Unavailable { client: "c-1".parse().unwrap() }),
            Some((Gate::Consent, Code::ConsentUnavailable)),
        ),
        ("clock of the ledger", with(|s| s.ledger_time = Some(s.now)), None),
        (
            "clock before the ledger",
            with(|s| s.ledger_time = Some(s.now + jiff::SignedDuration::from_nanos(1))),
            Some((Gate::Identity, Code::ClockSkewed)),
        ),
    ];
    check_table("bill", rows);
    let erased = situation(|facts| facts.erased = true);
    let merged = situation(|facts| facts.merged_into = Some("c-2".parse().unwrap()));
    assert_eq!(code(&erased, "bill"), Some((Gate::Identity, Code::IdentityErased)));
    assert_eq!(code(&merged, "bill"), Some((Gate::Identity, Code::IdentityMerged)));
    for unfit in [erased, merged] {
        let decision = decide(&policy(|_| ()), &unfit, &KEY);
        assert_eq!(decision.choice.action.as_str(), "hold");
        assert_eq!(decision.hold.unwrap().look_again_at, None);
    }
}

#[test]
fn eligibility_and_applicability_take_the_unknown_for_a_no() {
    use yorisoi_decision::Attribute::{Flag, Number, Text};
    let with = |name: &'static str, value| {
        situation(move |facts| {
            facts.attributes.remove(name);
            if let Some(value) = value {
                facts.attributes.insert(name.to_owned(), value);
            }
        })
    };
    let not_eligible = Some((Gate::Eligibility, Code::NotEligible));
    let not_applicable = Some((Gate::Applicability, Code::NotApplicable));
    check_table(
        "rebate",
        vec![
            ("exactly of age", with("age", Some(Number(18.0))), None),
            ("too young", with("age", Some(Number(17.9))), not_eligible),
            ("age unknown", with("age", None), not_eligible),
            ("age is a word", with("age", Some(Text("40".to_owned()))), not_eligible),
            ("age is no number", with("age", Some(Number(f64::NAN))), not_eligible),
            ("no plan", with("has_plan", Some(Flag(false))), not_applicable),
            ("plan unknown", with("has_plan", None), not_applicable),
        ],
    );
}

#[test]
fn nobody_is_let_go_unasked() {
    let leaving = |exit| situation(move |facts| facts.exit = exit);
    let stopped = Some((Gate::Applicability, Code::NotApplicable));
    check_table(
        "let_go",
        vec![
            ("stays", leaving(ExitState::None), stopped),
            ("asked", leaving(ExitState::Requested), None),
            ("heard the offer", leaving(ExitState::Offered), None),
            ("decided", leaving(ExitState::Decided), None),
            ("is gone", leaving(ExitState::Completed), stopped),
            ("stayed after all", leaving(ExitState::Abandoned), stopped),
        ],
    );
}

#[test]
fn a_permission_that_is_there_is_not_asked_for() {
    let stopped = Some((Gate::Applicability, Code::NotApplicable));
    let keep = |kind| situation(move |facts| facts.consents.retain(|c| c.kind == kind));
    check_table(
        "ask_permission",
        vec![
            ("both are there", situation(|_| ()), stopped),
            ("advice is missing", keep(ConsentKind::Talk), None),
        ],
    );
}

#[test]
fn a_time_is_asked_for_only_after_a_failed_attempt() {
    let failed = |failed| {
        situation(move |facts| {
            let attempts = Attempts { failed, last_at: None };
            facts.attempts.insert("advise".parse().unwrap(), attempts);
        })
    };
    let stopped = Some((Gate::Applicability, Code::NotApplicable));
    check_table("ask_time", vec![("none", failed(0), stopped), ("one", failed(1), None)]);
}

#[test]
fn an_interval_must_rule_out_harm_beyond_the_allowed() {
    let effect = |benefit, low, high| {
        situation(move |facts| {
            facts.effects.insert("rebate".parse().unwrap(), EffectFact { benefit, low, high });
        })
    };
    let unknown = Some((Gate::Suitability, Code::EffectUnknown));
    let harm = Some((Gate::Suitability, Code::MayHarm));
    check_table(
        "rebate",
        vec![
            ("just allowed", effect(0.05, -0.01, 0.11), None),
            ("just beyond", effect(0.05, -0.010_000_1, 0.11), harm),
            ("not a number", effect(f64::NAN, 0.0, 0.1), unknown),
            ("infinite", effect(0.05, 0.0, f64::INFINITY), unknown),
            ("outside its interval", effect(0.2, 0.0, 0.1), unknown),
        ],
    );
    let missing = situation(|facts| facts.effects.clear());
    assert_eq!(code(&missing, "rebate"), unknown);
}

#[test]
fn a_belief_is_a_veto_when_harm_is_more_likely_than_not() {
    let with_mean = |mean: f64| {
        policy(move |policy| {
            let text = format!(
                r#"{{"benefit_mean": {mean}, "benefit_sd": 0.1, "nuisance_mean": 0.1, "nuisance_weight": 10}}"#
            );
            policy.actions[2].prior = serde_json::from_str(&text).unwrap();
        })
    };
    let situation = situation(|facts| facts.effects.clear());
    let stop_at = |mean| stop(&decide(&with_mean(mean), &situation, &KEY), "rebate");
    assert_eq!(stop_at(-0.01), None);
    assert_eq!(stop_at(-0.010_1).map(|stop| stop.code), Some(Code::MayHarm));
}

#[test]
fn consent_holds_from_its_grant_up_to_its_expiry() {
    let until =
        |end: Option<i64>| situation(move |facts| facts.consents[1].expires_at = end.map(hours));
    let granted = |nanos| {
        situation(move |facts| {
            facts.consents[1].granted_at = hours(0) + jiff::SignedDuration::from_nanos(nanos);
        })
    };
    let of = |topic: Option<&'static str>, channel: Option<&'static str>| {
        situation(move |facts| {
            facts.consents[1].topic = topic.map(|topic| topic.parse().unwrap());
            facts.consents[1].channel = channel.map(|channel| channel.parse().unwrap());
        })
    };
    let missing = Some((Gate::Consent, Code::AdviseMissing));
    check_table(
        "rebate",
        vec![
            ("for ever", until(None), None),
            ("one hour left", until(Some(1)), None),
            ("ends now", until(Some(0)), Some((Gate::Consent, Code::ConsentExpired))),
            ("granted now", granted(0), None),
            ("granted after now", granted(1), missing),
            ("this topic", of(Some("plan"), None), None),
            ("another topic", of(Some("points"), None), missing),
            ("this channel", of(None, Some("mail")), None),
            ("another channel", of(None, Some("sms")), missing),
            ("this topic elsewhere", of(Some("plan"), Some("sms")), missing),
        ],
    );
}

#[test]
fn with_talk_but_not_advice_only_quiet_acts_come_back() {
    let talk = situation(|facts| facts.consents.truncate(1));
    for id in ADVICE {
        assert_eq!(code(&talk, id), Some((Gate::Consent, Code::AdviseMissing)), "{id}");
    }
    assert_eq!(code(&talk, "listen"), None);
    assert_eq!(code(&talk, "ask_permission"), None);
}

#[test]
fn without_talk_only_permission_is_asked_and_only_of_who_began() {
    let mut strangers = situation(|facts| facts.consents.clear());
    let missing = Some((Gate::Consent, Code::TalkMissing));
    for id in ["rebate", "advise", "listen", "hand_on", "ask_permission"] {
        assert_eq!(code(&strangers, id), missing, "{id}");
    }
    let first_contact = policy(|policy| policy.contact.first_contact = true);
    assert_eq!(stop(&decide(&first_contact, &strangers, &KEY), "ask_permission"), None);
    strangers.initiative = Initiative::Clients;
    for id in ["rebate", "advise", "listen", "hand_on"] {
        assert_eq!(code(&strangers, id), missing, "{id}");
    }
    assert_eq!(code(&strangers, "ask_permission"), None);
}

#[test]
fn a_first_contact_is_made_once() {
    let first_contact = policy(|policy| policy.contact.first_contact = true);
    let met = situation(|facts| {
        facts.consents.clear();
        facts.contacts = mails(&[1000]);
    });
    let stopped = stop(&decide(&first_contact, &met, &KEY), "ask_permission");
    assert_eq!(stopped.map(|stop| stop.code), Some(Code::TalkMissing));
}

#[test]
fn a_refusal_binds_whatever_was_consented_later() {
    let refuse = |topic: Option<&'static str>, channel: Option<&'static str>, age: i64| {
        situation(move |facts| {
            facts.refusals.push(Refusal {
                topic: topic.map(|topic| topic.parse().unwrap()),
                channel: channel.map(|channel| channel.parse().unwrap()),
                refused_at: hours(-age),
            });
        })
    };
    let by = |code| Some((Gate::Refusal, code));
    check_table(
        "rebate",
        vec![
            ("everything", refuse(None, None, 1), by(Code::EverythingRefused)),
            ("before the consent", refuse(None, None, 500), by(Code::EverythingRefused)),
            ("the channel", refuse(None, Some("mail"), 1), by(Code::ChannelRefused)),
            ("another channel", refuse(None, Some("call"), 1), None),
            ("the topic", refuse(Some("plan"), None, 1), by(Code::TopicRefused)),
            ("another topic", refuse(Some("points"), None, 1), None),
            ("the topic here", refuse(Some("plan"), Some("mail"), 1), by(Code::TopicRefused)),
            ("the topic elsewhere", refuse(Some("plan"), Some("call"), 1), None),
        ],
    );
    let handed_on = situation(|facts| facts.released.push("rebate".parse().unwrap()));
    assert_eq!(code(&handed_on, "rebate"), by(Code::Released));
    assert_eq!(code(&handed_on, "advise"), None);
}

#[test]
fn an_act_without_a_topic_may_be_about_anything() {
    let no_topic = policy(|policy| policy.actions[5].topic = None);
    let refused = situation(|facts| {
        let topic = Some("points".parse().unwrap());
        facts.refusals.push(Refusal { topic, channel: None, refused_at: hours(-1) });
    });
    let stopped = stop(&decide(&no_topic, &refused, &KEY), "listen");
    assert_eq!(stopped.map(|stop| stop.code), Some(Code::TopicRefused));
    let limited = situation(|facts| facts.consents[0].topic = Some("plan".parse().unwrap()));
    let stopped = stop(&decide(&no_topic, &limited, &KEY), "listen");
    assert_eq!(stopped.map(|stop| stop.code), Some(Code::TalkMissing));
}

#[test]
fn who_has_decided_hears_no_offer() {
    let exit = |exit| situation(move |facts| facts.exit = exit);
    let decided = Some((Gate::Refusal, Code::ExitDecided));
    for state in [ExitState::Decided, ExitState::Completed] {
        for id in ["rebate", "advise", "listen", "hand_on"] {
            assert_eq!(code(&exit(state), id), decided, "{id}");
        }
    }
    let offered = Some((Gate::Refusal, Code::ExitOffered));
    assert_eq!(code(&exit(ExitState::Offered), "rebate"), offered);
    assert_eq!(code(&exit(ExitState::Offered), "advise"), offered);
    assert_eq!(code(&exit(ExitState::Offered), "listen"), None);
    assert_eq!(code(&exit(ExitState::Requested), "rebate"), None);
}

#[test]
fn a_cap_counts_a_rolling_window() {
    let with = |ages: &'static [i64]| situation(move |facts| facts.contacts = mails(ages));
    let full = Some((Gate::ContactPolicy, Code::PersonCap));
    check_table(
        "rebate",
        vec![
            ("one of two", with(&[1]), None),
            ("two of two", with(&[2, 1]), full),
            ("one is exactly a week old", with(&[168, 1]), None),
            ("one is an hour short of a week", with(&[167, 1]), full),
            ("one lies in the future", with(&[1, -5]), full),
        ],
    );
}

#[test]
fn caps_count_all_channels_and_the_channel_cap_only_its_own() {
    let calls = situation(|facts| {
        facts.contacts = vec![contact(hours(-23), "call", ActionClass::Care)];
    });
    assert_eq!(code(&calls, "advise"), Some((Gate::ContactPolicy, Code::PersonCap)));
    assert_eq!(code(&calls, "rebate"), None);
    let both = situation(|facts| {
        facts.contacts = vec![
            contact(hours(-60), "call", ActionClass::Care),
            contact(hours(-50), "visit", ActionClass::Offer),
        ];
    });
    assert_eq!(code(&both, "rebate"), Some((Gate::ContactPolicy, Code::PersonCap)));
}

#[test]
fn service_messages_neither_count_nor_are_stopped() {
    let bills = situation(|facts| {
        let ages = [1, 2, 3, 4, 5];
        facts.contacts = ages.map(|h| contact(hours(-h), "mail", ActionClass::Service)).to_vec();
        facts.reservations = vec![
            reservation("d-7", "bill", hours(1)),
            reservation("d-8", "bill", hours(1)),
            reservation("d-9", "hold", hours(1)),
        ];
    });
    assert_eq!(code(&bills, "rebate"), None);
    let full = situation(|facts| {
        facts.contacts = mails(&[3, 2, 1]);
        facts.nuisance_at = Some(hours(-1));
        facts.consents.clear();
        facts.refusals.push(Refusal { topic: None, channel: None, refused_at: hours(-1) });
        facts.attributes.insert("bill_due".to_owned(), yorisoi_decision::Attribute::Flag(true));
    });
    let decision = decide(&policy(|_| ()), &full, &KEY);
    assert_eq!(decision.choice.action.as_str(), "bill");
}

#[test]
fn a_live_reservation_counts_until_it_expires_or_becomes_a_contact() {
    let with = |end: i64, decision: Option<&'static str>| {
        situation(move |facts| {
            facts.contacts = mails(&[1]);
            let decision = decision.map(|id| id.parse::<DecisionId>().unwrap());
            facts.contacts[0].decision = decision;
            facts.reservations = vec![reservation("d-0", "rebate", hours(end))];
        })
    };
    let full = Some((Gate::ContactPolicy, Code::PersonCap));
    check_table(
        "rebate",
        vec![
            ("live", with(1, None), full),
            ("expires now", with(0, None), None),
            ("is the same contact", with(1, Some("d-0")), None),
            ("is another contact", with(1, Some("d-5")), full),
        ],
    );
}

#[test]
fn a_household_is_counted_together() {
    let with = |own: usize, all: usize| {
        let mut situation = situation(move |facts| {
            facts.household = Some("h-1".parse().unwrap());
            facts.contacts = mails(&[1, 2, 3, 4][..own]);
        });
        let contacts = mails(&[1, 2, 3, 4][..all]);
        situation.household = HouseholdFacts { contacts, reservations: Vec::new() };
        situation
    };
    let full = Some((Gate::ContactPolicy, Code::HouseholdCap));
    check_table(
        "rebate",
        vec![("two of three", with(0, 2), None), ("three of three", with(0, 3), full)],
    );
    // A household that was not told holds at least its member's own contacts.
    let untold = policy(|policy| policy.contact.caps[0].max = None);
    let stopped = stop(&decide(&untold, &with(3, 0), &KEY), "rebate");
    assert_eq!(stopped.map(|stop| stop.code), Some(Code::HouseholdCap));
}

#[test]
fn null_is_unlimited_and_zero_is_none() {
    let capped = |max| policy(move |policy| policy.contact.caps[0].max = max);
    let many = situation(|facts| facts.contacts = mails(&[9; 2]));
    assert_eq!(stop(&decide(&capped(None), &many, &KEY), "rebate"), None);
    let none = situation(|_| ());
    let stopped = stop(&decide(&capped(Some(0)), &none, &KEY), "rebate");
    let expected = Stop { gate: Gate::ContactPolicy, code: Code::PersonCap, until: None };
    assert_eq!(stopped, Some(expected));
    let no_supply = policy(|policy| policy.actions[2].supply = Some(0));
    let stopped = stop(&decide(&no_supply, &none, &KEY), "rebate");
    assert_eq!(stopped.map(|stop| stop.code), Some(Code::NoSupply));
}

#[test]
fn a_nuisance_is_given_time() {
    let nuisance = |age: i64| situation(move |facts| facts.nuisance_at = Some(hours(-age)));
    let stopped = Some((Gate::ContactPolicy, Code::CoolDown));
    check_table(
        "rebate",
        vec![
            ("just now", nuisance(0), stopped),
            ("an hour short", nuisance(47), stopped),
            ("exactly over", nuisance(48), None),
        ],
    );
    let mut caller = nuisance(1);
    caller.initiative = Initiative::Clients;
    assert_eq!(code(&caller, "rebate"), stopped);
    assert_eq!(code(&caller, "listen"), None);
}

#[test]
fn quiet_begins_at_its_first_instant_and_is_over_at_its_last() {
    let local = |time: &str| {
        let mut situation = situation(|_| ());
        situation.now = at(&format!("2026-11-18T{time}+09:00"));
        situation
    };
    let quiet = Some((Gate::ContactPolicy, Code::QuietHoursNow));
    check_table(
        "rebate",
        vec![
            ("evening", local("19:59:59.999"), None),
            ("quiet begins", local("20:00:00"), quiet),
            ("before midnight", local("23:59:59"), quiet),
            ("after midnight", local("00:00:00"), quiet),
            ("early", local("07:59:59.999"), quiet),
            ("quiet is over", local("08:00:00"), None),
        ],
    );
    let mut caller = local("22:00:00");
    caller.initiative = Initiative::Clients;
    assert_eq!(code(&caller, "rebate"), None);
}

#[test]
fn what_needs_presence_or_expires_waits_for_the_busy() {
    let once = |from: i64, until: i64| {
        situation(move |facts| {
            facts.busy = vec![Busy::Once { from: hours(from), until: hours(until) }];
        })
    };
    let busy = Some((Gate::Presence, Code::BusyNow));
    check_table(
        "advise",
        vec![
            ("in it", once(-1, 1), busy),
            ("begins now", once(0, 1), busy),
            ("ends now", once(-1, 0), None),
        ],
    );
    assert_eq!(code(&once(-1, 1), "hand_on"), busy);
    assert_eq!(code(&once(-1, 1), "rebate"), None);
    let weekly = |weekday, from: &'static str, until: &'static str| {
        situation(move |facts| {
            let (from, until) = (from.parse().unwrap(), until.parse().unwrap());
            facts.busy = vec![Busy::Weekly { weekday, from, until }];
        })
    };
    // It is Wednesday, 11:00 in Tokyo.
    check_table(
        "advise",
        vec![
            ("this hour", weekly(3, "10:00", "12:00"), busy),
            ("begins now", weekly(3, "11:00", "12:00"), busy),
            ("ends now", weekly(3, "10:00", "11:00"), None),
            ("tomorrow", weekly(4, "10:00", "12:00"), None),
            ("no such day", weekly(8, "10:00", "12:00"), None),
        ],
    );
}

#[test]
fn nothing_is_given_past_its_date() {
    let when = |text: &str| {
        let mut situation = situation(|_| ());
        situation.now = at(text);
        situation
    };
    // The hand-on of the house keeps up to 1 December, 00:00 UTC.
    let past = Some((Gate::Presence, Code::PastShelfLife));
    check_table(
        "hand_on",
        vec![
            ("just before", when("2026-11-30T23:59:59.999Z"), None),
            ("at its date", when("2026-12-01T00:00:00Z"), past),
        ],
    );
}

#[test]
fn after_failed_attempts_there_is_never_one_more_try() {
    let failed = |id: &'static str, failed| {
        situation(move |facts| {
            facts.attempts.insert(id.parse().unwrap(), Attempts { failed, last_at: None });
        })
    };
    let exhausted = Some((Gate::Presence, Code::AttemptsExhausted));
    check_table(
        "advise",
        vec![
            ("two of three", failed("advise", 2), None),
            ("three of three", failed("advise", 3), exhausted),
            ("of something else", failed("listen", 3), None),
        ],
    );
    let decision = decide(&policy(|_| ()), &failed("advise", 3), &KEY);
    assert!(["ask_time", "hand_on"].contains(&decision.choice.action.as_str()));
}

#[test]
fn capacity_is_what_is_left() {
    let with = |change: fn(&mut yorisoi_decision::CapacityFacts)| {
        let mut situation = situation(|_| ());
        change(&mut situation.capacity);
        situation
    };
    let by = |code| Some((Gate::Capacity, code));
    check_table(
        "rebate",
        vec![
            ("one left", with(|c| _ = c.used.insert("rebate".parse().unwrap(), 9)), None),
            (
                "none left",
                with(|c| _ = c.used.insert("rebate".parse().unwrap(), 10)),
                by(Code::NoSupply),
            ),
            ("just enough money", with(|c| c.spent_minor = 999_500), None),
            ("one short", with(|c| c.spent_minor = 999_501), by(Code::NoBudget)),
            ("no minutes needed", with(|c| c.minutes_used = 5000), None),
        ],
    );
    check_table(
        "advise",
        vec![
            ("just enough minutes", with(|c| c.minutes_used = 80), None),
            ("one short", with(|c| c.minutes_used = 81), by(Code::NoMinutes)),
            ("no money needed", with(|c| c.spent_minor = i64::MAX), None),
        ],
    );
}

#[test]
fn hard_conversations_of_an_agent_have_an_end() {
    let with = |had, exit| {
        let mut situation = situation(move |facts| facts.exit = exit);
        situation.capacity.hard_conversations = Some((had, 4));
        situation
    };
    let worn = Some((Gate::Capacity, Code::HardConversations));
    check_table(
        "advise",
        vec![
            ("one more", with(3, ExitState::Requested), None),
            ("enough", with(4, ExitState::Requested), worn),
            ("not a hard one", with(4, ExitState::None), None),
        ],
    );
    assert_eq!(code(&with(4, ExitState::Requested), "let_go"), None);
}

#[test]
fn every_stop_has_the_gate_of_its_code() {
    let mut seen = 0;
    for change in [
        (|facts| facts.consents.clear()) as fn(&mut yorisoi_decision::ClientFacts),
        |facts| facts.exit = ExitState::Decided,
        |facts| facts.effects.clear(),
        |facts| facts.contacts = mails(&[1, 2, 3]),
    ] {
        let decision = decide(&policy(|_| ()), &situation(change), &KEY);
        for id in SOLICITATION {
            if let Some(stop) = stop(&decision, id) {
                assert_eq!(stop.code.gate(), Some(stop.gate));
                seen += 1;
            }
        }
    }
    assert!(seen > 10);
}

#[test]
fn what_was_promised_is_asked_of_consent_refusal_and_leaving_alone() {
    let said = |situation: &Situation, id: &str| {
        said_no(&policy(|_| ()), situation, &id.parse().unwrap()).map(|stop| stop.code)
    };
    // Whatever else would stop it today takes no word back.
    let full = situation(|facts| {
        facts.contacts = mails(&[1, 2, 3]);
        facts.nuisance_at = Some(hours(-1));
        facts.attributes.clear();
    });
    assert!(code(&full, "rebate").is_some());
    assert_eq!(said(&full, "rebate"), None);
    let channel = Some("mail".parse().unwrap());
    let refused = situation(|facts| {
        facts.refusals = vec![Refusal { topic: None, channel, refused_at: hours(-1) }];
    });
    assert_eq!(said(&refused, "rebate"), Some(Code::ChannelRefused));
    assert_eq!(said(&refused, "advise"), None);
    assert_eq!(said(&refused, "bill"), None, "a service message is owed");
    let silent = situation(|facts| facts.consents.clear());
    assert_eq!(said(&silent, "rebate"), Some(Code::TalkMissing));
    let decided = situation(|facts| facts.exit = ExitState::Decided);
    assert_eq!(said(&decided, "listen"), Some(Code::ExitDecided));
    let erased = situation(|facts| facts.erased = true);
    assert_eq!(said(&erased, "bill"), Some(Code::IdentityErased));
    assert_eq!(said(&full, "gone"), Some(Code::NotEligible), "what is not known is a no");
}
