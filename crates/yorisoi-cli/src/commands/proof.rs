//! `yorisoi proof`: does our help help? The holdout's answer, from the ledger.

use unicode_width::UnicodeWidthStr as _;
use yorisoi_app::{Caller, ProofView, Proven, Ranged, Role};

use crate::args::ProofArgs;
use crate::commands::serve::{open, refused, runtime, settled};
use crate::failure::{Exit, Failure};
use crate::lang::Lang;
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
        output::print(said(&proof, session.lang))?;
    }
    let is_refused = args.require_proof && proof.proven != Proven::Proven;
    Ok(if is_refused { Exit::NotProven } else { Exit::Ok })
}

/// What the proof says, and what it rests on.
fn said(proof: &ProofView, lang: Lang) -> String {
    let pick = |en: &'static str, ja: &'static str| lang.pick(en, ja);
    let households = pick("households, mean", "世帯、平均");
    let side = |n, mean| format!("{n} {households} {}", shown(mean));
    let rows = [
        (pick("programme", "企画"), proof.programme.clone()),
        (pick("outcome", "結果"), proof.outcome.clone()),
        (pick("may be helped", "働きかける世帯"), side(proof.ratio.treated, &proof.treated_mean)),
        (pick("held out", "対照群"), side(proof.ratio.held_out, &proof.held_out_mean)),
        (pick("difference", "差"), shown(&proof.effect)),
        (pick("holds", "見守り"), format!("{} / {}", proof.holds, proof.decisions)),
    ];
    let alarm = pick(
        "ALARM: people were not dealt as they should be",
        "警告: 割り付けの割合が決めたとおりではありません",
    );
    let alarm = if proof.ratio.alarm { format!("\n  {alarm}\n") } else { String::new() };
    let width = rows.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
    let line = |(name, value): &(&str, String)| {
        format!("  {name}{}  {value}\n", " ".repeat(width - name.width()))
    };
    format!(
        "{}\n\n{}{alarm}",
        lang.pick(&proof.words.en, &proof.words.ja),
        rows.iter().map(line).collect::<String>()
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
