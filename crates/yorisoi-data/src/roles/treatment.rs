//! Who got what? The treatment column as arms or as doses.

use super::{DatasetOptions, RoleError, TreatmentKind};
use crate::exact::is_same;
use crate::roles::outcome::not_numeric;
use crate::{Arms, Column, MISSING_CODE, Treatment, Values, spell_number};

/// Names that mean "got nothing", compared in lower case.
const CONTROL_NAMES: [&str; 20] = [
    "0",
    "control",
    "ctrl",
    "none",
    "no",
    "no e-mail",
    "no email",
    "no-email",
    "no mail",
    "no treatment",
    "no contact",
    "untreated",
    "placebo",
    "false",
    "nothing",
    "対照",
    "対照群",
    "コントロール",
    "なし",
    "無し",
];

/// The arm of a row without treatment.
pub(super) const NO_ARM: u8 = u8::MAX;

/// The treatment of every row of the table, before rows are left out.
pub(super) enum RawTreatment {
    /// Arms, control first; `NO_ARM` where it is missing.
    Arms(Arms),
    /// Doses; NaN where it is missing.
    Dose(Vec<f64>),
}

impl RawTreatment {
    pub(super) fn read(
        column: &Column,
        control: Option<&str>,
        options: &DatasetOptions,
    ) -> Result<Self, RoleError> {
        let max_arms = options.max_arms.min(usize::from(NO_ARM) - 1);
        match (options.treatment, &column.values) {
            (TreatmentKind::Dose, Values::Numeric(values)) => Ok(Self::Dose(values.clone())),
            (TreatmentKind::Dose, Values::Category { .. }) => Err(not_numeric("treatment", column)),
            (TreatmentKind::Arms, Values::Numeric(values)) => {
                let (names, arm) = numeric_arms(column, values, max_arms)?;
                Ok(Self::Arms(control_first(column, names, arm, control)?))
            }
            (TreatmentKind::Arms, Values::Category { codes, levels }) => {
                let (names, arm) = level_arms(column, codes, levels, max_arms)?;
                Ok(Self::Arms(control_first(column, names, arm, control)?))
            }
        }
    }

    /// Returns whether the treatment of a row is missing.
    pub(super) fn is_missing(&self, row: usize) -> bool {
        match self {
            Self::Arms(arms) => arms.arm[row] == NO_ARM,
            Self::Dose(doses) => doses[row].is_nan(),
        }
    }

    /// Returns the treatment of the used rows, having checked that it varies.
    pub(super) fn keep(
        self,
        column: &str,
        rows: &[u32],
        options: &DatasetOptions,
    ) -> Result<Treatment, RoleError> {
        match self {
            Self::Arms(Arms { names, arm }) => {
                let arm: Vec<u8> = rows.iter().map(|&row| arm[row as usize]).collect();
                check_arm_sizes(column, &names, &arm, options.min_arm_rows)?;
                Ok(Treatment::Arms(Arms { names, arm }))
            }
            Self::Dose(doses) => {
                let doses: Vec<f64> = rows.iter().map(|&row| doses[row as usize]).collect();
                let (low, high) = range(&doses);
                if low < high {
                    return Ok(Treatment::Dose(doses));
                }
                Err(RoleError::ConstantDose { column: column.to_owned(), value: low })
            }
        }
    }
}

/// Returns the least and the greatest value.
pub(super) fn range(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &value| {
        (low.min(value), high.max(value))
    })
}

fn check_arm_sizes(
    column: &str,
    names: &[String],
    arm: &[u8],
    needed: usize,
) -> Result<(), RoleError> {
    let mut sizes = vec![0_usize; names.len()];
    for &arm in arm {
        sizes[usize::from(arm)] += 1;
    }
    if let [only] = names {
        return Err(RoleError::OneArm { column: column.to_owned(), arm: only.clone() });
    }
    match sizes.iter().position(|&rows| rows < needed) {
        None => Ok(()),
        Some(small) => Err(RoleError::SmallArm {
            column: column.to_owned(),
            arm: names[small].clone(),
            rows: sizes[small],
            needed,
        }),
    }
}

