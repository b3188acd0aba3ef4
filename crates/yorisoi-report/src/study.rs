//! What do all sections need to know of the study? Its unit, its outcome's name, the arms in focus.

use yorisoi::data::Better;
use yorisoi::summary::{Summary, Value};

use crate::limits;
use crate::number::{Format, Unit};
use crate::text::{Name, Text};
use crate::words;

/// A summary with what every section derives from it.
#[derive(Debug)]
pub(crate) struct Study<'a> {
    /// What was found.
    pub(crate) summary: &'a Summary,
    /// What effects are counted in.
    pub(crate) unit: Unit,
    /// The outcome, ready to stand in a sentence.
    pub(crate) outcome: Text,
    /// The outcome, short enough for the title of an axis.
    pub(crate) outcome_short: Text,
}

impl<'a> Study<'a> {
    /// Looks at a summary.
    pub(crate) fn new(summary: &'a Summary) -> Self {
        let name = Name::new(&summary.data.outcome);
        Self {
            summary,
            unit: Unit::of(&summary.data),
            outcome: quoted_if_odd(&name.inline()),
            outcome_short: quoted_if_odd(&name.shortened(limits::AXIS_CHARS).inline()),
        }
    }

    /// Whether this arm gets pictures of its own. With many arms only the first few do.
    pub(crate) fn is_in_focus(&self, arm: &str) -> bool {
        let treated = self.summary.arms.iter().skip(1).take(limits::ARMS);
        treated.into_iter().any(|known| known.arm == arm)
    }

    /// Whether arms are left without pictures.
    pub(crate) fn is_cut(&self) -> bool {
        self.summary.arms.len() > limits::ARMS + 1
    }

    /// Whether the plan was made without prices: then every offer costs 1, and money means people.
    pub(crate) fn counts_people(&self) -> bool {
        !self.summary.plan.is_priced
    }

    /// How effects are written that have these values.
    pub(crate) fn format<'v>(&self, values: impl IntoIterator<Item = &'v Value>) -> Format {
        Format::of(self.unit, values)
    }

    /// Estimate and interval in the units of an axis.
    pub(crate) fn numbers(&self, value: &Value) -> [f64; 3] {
        [value.estimate, value.low, value.high].map(|number| number * self.unit.factor())
    }

    /// The title of an axis of effects.
    pub(crate) fn effect_axis(&self) -> Text {
        words::page::effect_axis(&self.outcome_short, self.unit == Unit::Points, self.better())
    }

    /// The title of an axis of total gains.
    pub(crate) fn gain_axis(&self) -> Text {
        words::plan::gain_axis(&self.outcome_short, self.better())
    }

    /// The title of an axis of gains a person.
    pub(crate) fn per_person_axis(&self) -> Text {
        let in_points = self.unit == Unit::Points;
        words::plan::per_person_axis(&self.outcome_short, in_points, self.better())
    }

    /// Whether more or less of the outcome is better.
    pub(crate) fn better(&self) -> Better {
        self.summary.data.better
    }
}

/// Names with spaces or signs get quotation marks, so that one sees where they end.
fn quoted_if_odd(name: &str) -> Text {
    let is_plain = name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '…');
    if is_plain {
        return Text::same(name.to_owned());
    }
    Text::new(format!("“{name}”"), format!("「{name}」"))
}
