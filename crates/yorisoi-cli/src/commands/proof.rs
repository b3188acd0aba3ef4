//! `yorisoi proof`: does our help help? The holdout's answer, from the ledger.

use yorisoi_app::{Caller, ProofView, Proven, Ranged, Role};

use crate::args::ProofArgs;
use crate::commands::serve::{open, refused, runtime, settled};
use crate::failure::{Exit, Failure};
use crate::output;
use crate::session::Session;

/// Prints the proof as of now.
///
/// # Errors
///
/// A [`Failure`] where the ledger cannot be used or no policy is published.
pub(crate) fn run(args: &ProofArgs, session: &Session) -> Result<Exit, Failure> {
    let app = open(&settled(&args.place)?.settings)?;
    let lead = Caller { token: "console".to_owned(), role: Role::Lead, team: None, agent: None };
    let proof = runtime()?.block_on(app.proof(&lead)).map_err(refused)?;
    if session.is_json {
        let text = serde_json::to_string(&proof)
            .map_err(|error| Failure::internal(error.to_string(), error.to_string()))?;
        output::print(text + "\n")?;
    } else {
        output::print(session.lang.pick(&english(&proof), &japanese(&proof)))?;
    }
    let is_refused = args.require_proof && proof.proven != Proven::Proven;
    Ok(if is_refused { Exit::NotProven } else { Exit::Ok })
}

fn english(proof: &ProofView) -> String {
    let alarm =
        if proof.ratio.alarm { "  ALARM: people were not dealt as they should be" } else { "" };
    format!(
        "{}\n\n  programme {}, outcome {}\n  may be helped  {} households, mean {}\n  held out       {} \
         households, mean {}\n  difference     {}\n  holds          {} of {} decisions\n{alarm}\n",
        proof.words.en,
        proof.programme,
        proof.outcome,
        proof.ratio.treated,
        shown(&proof.treated_mean),
        proof.ratio.held_out,
        shown(&proof.held_out_mean),
        shown(&proof.effect),
        proof.holds,
        proof.decisions,
    )
}

fn japanese(proof: &ProofView) -> String {
    let alarm = if proof.ratio.alarm {
        "  警告: 割り付けの割合が決めたとおりではありません"
    } else {
        ""
    };
    format!(
        "{}\n\n  企画 {}、結果 {}\n  働きかける世帯  {} 世帯、平均 {}\n  対照群          {} 世帯、平均 {}\n  \
         差              {}\n  見守り          {} / {} 件の判断\n{alarm}\n",
        proof.words.ja,
        proof.programme,
        proof.outcome,
        proof.ratio.treated,
        shown(&proof.treated_mean),
        proof.ratio.held_out,
        shown(&proof.held_out_mean),
        shown(&proof.effect),
        proof.holds,
        proof.decisions,
    )
}

/// A number with its interval, as far as either is known.
fn shown(range: &Ranged) -> String {
    match (range.estimate, range.low, range.high) {
        (Some(it), Some(low), Some(high)) => format!("{it:.4} [{low:.4}, {high:.4}]"),
        (Some(it), ..) => format!("{it:.4}"),
        _ => "–".to_owned(),
    }
}
