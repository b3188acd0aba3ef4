//! What does each section of the page say? One file a section; each returns what it shows, or why it
//! shows nothing.

use maud::Markup;

use crate::study::Study;
use crate::text::Text;
use crate::words;

mod arms;
mod average;
mod budget;
mod dose;
mod evidence;
mod groups;
mod method;
mod people;
mod plan;
mod profiles;
mod projection;
mod ranking;
mod rivals;
mod sizes;
mod spread;
mod tree;
mod verdict;

pub(crate) use tree::check as check_tree;
pub(crate) use verdict::hero;

/// A section of the page.
#[derive(Debug)]
pub(crate) struct Section {
    /// Unique on the page; the navigation leads here.
    pub(crate) id: &'static str,
    /// Its heading.
    pub(crate) title: Text,
    /// Everything below the heading.
    pub(crate) body: Markup,
}

/// A section that the data cannot carry.
#[derive(Debug)]
pub(crate) struct LeftOut {
    /// Its heading.
    pub(crate) title: Text,
    /// Why it is missing.
    pub(crate) why: Text,
}

/// A section or the reason why there is none.
pub(crate) type Outcome = Result<Section, LeftOut>;

/// A part of the page: sections for one kind of reader.
#[derive(Debug)]
pub(crate) struct Part {
    /// What the part is about.
    pub(crate) title: Text,
    /// Its sections in order.
    pub(crate) sections: Vec<Outcome>,
}

/// Returns how far people can be compared: those of arms, or those with more and less of an amount.
fn comparable(study: &Study<'_>) -> Outcome {
    match &study.summary.data.dose {
        Some(dose) => Ok(dose::section(study, dose)),
        None => arms::section(study),
    }
}

/// Returns all parts of the page after the answer, in the order in which a reader needs them.
pub(crate) fn parts(study: &Study<'_>) -> Vec<Part> {
    vec![
        Part {
            title: words::page::FINDINGS,
            sections: vec![plan::section(study), average::section(study), people::section(study)],
        },
        Part {
            title: words::page::EVIDENCE,
            sections: vec![
                ranking::section(study),
                sizes::section(study),
                spread::section(study),
                budget::section(study),
                rivals::section(study),
                comparable(study),
                projection::section(study),
            ],
        },
        Part {
            title: words::page::METHOD,
            sections: vec![method::section(study), evidence::section(study)],
        },
    ]
}
