//! `yorisoi ledger`: is the ledger whole, does it decide the same again, is there a copy, can it be had back?

use std::io::BufReader;
use std::path::{Path, PathBuf};

use serde_json::json;
use yorisoi_app::{App, Caller, Replayed, Role};
use yorisoi_decision::ClientId;
use yorisoi_ledger::{KeysAre, Ledger, LedgerError, Rebuilt};

use crate::args::{LedgerArgs, LedgerTask};
use crate::commands::ledger_export;
use crate::commands::serve::{open, refused, runtime, settled};
use crate::failure::{Exit, Failure};
use crate::output;
use crate::session::Session;

/// Does one task on the ledger.
///
/// # Errors
///
/// A [`Failure`] where the ledger, the file or the client cannot be used.
pub(crate) fn run(args: &LedgerArgs, session: &Session) -> Result<Exit, Failure> {
    if args.study && args.task != LedgerTask::Export {
        return Err(Failure::usage(
            "`--study` goes with `ledger export` only",
            "`--study` は `ledger export` でだけ使えます",
        ));
    }
    let settings = settled(&args.place)?.settings;
    if args.task == LedgerTask::Restore {
        let path = target(args, "FILE")?;
        return restore(&settings.place(), &path, session);
    }
    let app = open(&settings)?;
    match args.task {
        LedgerTask::Verify => verify(&app, session),
        LedgerTask::Rebuild => {
            let done = app.ledger().rebuild_and_compare().map_err(broken)?;
            let data = json!({ "folded": done.entries, "unchanged": done.unchanged });
            tell(session, &data, &folded(done))
        }
        LedgerTask::Export if args.study => ledger_export::study(&app, args, session),
        LedgerTask::Export => ledger_export::entries(&app, args.target.as_deref(), session),
        LedgerTask::Backup => {
            let path = target(args, "FILE")?;
            refuse_existing(&path)?;
            let entries = app.ledger().backup(&path).map_err(broken)?;
            let file = path.display().to_string();
            tell(session, &json!({ "entries": entries, "file": file }), &copied(entries, &file))
        }
        LedgerTask::Erase => erase(&app, &target(args, "CLIENT")?, session),
        LedgerTask::Replay => replay(&app, session),
        LedgerTask::Restore => Ok(Exit::Ok),
    }
}

/// Two texts, English first.
pub(crate) type Said = (String, String);

fn folded(done: Rebuilt) -> Said {
    let entries = done.entries;
    let (en, ja) = if done.unchanged {
        ("nothing is different", "内容に変わりはありません")
    } else {
        (
            "what was kept before was different and is replaced",
            "以前の状態には誤りがあり、置き換えました",
        )
    };
    (
        format!("{entries} entries folded anew; {en}\n"),
        format!("{entries} 件の記録から現在の状態を作り直しました。{ja}\n"),
    )
}

fn copied(entries: u64, file: &str) -> Said {
    (
        format!("{entries} entries copied to {file}; the keys are not in it\n"),
        format!("{entries} 件の記録を {file} に写しました（鍵は含まれません）\n"),
    )
}

pub(crate) fn tell(
    session: &Session,
    data: &serde_json::Value,
    said: &Said,
) -> Result<Exit, Failure> {
    if session.is_json {
        output::print(format!("{data}\n"))?;
    } else {
        output::print(session.lang.pick(&said.0, &said.1))?;
    }
    Ok(Exit::Ok)
}

fn target(args: &LedgerArgs, what: &str) -> Result<PathBuf, Failure> {
    args.target.clone().ok_or_else(|| {
        Failure::usage(
            format!("`ledger {}` needs {what} behind it", args.task.as_str()),
            format!("`ledger {}` には {what} の指定が必要です", args.task.as_str()),
        )
    })
}

pub(crate) fn refuse_existing(path: &Path) -> Result<(), Failure> {
    if !path.exists() {
        return Ok(());
    }
    let name = path.display();
    Err(Failure::input(
        format!("`{name}` is there already; name a new file"),
        format!("`{name}` はすでにあります。新しいファイル名を指定してください"),
    ))
}

