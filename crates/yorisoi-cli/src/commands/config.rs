//! `yorisoi config check`: which settings hold, and where does each come from?

use crate::args::ConfigArgs;
use crate::commands::serve::settled;
use crate::failure::{Exit, Failure};
use crate::output;
use crate::session::Session;

/// Prints every setting with its value and origin. Secrets are blotted out.
///
/// # Errors
///
/// A [`Failure`] that names the setting that is wrong.
pub(crate) fn run(args: &ConfigArgs, session: &Session) -> Result<Exit, Failure> {
    let settled = settled(&args.place)?;
    let explained = settled.explained();
    if session.is_json {
        let rows: Vec<serde_json::Value> = explained
            .iter()
            .map(|it| {
                serde_json::json!({
                    "setting": it.name, "value": it.value, "origin": it.origin.to_string(),
                    "meaning": it.meaning,
                })
            })
            .collect();
        output::print(serde_json::Value::from(rows).to_string() + "\n")?;
        return Ok(Exit::Ok);
    }
    let width = explained.iter().map(|it| it.name.len()).max().unwrap_or(0);
    for it in &explained {
        output::print(format!("{:width$} = {}  ({})\n", it.name, it.value, it.origin))?;
    }
    for name in &settled.unused {
        session.tell(
            &format!("warning: the environment variable `{name}` is no setting"),
            &format!("注意: 環境変数 `{name}` に当たる設定はありません"),
        );
    }
    Ok(Exit::Ok)
}
