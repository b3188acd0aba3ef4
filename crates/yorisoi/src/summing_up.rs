//! How do the findings become a summary?

use yorisoi_data::{Arms, Dataset, Notice, Roles, Table, Treatment, TreatmentKind};
use yorisoi_effects::{ArmTuning, EffectModel, Sampling};
use yorisoi_evaluation::{Group, Limits, RateOptions, verdict};

use crate::describe::{Everyone, balances, overlaps, projections};
use crate::dosage;
use crate::dose_words;
use crate::error::StudyError;
use crate::judge::JudgedArm;
use crate::options::StudyOptions;
use crate::planning::{Bounds, PlanTable, SLEEPING_DOG_FDR};
use crate::pricing::Pricing;
use crate::profile::profiles;
use crate::proof::{OverSplits, Proof};
use crate::readable_tree::ReadableTree;
use crate::rows::EffectRows;
use crate::spread::spread;
use crate::summary::{
    Arm, Calibration, Curve, CurvePoint, Data, Groups, Rate, Summary, Tenth, Verdict, Words,
};
use crate::value::value;
use crate::worth::{Judge, worth};

/// Version of the summary's contract.
const FORMAT: u32 = 1;

/// What a study has found, before it is put into words.
pub(crate) struct Findings<'a> {
    pub(crate) table: &'a Table,
    pub(crate) roles: &'a Roles,
    pub(crate) data: &'a Dataset,
    pub(crate) arms: &'a Arms,
    pub(crate) options: &'a StudyOptions,
    pub(crate) model: &'a EffectModel,
    /// How the model's forests were tuned; `None` for a model that came as a file.
    pub(crate) tuning: Option<&'a [ArmTuning]>,
    pub(crate) proof: &'a Proof,
    pub(crate) tree: Option<&'a ReadableTree>,
    pub(crate) effects: &'a EffectRows,
    pub(crate) plan: &'a PlanTable,
    pub(crate) pricing: &'a Pricing,
    pub(crate) bounds: Bounds,
}

/// Returns the summary.
///
/// # Errors
///
/// A [`StudyError`] other than that of too few rows, which leaves gaps instead.
pub(crate) fn sum_up(findings: &Findings<'_>) -> Result<Summary, StudyError> {
    let Findings { table, data, proof, effects, .. } = findings;
    let (bench, judged) = (&proof.bench, &proof.judged);
    let binner = findings.model.binner();
    let features = &binner.names;
    let importance = findings.model.importance();
    let judge = Judge {
        bench,
        pricing: findings.pricing,
        bounds: findings.bounds,
        n_used: data.n_units(),
        seed: findings.options.effects.seed,
    };
    let by_arm = || effects.arms.iter().zip(&effects.effects.arms);
    let sampling = sampling(data)?;
    let everyone = Everyone {
        source_row: &data.source_row,
        arm_names: &findings.arms.names,
        arm: &findings.arms.arm,
        dose: match &data.treatment {
            Treatment::Dose(dose) => Some(dose),
            Treatment::Arms(_) => None,
        },
        nuisances: &proof.nuisances,
        sampling: &sampling,
    };
    Ok(Summary {
        format: FORMAT,
        data: data_of(findings),
        verdict: verdict_of(findings),
        arms: arms_of(findings),
        balance: balances(table, features, &everyone)?,
        overlap: overlaps(bench, judged, &data.propensity),
        rate: rates(&effects.arms, &proof.arms),
        curves: curves(&effects.arms, &judged.arms),
        calibration: calibrations(&effects.arms, &judged.arms),
        best_linear_projection: projections(bench, table, &data.source_row, features, &importance)?,
        groups: groups(&effects.arms, findings.plan),
        profiles: by_arm()
            .flat_map(|(arm, of_arm)| {
                profiles(arm, &of_arm.tau_hat, &data.source_row, table, features)
            })
            .collect(),
        policy_tree: match findings.tree {
            Some(tree) => tree.tell(bench, &data.features, binner)?,
            None => None,
        },
        effects: by_arm()
            .zip(&importance)
            .map(|((arm, of_arm), importance)| spread(arm, of_arm, features, importance))
            .collect(),
        plan: worth(findings.plan, &findings.options.plan, &judge)?,
        settings: settings(findings),
        timings: Vec::new(),
    })
}

fn sampling(data: &Dataset) -> Result<Sampling<'_>, StudyError> {
    let mut sampling = Sampling::equal(data.n_units());
    if let Some(weights) = &data.weights {
        sampling = sampling.with_weights(weights)?;
    }
    if let Some(clusters) = &data.clusters {
        sampling = sampling.with_clusters(clusters)?;
    }
    Ok(sampling)
}