/// A broken chain is an answer: it is printed, and the exit code says that something is wrong.
fn verify(app: &App, session: &Session) -> Result<Exit, Failure> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let found = app.ledger().verify(threads).map_err(broken)?;
    if session.is_json {
        let data = serde_json::to_string(&found)
            .map_err(|error| Failure::internal(error.to_string(), error.to_string()))?;
        output::print(data + "\n")?;
    } else {
        let (n, head) = (found.entries, &found.head);
        let said = if found.is_sound() {
            (
                format!("whole: {n} entries, head {head}\n"),
                format!("問題ありません: {n} 件、末尾のハッシュ {head}\n"),
            )
        } else {
            (format!("BROKEN: {n} entries\n"), format!("壊れています: {n} 件\n"))
        };
        output::print(session.lang.pick(&said.0, &said.1))?;
        for fault in &found.faults {
            let what = fault.what.words();
            output::print(format!("  {}: {}\n", fault.seq, session.lang.pick(&what.en, &what.ja)))?;
        }
    }
    Ok(if found.is_sound() { Exit::Ok } else { Exit::NotProven })
}

/// A decision that comes out otherwise is an answer too, and the exit code says that something is wrong.
fn replay(app: &App, session: &Session) -> Result<Exit, Failure> {
    let analyst = Caller { role: Role::Analyst, ..console() };
    let done = runtime()?.block_on(app.replay_log(&analyst)).map_err(refused)?;
    let first = done.different.first();
    let Replayed { decisions, erased, different } = &done;
    let data = json!({
        "decisions": decisions, "erased": erased, "different": different.len(), "first_different": first,
    });
    tell(session, &data, &replayed(&done))?;
    Ok(if first.is_none() { Exit::Ok } else { Exit::NotProven })
}

fn replayed(done: &Replayed) -> Said {
    let Replayed { decisions, erased, different } = done;
    let (en, ja) = match different.first() {
        None => (
            format!("the same, byte for byte: {decisions} decisions made again\n"),
            format!(
                "すべて一致しました: {decisions} 件の判断を再現し、1 バイトの違いもありません\n"
            ),
        ),
        Some(first) => {
            let n = different.len();
            (
                format!(
                    "DIFFERENT: {n} of {decisions} decisions come out otherwise, first {first}\n"
                ),
                format!(
                    "一致しません: {decisions} 件のうち {n} 件の判断を再現できません（最初は {first}）\n"
                ),
            )
        }
    };
    if *erased == 0 {
        return (en, ja);
    }
    (
        format!("{en}  {erased} of people who were erased cannot be made again\n"),
        format!("{ja}  消去された方の {erased} 件は再現できません\n"),
    )
}

#[expect(clippy::disallowed_methods, reason = "the outermost layer opens files")]
fn restore(place: &yorisoi_ledger::Place, path: &Path, session: &Session) -> Result<Exit, Failure> {
    let name = path.display();
    let file = std::fs::File::open(path).map_err(|error| {
        Failure::input(
            format!("cannot read `{name}`: {error}"),
            format!("`{name}` を読めません: {error}"),
        )
    })?;
    let ledger = Ledger::restore(place, BufReader::new(file), KeysAre::There).map_err(broken)?;
    let entries = ledger.read_now(|books| Ok::<_, LedgerError>(books.newest())).map_err(broken)?;
    let said = (
        format!("{entries} entries restored and verified\n"),
        format!("{entries} 件の記録を戻し、検証しました\n"),
    );
    tell(session, &json!({ "entries": entries }), &said)
}

fn erase(app: &App, client: &Path, session: &Session) -> Result<Exit, Failure> {
    let name = client.to_string_lossy().into_owned();
    let client = ClientId::new(name)
        .map_err(|error| Failure::usage(error.to_string(), error.to_string()))?;
    let done = runtime()?.block_on(app.erase_person(&console(), &client)).map_err(refused)?;
    let said = (
        format!("{client} is forgotten; the key is destroyed (entry {})\n", done.seq),
        format!("{client} を消去しました。鍵は破棄されています（記録 {}）\n", done.seq),
    );
    tell(session, &json!({ "client": client, "seq": done.seq }), &said)
}

/// Whoever can open the folder is the house's own hand.
pub(crate) fn console() -> Caller {
    Caller { token: "console".to_owned(), role: Role::Privacy, team: None, agent: None }
}

pub(crate) fn broken(error: LedgerError) -> Failure {
    refused(error.into())
}
