//! Is anything lost that was acknowledged, when the program is killed in the middle of load?
//!
//! A child process writes with eight threads and says on its output what was acknowledged; the parent kills it
//! after a short while, without warning, opens the ledger, and looks. 20 kills in a test run; `YORISOI_KILLS=200`
//! makes it two hundred.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::common::{Result, action, added, read, reserved};
use yorisoi_ledger::{Ledger, LedgerError, Place};

const FOLDER: &str = "YORISOI_KILL_FOLDER";

/// Units there are: the child's callers must never take more, however often it is killed.
const UNITS: u64 = 300;

/// The child. It does nothing unless the parent asks for it.
#[test]
fn the_child_writes_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let ledger = Ledger::open(&Place::Folder(folder.into())).unwrap();
    let run = std::process::id();
    std::thread::scope(|scope| {
        for caller in 0..8 {
            let ledger = &ledger;
            scope.spawn(move || {
                for n in 0_u64.. {
                    let name = format!("{run}-{caller}-{n}");
                    let seq = write_one(ledger, &name).unwrap();
                    // One call, one line: what is killed in the middle of it is not acknowledged.
                    let line = format!("ack {name} {seq}\n");
                    std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
                }
            });
        }
    });
}

/// Adds a client and takes a unit for them, if there is one.
fn write_one(ledger: &Ledger, name: &str) -> Result<u64> {
    let name = name.to_owned();
    ledger.write_now(move |books| {
        let at = books.sound_time(jiff::Timestamp::UNIX_EPOCH).unwrap_or(crate::common::at(0));
        let mut draft = added(0, &name);
        draft.at = at;
        let entry = books.append(draft)?;
        let day = jiff::civil::date(2026, 2, 2);
        let used = books.capacity(day, None)?.used.get(&action("gift")).copied().unwrap_or(0);
        if used < UNITS {
            let mut draft = reserved(0, &format!("d-{name}"), &name, "gift");
            draft.at = at;
            books.append(draft)?;
        }
        Ok::<_, LedgerError>(entry.seq)
    })
}

#[test]
fn nothing_acknowledged_is_lost_when_the_program_is_killed() {
    let kills: u32 = std::env::var("YORISOI_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(20);
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged = BTreeMap::new();
    let mut killed_at_work = 0;
    for kill in 0..kills {
        // Between a few writes and a few hundred.
        let patience = Duration::from_millis(20 + u64::from(kill * 37 % 180));
        let acks = write_and_kill(folder.path(), patience);
        killed_at_work += u32::from(!acks.is_empty());
        acknowledged.extend(acks);
        check(folder.path(), &acknowledged);
    }
    assert!(killed_at_work * 10 >= kills * 9, "{killed_at_work} of {kills} kills met work");
}

fn write_and_kill(folder: &Path, patience: Duration) -> Vec<(String, u64)> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kills::the_child_writes_until_it_is_killed", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let out = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        let (first, mut acks) = (std::time::Instant::now(), Vec::new());
        for line in BufReader::new(out).lines().map_while(std::result::Result::ok) {
            let mut words = line.split(' ').skip_while(|word| *word != "ack").skip(1);
            if let (Some(name), Some(Ok(seq))) = (words.next(), words.next().map(str::parse)) {
                acks.push((name.to_owned(), seq));
            }
        }
        (first, acks)
    });
    // The load begins when the ledger is open; before that there is nothing to kill.
    std::thread::sleep(Duration::from_millis(150) + patience);
    // SIGKILL, which nothing can catch.
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap().1
}

fn check(folder: &Path, acknowledged: &BTreeMap<String, u64>) {
    let ledger = Ledger::open(&Place::Folder(folder.to_owned())).unwrap();
    let found = ledger.verify(2).unwrap();
    assert!(found.is_sound(), "{found:?}");
    let newest = acknowledged.values().max().copied().unwrap_or(0);
    assert!(found.entries >= newest, "{} entries, {newest} acknowledged", found.entries);
    let asked = acknowledged.clone();
    let lost = read(&ledger, move |books| {
        let mut lost = Vec::new();
        for (name, seq) in asked {
            let entry = books.entry(seq)?;
            if entry.and_then(|it| it.client).is_none_or(|it| it.as_str() != name) {
                lost.push((name, seq));
            }
        }
        Ok(lost)
    });
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    let capacity = read(&ledger, |books| books.capacity(jiff::civil::date(2026, 2, 2), None));
    assert!(capacity.used.get(&action("gift")).copied().unwrap_or(0) <= UNITS);
}
