//! `yorisoi effects`: effects of new rows with a model.

use std::io::BufWriter;

use serde_json::json;
use yorisoi::data::Progress as _;
use yorisoi::files::write_effects;

use crate::args::EffectsArgs;
use crate::commands::study;
use crate::failure::{Exit, Failure};
use crate::session::Session;
use crate::staging::Staging;
use crate::terminal::count;
use crate::{input, model_file, output};

/// Estimates effects and writes them as Parquet.
///
/// # Errors
///
/// A [`Failure`]; then nothing was written.
pub(crate) fn run(args: &EffectsArgs, session: &Session) -> Result<Exit, Failure> {
    let to_stdout = input::is_stdin(&args.out);
    let staging = if to_stdout { None } else { Some(Staging::for_file(&args.out)?) };
    let model = model_file::read(&args.model)?;
    let columns = Some(model.binner().names.clone());
    let input = input::table(&args.table, columns, &session.bars)?;
    let rows = yorisoi::score(&model, &input.table, &session.bars)
        .map_err(|error| Failure::from(error).in_file(&input.name))?;
    session.bars.stage("write", 0);
    let Some(staging) = staging else {
        let mut bytes = Vec::new();
        write_effects(&mut bytes, &rows).map_err(|error| study::cannot_write(&error))?;
        session.timings();
        output::print(bytes)?;
        return Ok(Exit::Ok);
    };
    let file = BufWriter::new(staging.create("effects")?);
    write_effects(file, &rows).map_err(|error| study::cannot_write(&error))?;
    staging.commit_file("effects", &args.out)?;
    let timings = session.timings();
    session.warn(&input.notices);
    let out = args.out.display();
    if session.is_json {
        let told = json!({
            "effects": out.to_string(), "rows": rows.n_rows(), "arms": rows.arms,
            "learned_from": model.origin(), "timings": timings,
        });
        output::print(study::json(&told)?)?;
    }
    let n_rows = count(rows.n_rows());
    session.tell(&format!("effects of {n_rows} rows: {out}"), &format!("{n_rows} 行の効果: {out}"));
    Ok(Exit::Ok)
}
