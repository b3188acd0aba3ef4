//! `yorisoi world`: a made-up table with known truth, to rehearse with.

use yorisoi_testkit::{Size, WorldKind, to_table, truth_table};

use crate::args::WorldArgs;
use crate::failure::{Exit, Failure};
use crate::session::Session;
use crate::{output, table_csv};

/// Writes a world to standard output as CSV, or lists the worlds there are.
///
/// # Errors
///
/// A [`Failure`] of the usage kind for an unknown world.
pub(crate) fn run(args: &WorldArgs, session: &Session) -> Result<Exit, Failure> {
    let Some(name) = &args.world else {
        let names = WorldKind::ALL.map(WorldKind::name);
        output::print(if session.is_json {
            serde_json::json!(names).to_string() + "\n"
        } else {
            names.map(|name| format!("{name}\n")).concat()
        })?;
        return Ok(Exit::Ok);
    };
    let kind: WorldKind = name.parse().map_err(|_| unknown(name))?;
    let world = kind.generate(Size::new(args.rows as usize, args.seed));
    let (table, truth) = (to_table(&world), truth_table(&world));
    let tables = if args.truth { vec![&table, &truth] } else { vec![&table] };
    output::stream(|out| table_csv::write(out, &tables))?;
    Ok(Exit::Ok)
}

fn unknown(name: &str) -> Failure {
    let known = WorldKind::ALL.map(WorldKind::name).join(", ");
    Failure::usage(
        format!("no world is called `{name}`"),
        format!("`{name}` という名前の世界はありません"),
    )
    .hint(format!("the worlds are {known}"), format!("次の世界があります: {known}"))
}