fn data_of(findings: &Findings<'_>) -> Data {
    let Findings { table, roles, data, proof, .. } = findings;
    let mut notices = data.notices.clone();
    notices.extend(own_notices(findings));
    let dose = dosage::summary(data, proof, findings.plan.out_of_range.as_deref());
    if let Some(dose) = &dose {
        notices.extend(dose_words::notices(dose, &roles.treatment, &findings.arms.names[1]));
    }
    Data {
        name: findings.options.name.clone(),
        rows: table.n_rows(),
        used_rows: data.n_units(),
        train_rows: proof.train_rows,
        heldout_rows: proof.held_out_rows,
        clusters: data
            .clusters
            .as_ref()
            .map(|ids| ids.iter().max().map_or(0, |&last| last as usize + 1)),
        fingerprint: data.fingerprint.clone(),
        treatment: roles.treatment.clone(),
        outcome: roles.outcome.clone(),
        better: roles.better,
        dose,
        outcome_is_binary: data.is_yes_or_no(),
        features: findings.model.binner().names.clone(),
        dropped: data.dropped.clone(),
        notices,
    }
}

/// Returns what the study itself has to say besides the data's warnings.
fn own_notices(findings: &Findings<'_>) -> Vec<Notice> {
    let notice =
        |code: &str, en: String, ja: String| Notice { code: code.to_owned(), column: None, en, ja };
    let mut notices = Vec::new();
    let n_splits = findings.proof.n_splits;
    if n_splits > 1 {
        notices.push(notice(
            "split.repeated",
            format!(
                "averages, AUTOC and Qini are medians over {n_splits} splits into learning and judging; \
                 curves, plan and model are those of the first"
            ),
            format!(
                "平均、AUTOC、Qini は学習と検証の分け方を {n_splits} 通り試した中央値です。\
                 曲線、計画、モデルは最初の分け方のものです"
            ),
        ));
    }
    let bench = &findings.proof.bench;
    if bench.share_trimmed > 0.0 {
        notices.push(trimmed_notice(bench.share_trimmed));
    }
    if bench.is_weighted() {
        notices.push(notice(
            "plan.rows_alone",
            "weights count in every estimate but the plan's: its gain, money and people are those of these \
             rows, each counted once"
                .to_owned(),
            "重みはすべての推定に使いますが、計画は別です。計画の効果・費用・人数は、各行を1人と数えた値です".to_owned(),
        ));
    }
    if !findings.pricing.is_priced {
        notices.push(notice(
            "plan.no_costs",
            "no costs were given: every offer counts 1, so that money means people".to_owned(),
            "費用の指定がないため、1回の提案を1と数えます。金額は人数と読んでください".to_owned(),
        ));
    }
    notices
}

/// Says of whom a plan's gain does not speak.
fn trimmed_notice(share: f64) -> Notice {
    let percent = format!("{:.1} %", 100.0 * share);
    Notice::new(
        "trim.gain",
        None,
        format!(
            "`--trim` left out {percent} of the rows kept for judging, to whom nobody can be compared: averages, \
             verdict, the plan's gain and its budget curve speak of the others only, its money and people of everyone"
        ),
        format!(
            "`--trim` により、検証用の行のうち比べる相手のいない {percent} を除きました。平均、判定、計画の効果、予算曲線は\
             残りの人についての値で、計画の費用と人数は全員についての値です"
        ),
    )
}

fn verdict_of(findings: &Findings<'_>) -> Verdict {
    let (treatment, mut facts) = (&findings.roles.treatment, findings.proof.facts.clone());
    let is_dose = findings.proof.bench.dosage.is_some();
    if is_dose {
        facts.arms.iter_mut().for_each(|arm| arm.name = dose_words::name(treatment, &arm.name));
    }
    let mut found = verdict(&facts, &Limits::default());
    if is_dose {
        found = dose_words::verdict(found, treatment);
    }
    Verdict {
        proven: found.proven,
        code: found.code.to_owned(),
        en: found.en,
        ja: found.ja,
        decided_by: found.decided_by.as_ref().map(value),
        decided_by_name: found.decided_by_name.map(|name| Words { en: name.en, ja: name.ja }),
    }
}