/// Arms of a numeric column, ascending by value.
fn numeric_arms(
    column: &Column,
    values: &[f64],
    limit: usize,
) -> Result<(Vec<String>, Vec<u8>), RoleError> {
    if let Some(row) = values.iter().position(|value| value.is_infinite()) {
        return Err(RoleError::NotFinite {
            role: "treatment",
            column: column.name.clone(),
            row: row + 1,
            value: values[row],
        });
    }
    let mut distinct: Vec<f64> = Vec::new();
    for &value in values.iter().filter(|value| !value.is_nan()) {
        if !distinct.iter().any(|&own| is_same(own, value)) {
            distinct.push(value);
            if distinct.len() > limit {
                return Err(RoleError::ManyArms { column: column.name.clone(), limit });
            }
        }
    }
    distinct.sort_unstable_by(f64::total_cmp);
    let position = |&value: &f64| distinct.iter().position(|&own| is_same(own, value));
    let arm = values.iter().map(|value| position(value).map_or(NO_ARM, |arm| arm as u8)).collect();
    Ok((distinct.iter().map(|&value| spell_number(value)).collect(), arm))
}

/// Arms of a category column, by name.
fn level_arms(
    column: &Column,
    codes: &[u32],
    levels: &[String],
    limit: usize,
) -> Result<(Vec<String>, Vec<u8>), RoleError> {
    let mut is_used = vec![false; levels.len()];
    codes
        .iter()
        .filter(|&&code| code != MISSING_CODE)
        .for_each(|&code| is_used[code as usize] = true);
    let mut used: Vec<usize> = (0..levels.len()).filter(|&code| is_used[code]).collect();
    if used.len() > limit {
        return Err(RoleError::ManyArms { column: column.name.clone(), limit });
    }
    used.sort_unstable_by_key(|&code| &levels[code]);
    let mut arm_of_code = vec![NO_ARM; levels.len()];
    for (arm, &code) in used.iter().enumerate() {
        arm_of_code[code] = arm as u8;
    }
    let arm = codes.iter().map(|&code| arm_of_code.get(code as usize).copied().unwrap_or(NO_ARM));
    Ok((used.iter().map(|&code| levels[code].clone()).collect(), arm.collect()))
}

/// Moves the control arm to the front.
fn control_first(
    column: &Column,
    mut names: Vec<String>,
    mut arm: Vec<u8>,
    control: Option<&str>,
) -> Result<Arms, RoleError> {
    if names.len() > 1 {
        let at = find_control(column, &names, control)?;
        names[..=at].rotate_right(1);
        let moved = |arm: u8| match usize::from(arm) {
            old if arm == NO_ARM || old > at => arm,
            old if old == at => 0,
            _ => arm + 1,
        };
        for arm in &mut arm {
            *arm = moved(*arm);
        }
    }
    Ok(Arms { names, arm })
}

/// Returns the position of the arm that was named, or of the only one that looks like control.
fn find_control(
    column: &Column,
    names: &[String],
    control: Option<&str>,
) -> Result<usize, RoleError> {
    if let Some(control) = control {
        let number = control.trim().parse::<f64>().ok().map(spell_number);
        let is_it = |name: &String| name == control.trim() || Some(name) == number.as_ref();
        return names.iter().position(is_it).ok_or_else(|| RoleError::UnknownControl {
            column: column.name.clone(),
            control: control.to_owned(),
            arms: names.to_vec(),
        });
    }
    let looks_like_control =
        |name: &str| CONTROL_NAMES.contains(&name.trim().to_lowercase().as_str());
    let mut matches = (0..names.len()).filter(|&arm| looks_like_control(&names[arm]));
    match (matches.next(), matches.next()) {
        (Some(only), None) => Ok(only),
        _ => Err(RoleError::NoControl { column: column.name.clone(), arms: names.to_vec() }),
    }
}
