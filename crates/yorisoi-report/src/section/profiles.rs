//! Who are the most and the least helped? Their features in words, each with a leaning bar.

use maud::{Markup, html};
use yorisoi::summary::Profile;

use crate::chart::{LEANING_WIDTH, Tone, leaning_bar};
use crate::limits;
use crate::study::Study;
use crate::text::{Name, Text};
use crate::words::people as words;

/// Returns two lists for each arm in focus.
pub(crate) fn block(study: &Study<'_>) -> Markup {
    let profiles = &study.summary.profiles;
    let mut arms: Vec<&str> = Vec::new();
    for profile in profiles.iter().filter(|profile| study.is_in_focus(&profile.arm)) {
        if !arms.contains(&profile.arm.as_str()) {
            arms.push(&profile.arm);
        }
    }
    html! {
        h3 { (words::PROFILES) }
        p.note { (words::PROFILE_NOTE) }
        @for arm in arms { (of_arm(arm, profiles)) }
    }
}

fn of_arm(arm: &str, profiles: &[Profile]) -> Markup {
    let group = |name: &str| -> Vec<&Profile> {
        profiles.iter().filter(|profile| profile.arm == arm && profile.group == name).collect()
    };
    let (helped, harmed) = (group("helped"), group("harmed"));
    let sizes = helped.iter().chain(&harmed).map(|profile| profile.difference.abs());
    let largest = sizes.filter(|size| size.is_finite()).fold(0.0, f64::max);
    html! {
        h4.arm { (Name::new(arm)) }
        div.profiles {
            (list(&words::HELPED, &helped, (largest, Tone::Help)))
            (list(&words::HARMED, &harmed, (largest, Tone::Rest)))
        }
    }
}

fn list(title: &Text, profiles: &[&Profile], (largest, tone): (f64, Tone)) -> Markup {
    let mut sorted = profiles.to_vec();
    sorted.sort_by(|a, b| b.difference.abs().total_cmp(&a.difference.abs()));
    html! {
        @if !sorted.is_empty() {
            div.profile {
                h5 { (title) }
                ul {
                    @for profile in sorted.into_iter().take(limits::PROFILE_ROWS) {
                        li {
                            span { (Text::from(&profile.words)) }
                            (leaning_bar(profile.difference, largest, tone).ornament(LEANING_WIDTH))
                        }
                    }
                }
            }
        }
    }
}