fn arms_of(findings: &Findings<'_>) -> Vec<Arm> {
    let Findings { data, arms, proof, roles, .. } = findings;
    let is_binary = data.is_yes_or_no();
    let mut rows = vec![0_usize; arms.names.len()];
    // Of outcomes, each by its weight, and of weights.
    let mut sums = vec![[0.0; 2]; arms.names.len()];
    let is_dose = proof.bench.dosage.is_some();
    for (unit, (&arm, y)) in arms.arm.iter().zip(&data.outcome).enumerate() {
        let weight = data.weight(unit);
        rows[usize::from(arm)] += 1;
        sums[usize::from(arm)][0] += weight * y;
        sums[usize::from(arm)][1] += weight;
    }
    let arm = |(k, name): (usize, &String)| {
        let over = k.checked_sub(1).map(|at| (&proof.arms[at], &proof.judged.arms[at]));
        Arm {
            arm: name.clone(),
            rows: rows[k],
            // Nobody got "one unit more".
            mean_outcome: if is_dose && k > 0 {
                f64::NAN
            } else {
                // Not a number where nobody has the arm.
                roles.better.turned(sums[k][0] / sums[k][1], is_binary)
            },
            ate: over.and_then(|(over, _)| over.ate.as_ref().map(value)),
            att: over.and_then(|(over, _)| over.att.as_ref().map(value)),
            ato: over.and_then(|(over, _)| over.ato.as_ref().map(value)),
            difference: over.and_then(|(_, judged)| judged.difference.as_ref().map(value)),
        }
    };
    arms.names.iter().enumerate().map(arm).collect()
}

fn rates(names: &[String], arms: &[OverSplits]) -> Vec<Rate> {
    let of_arm = |(name, arm): (&String, &OverSplits)| {
        let rate = |(target, estimate): (&str, Option<yorisoi_data::Estimate>)| {
            let value = value(&estimate?);
            Some(Rate { arm: name.clone(), target: target.to_owned(), value })
        };
        [("autoc", arm.autoc), ("qini", arm.qini)].map(rate)
    };
    names.iter().zip(arms).flat_map(of_arm).flatten().collect()
}

fn curves(names: &[String], arms: &[JudgedArm]) -> Vec<Curve> {
    let point = |point: &yorisoi_evaluation::CurvePoint| CurvePoint {
        share: point.share,
        estimate: point.estimate,
        low: point.low,
        high: point.high,
    };
    let of_arm = |(name, arm): (&String, &JudgedArm)| {
        let curve = |kind: &str, points: &[yorisoi_evaluation::CurvePoint]| Curve {
            arm: name.clone(),
            kind: kind.to_owned(),
            points: points.iter().map(point).collect(),
        };
        let rate = arm.rate.as_ref();
        rate.map(|rate| [curve("toc", &rate.toc), curve("qini", &rate.qini_curve)])
    };
    names.iter().zip(arms).filter_map(of_arm).flatten().collect()
}

/// Returns the calibration of every arm that has one; an arm whose effects are all alike has none.
fn calibrations(names: &[String], arms: &[JudgedArm]) -> Vec<Calibration> {
    let of_arm = |(name, arm): (&String, &JudgedArm)| {
        let (found, cells) = (arm.calibration?, arm.tenths.as_ref()?);
        let tenth = |cell: &yorisoi_evaluation::Cell| Tenth {
            tenth: cell.cell,
            predicted: cell.predicted,
            found: value(&cell.found),
        };
        Some(Calibration {
            arm: name.clone(),
            mean: value(&found.mean?),
            differential: value(&found.differential?),
            p_value: found.p_value?,
            tenths: cells.cells.iter().map(tenth).collect(),
        })
    };
    names.iter().zip(arms).filter_map(of_arm).collect()
}

fn groups(names: &[String], plan: &PlanTable) -> Vec<Groups> {
    let of_arm = |(name, groups): (&String, &Vec<Group>)| {
        let share = |of: Group| {
            groups.iter().filter(|&&group| group == of).count() as f64 / groups.len().max(1) as f64
        };
        Groups {
            arm: name.clone(),
            persuadable: share(Group::Persuadable),
            no_effect: share(Group::NoEffect),
            sleeping_dog: share(Group::SleepingDog),
            undecided: share(Group::Undecided),
            sleeping_dog_fdr: SLEEPING_DOG_FDR,
        }
    };
    names.iter().zip(&plan.groups).map(of_arm).collect()
}

/// Returns every setting by name, defaults resolved. A model that came as a file was learned with its own
/// settings: here stand those of the judging alone, on every row.
fn settings(findings: &Findings<'_>) -> serde_json::Value {
    let Findings { options, proof, data, .. } = findings;
    let mut settings = serde_json::json!({
        "version": env!("CARGO_PKG_VERSION"),
        "seed": options.effects.seed,
        "columns": findings.roles,
        "held_out_share": findings.tuning.map_or(1.0, |_| options.held_out.of(data.n_units())),
        "repeats": proof.n_splits,
        "trim": options.trim,
        "half_samples": RateOptions::default().replicates,
        "better": findings.roles.better,
        "plan": options.plan,
        "bounds": findings.bounds,
    });
    if let Some(tuning) = findings.tuning {
        settings["effects"] = serde_json::json!(options.effects);
        settings["tuning"] = serde_json::json!(tuning);
        settings["max_bins"] = serde_json::json!(options.dataset.binner.max_bins);
        settings["is_dose"] = serde_json::json!(options.dataset.treatment == TreatmentKind::Dose);
    }
    settings
}
