//! How many are persuadable, untouched, undecided, harmed? One labelled bar an arm.

use maud::{Markup, html};
use yorisoi::summary::Groups;

use crate::chart::{Figure, Part, Table, stack};
use crate::number;
use crate::study::Study;
use crate::text::{Name, Text};
use crate::words::{page, people as words};

/// Returns a bar for each arm in focus.
pub(crate) fn block(study: &Study<'_>) -> Markup {
    let shown = study.summary.groups.iter().filter(|groups| study.is_in_focus(&groups.arm));
    html! { div.figures { @for (i, groups) in shown.enumerate() { (figure(i, groups)) } } }
}

fn figure(i: usize, groups: &Groups) -> Markup {
    let kinds: [(Text, Text, f64, &str); 4] = [
        (words::PERSUADABLE, words::GROUP_PERSUADABLE, groups.persuadable, "f-help"),
        (words::NO_EFFECT, words::GROUP_NO_EFFECT, groups.no_effect, "hatch-rest"),
        (words::UNDECIDED, words::GROUP_UNDECIDED, groups.undecided, "hatch-unknown"),
        (words::SLEEPING_DOG, words::GROUP_SLEEPING, groups.sleeping_dog, "hatch-harm"),
    ];
    let mut table = Table::new(vec![words::GROUP, page::SHARE]);
    let parts: Vec<Part> = kinds
        .into_iter()
        .map(|(long, short, share, fill)| {
            let printed = number::percent(share);
            table.row(&[&short, &printed]);
            Part { words: long, share, printed, fill }
        })
        .collect();
    let figure = Figure {
        id: ("groups", i),
        title: words::GROUPS_FIGURE,
        arm: Some(Name::new(&groups.arm)),
        note: words::groups_note(&number::percent(groups.sleeping_dog_fdr)),
        drawing: stack(&parts),
        table,
    };
    figure.markup()
}
