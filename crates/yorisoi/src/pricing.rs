//! What does each arm cost each person, and how many can it take?

use yorisoi_data::{Table, Values};
use yorisoi_policy::ArmCost;

use crate::error::StudyError;
use crate::options::{Cost, PlanOptions};
use crate::summary;

/// Costs and capacities in the order of the non-control arms.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pricing {
    /// One entry a non-control arm.
    pub(crate) costs: Vec<ArmCost>,
    /// People each arm can take; `None` is everyone.
    pub(crate) capacity: Vec<Option<usize>>,
    /// Whether costs were given. If not, every offer counts 1.
    pub(crate) is_priced: bool,
}

impl Pricing {
    /// Finds the cost of every arm for the rows `source_row` of the table.
    ///
    /// # Errors
    ///
    /// [`StudyError::UnknownArm`], [`StudyError::MissingCost`] and the errors of cost columns.
    pub(crate) fn new(
        table: Option<&Table>,
        source_row: &[u32],
        arms: &[String],
        options: &PlanOptions,
    ) -> Result<Self, StudyError> {
        let named = options.costs.iter().map(|cost| ("--cost", &cost.arm));
        let limited = options.capacity.iter().map(|capacity| ("--capacity", &capacity.arm));
        for (option, arm) in named.chain(limited) {
            if !arms.contains(arm) {
                let (arm, known) = (arm.clone(), arms.join(", "));
                return Err(StudyError::UnknownArm { option, arm, known });
            }
        }
        let is_priced = !options.costs.is_empty();
        let cost_of = |arm: &String| match options.costs.iter().rfind(|cost| cost.arm == *arm) {
            Some(cost) => arm_cost(table, source_row, arm, &cost.cost),
            None if is_priced => Err(StudyError::MissingCost { arm: arm.clone() }),
            None => Ok(ArmCost::Same(1.0)),
        };
        let capacity_of = |arm: &String| {
            let named = options.capacity.iter().rfind(|capacity| capacity.arm == *arm);
            named.map(|capacity| capacity.people)
        };
        Ok(Self {
            costs: arms.iter().map(cost_of).collect::<Result<_, _>>()?,
            capacity: arms.iter().map(capacity_of).collect(),
            is_priced,
        })
    }

    /// Returns the costs at `units`.
    pub(crate) fn costs_at(&self, units: &[u32]) -> Vec<ArmCost> {
        let cost = |cost: &ArmCost| match cost {
            ArmCost::Same(cost) => ArmCost::Same(*cost),
            ArmCost::PerUnit(costs) => ArmCost::PerUnit(crate::units::at(costs, units)),
        };
        self.costs.iter().map(cost).collect()
    }

    /// Returns the costs as the summary writes them.
    pub(crate) fn summary(&self, arms: &[String]) -> Vec<summary::ArmCost> {
        let cost = |(arm, cost): (&String, &ArmCost)| summary::ArmCost {
            arm: arm.clone(),
            cost: match cost {
                ArmCost::Same(cost) => Some(*cost),
                ArmCost::PerUnit(_) => None,
            },
        };
        arms.iter().zip(&self.costs).map(cost).collect()
    }
}

fn arm_cost(
    table: Option<&Table>,
    source_row: &[u32],
    arm: &str,
    cost: &Cost,
) -> Result<ArmCost, StudyError> {
    let name = match cost {
        Cost::Same(cost) if cost.is_finite() && *cost >= 0.0 => return Ok(ArmCost::Same(*cost)),
        Cost::Same(cost) => {
            return Err(StudyError::BadCost { arm: arm.to_owned(), cost: *cost });
        }
        Cost::Column(name) => name,
    };
    let missing = || StudyError::CostColumn {
        column: name.clone(),
        problem: "there is no such column of numbers",
        row: None,
    };
    let column = table.and_then(|table| table.column(name)).ok_or_else(missing)?;
    let Values::Numeric(values) = &column.values else { return Err(missing()) };
    let mut costs = Vec::with_capacity(source_row.len());
    for &row in source_row {
        match values.get(row as usize) {
            Some(&cost) if cost.is_finite() && cost >= 0.0 => costs.push(cost),
            _ => {
                return Err(StudyError::CostColumn {
                    column: name.clone(),
                    problem: "a cost is missing, infinite or below 0",
                    row: Some(row as usize + 1),
                });
            }
        }
    }
    Ok(ArmCost::PerUnit(costs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::CostOf;
    use yorisoi_data::Column;

    fn options(costs: Vec<(&str, Cost)>) -> PlanOptions {
        let cost = |(arm, cost): (&str, Cost)| CostOf { arm: arm.to_owned(), cost };
        PlanOptions { costs: costs.into_iter().map(cost).collect(), ..PlanOptions::default() }
    }

    fn price(options: &PlanOptions) -> Result<Pricing, StudyError> {
        let minutes = vec![5.0, f64::NAN, 7.0];
        let column = Column { name: "minutes".into(), values: Values::Numeric(minutes) };
        let table = Table::new(vec![column]).unwrap();
        Pricing::new(Some(&table), &[0, 2], &["mail".into(), "call".into()], options)
    }

    #[test]
    fn without_costs_every_offer_counts_one() {
        let pricing = price(&options(vec![])).unwrap();
        assert_eq!(pricing.costs, [ArmCost::Same(1.0), ArmCost::Same(1.0)]);
        assert!(!pricing.is_priced);
    }

    #[test]
    fn a_cost_column_is_read_at_the_used_rows_only() {
        let costs = vec![("mail", Cost::Same(80.0)), ("call", Cost::Column("minutes".into()))];
        let pricing = price(&options(costs)).unwrap();
        assert_eq!(pricing.costs[1], ArmCost::PerUnit(vec![5.0, 7.0]));
    }

    #[test]
    fn an_arm_without_a_cost_among_arms_with_one_is_refused() {
        let refused = price(&options(vec![("mail", Cost::Same(80.0))]));
        assert!(matches!(refused, Err(StudyError::MissingCost { arm }) if arm == "call"));
    }

    #[test]
    fn an_unknown_arm_is_refused_with_the_known_ones() {
        let refused = price(&options(vec![("fax", Cost::Same(80.0))]));
        assert!(
            matches!(refused, Err(StudyError::UnknownArm { known, .. }) if known == "mail, call")
        );
    }
}
