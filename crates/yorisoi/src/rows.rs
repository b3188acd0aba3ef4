//! What a study says of each row: the contents of `effects.parquet` and `plan.csv`.

use yorisoi_effects::Effects;
use yorisoi_evaluation::Group;
use yorisoi_policy::Reason;

/// Effects of rows of a table, one entry a row in every vector.
#[derive(Debug, Clone, PartialEq)]
pub struct EffectRows {
    /// 0-based row of the input table, ascending.
    pub source_row: Vec<u32>,
    /// Whether the model behind the effect has learned from other rows only.
    pub held_out: Vec<bool>,
    /// Names of the non-control arms.
    pub arms: Vec<String>,
    /// Effects of those arms against control.
    pub effects: Effects,
}

impl EffectRows {
    /// Returns the number of rows.
    pub fn n_rows(&self) -> usize {
        self.source_row.len()
    }
}

/// One row of `plan.csv`.
///
/// On a `hold` row the arm is the one that came closest, with what it would have done and cost; nothing
/// is spent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlanRow<'a> {
    /// 0-based row of the input table.
    pub row: u32,
    /// The arm offered, or the one that came closest.
    pub arm: &'a str,
    /// Its effect, unit of the outcome.
    pub effect: f64,
    /// Lower end of the effect's 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// What the effect is worth less what it costs, where the worth of an outcome is known; the effect
    /// itself otherwise.
    pub value: f64,
    /// What the arm costs for this person.
    pub cost: f64,
    /// What this arm does to the person.
    pub group: Group,
    /// Why; says whether the arm is offered.
    pub reason: Reason,
}

impl PlanRow<'_> {
    /// Returns `offer` or `hold`.
    pub fn action(&self) -> &'static str {
        if self.reason.is_hold() { "hold" } else { "offer" }
    }

    /// Returns the group's code: `persuadable`, `no_effect`, `sleeping_dog` or `undecided`.
    pub fn group_code(&self) -> &'static str {
        match self.group {
            Group::Persuadable => "persuadable",
            Group::NoEffect => "no_effect",
            Group::SleepingDog => "sleeping_dog",
            Group::Undecided => "undecided",
        }
    }
}
