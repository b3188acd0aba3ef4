//! Is the ledger as it was written? Checking every hash of the chain and of the vault.
//!
//! Each entry's hash is stored with it, so that a stretch of the chain is checked against the stored hash before it:
//! the stretches are checked side by side, and if all of them close, so does the chain. Bytes are
//! hashed as they are stored; nothing is written anew.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::books::SILENT_DAYS_MAX;
use crate::chain;
use crate::entry::Body;
use crate::error::LedgerError;
use crate::health::ClockJump;
use crate::ledger::{Ledger, open_reader};
use crate::place::Place;
use crate::store::{Hash, Row, Store, VaultRow};
use crate::wrong::Wrong;

/// Entries read at a time.
const PAGE: usize = 2_000;

/// Faults reported at most: one is enough to know, some help to see where.
const FAULTS_MAX: usize = 100;

/// What a check of the whole ledger found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Verification {
    /// Entries checked.
    pub entries: u64,
    /// Sealed personal parts checked.
    pub sealed: u64,
    /// The newest entry's hash, in hexadecimal. Whoever keeps it elsewhere can later see that nothing was cut
    /// off the end: that alone the chain cannot show.
    pub head: String,
    /// What is wrong, by place; the first hundred.
    pub faults: Vec<Fault>,
    /// Entries more than a month after the one before.
    pub jumps: Vec<ClockJump>,
}

/// Something that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Fault {
    /// The entry.
    pub seq: u64,
    /// What is wrong with it.
    #[schemars(with = "String")]
    pub what: Wrong,
}

impl Verification {
    /// Whether everything is as it was written.
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }
}

impl Ledger {
    /// Checks every entry and every sealed personal part, on up to `threads` threads.
    ///
    /// # Errors
    ///
    /// Only what the store says: what is wrong with the ledger is the answer, not an error. A page that SQLite itself
    /// finds damaged is [`LedgerError::Damaged`].
    pub fn verify(&self, threads: usize) -> Result<Verification, LedgerError> {
        let newest = self.read_now::<_, LedgerError, _>(|books| Ok(books.newest()))?;
        if *self.place() == Place::Memory {
            let stretches: Result<_, LedgerError> = self.read_now(move |books| {
                let chain = check_stretch(books.store(), 0, newest)?;
                Ok(vec![chain, check_behind(books.store())?])
            });
            return Ok(sum_up(stretches?, newest));
        }
        let threads = threads.clamp(1, 64) as u64;
        let length = newest.div_ceil(threads).max(1);
        let place = self.place();
        let found: Vec<Result<Stretch, LedgerError>> = std::thread::scope(|scope| {
            let check = |at: u64| {
                let (from, until) = ((at * length).min(newest), ((at + 1) * length).min(newest));
                let mut store = open_reader(place)?;
                store.begin_reading()?;
                let found = check_stretch(store.as_mut(), from, until);
                store.rollback();
                found
            };
            let handles: Vec<_> = (0..threads).map(|at| scope.spawn(move || check(at))).collect();
            handles
                .into_iter()
                .map(|handle| {
                    handle.join().unwrap_or_else(|panic| {
                        Err(LedgerError::WorkFailed {
                            why: crate::writer::words_of(panic.as_ref()),
                        })
                    })
                })
                .collect()
        });
        let mut stretches: Vec<Stretch> = found.into_iter().collect::<Result<_, _>>()?;
        stretches.push(self.read_now(|books| check_behind(books.store()))?);
        Ok(sum_up(stretches, newest))
    }
}

/// What one stretch of the chain holds.
#[derive(Default)]
struct Stretch {
    entries: u64,
    sealed: u64,
    last: Option<Hash>,
    faults: Vec<Fault>,
    jumps: Vec<ClockJump>,
    /// Sealed parts that are not there: right only if the person was erased.
    missing: Vec<(u64, String)>,
    erased: BTreeSet<String>,
    merged: Vec<(String, String)>,
}

/// What is looked at of an entry.
#[derive(Deserialize)]
struct Face<'a> {
    seq: u64,
    at: Timestamp,
    #[serde(borrow, default)]
    client: Option<Cow<'a, str>>,
    #[serde(borrow)]
    body: Kind<'a>,
    #[serde(borrow, default)]
    personal: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Kind<'a> {
    #[serde(borrow)]
    kind: Cow<'a, str>,
}

/// Checks the entries after `from` up to and including `until`.
fn check_stretch(store: &mut dyn Store, from: u64, until: u64) -> Result<Stretch, LedgerError> {
    let mut stretch = Stretch::default();
    if from >= until {
        return Ok(stretch);
    }
    let first = match from.checked_sub(1) {
        Some(before) => store.rows(before, 1)?.pop().filter(|row| row.seq == from),
        None => None,
    };
    let mut before = first.map(|row| (row.hash, row.at_micros));
    let mut at = from;
    while at < until {
        let most = PAGE.min((until - at) as usize);
        let rows = store.rows(at, most)?;
        let Some(last) = rows.iter().map(|row| row.seq).rfind(|seq| *seq <= until) else {
            stretch.fault(at + 1, Wrong::RestMissing);
            return Ok(stretch);
        };
        let sealed = store.vault(at, last)?;
        let vault: BTreeMap<u64, VaultRow> = sealed.into_iter().map(|it| (it.seq, it)).collect();
        for row in rows.iter().filter(|row| row.seq <= until) {
            if row.seq != at + 1 {
                stretch.fault(at + 1, Wrong::Missing);
                before = None;
            }
            at = row.seq;
            stretch.check(row, before, &vault);
            before = Some((row.hash, row.at_micros));
        }
        let there: BTreeSet<u64> = rows.iter().map(|row| row.seq).collect();
        for seq in vault.keys().filter(|seq| !there.contains(seq)) {
            stretch.fault(*seq, Wrong::PersonalAlone);
        }
    }
    stretch.last = before.map(|(hash, _)| hash);
    Ok(stretch)
}

/// Looks for personal parts behind the newest entry.
fn check_behind(store: &mut dyn Store) -> Result<Stretch, LedgerError> {
    let mut stretch = Stretch::default();
    let newest = store.head()?.map_or(0, |head| head.seq);
    for row in store.vault(newest, u64::MAX)? {
        stretch.fault(row.seq, Wrong::PersonalAlone);
    }
    Ok(stretch)
}

impl Stretch {
    fn fault(&mut self, seq: u64, what: Wrong) {
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(Fault { seq, what });
        }
    }

    /// Checks one entry against the hash before it; without one, only the entry's own parts.
    fn check(&mut self, row: &Row, before: Option<(Hash, i64)>, vault: &BTreeMap<u64, VaultRow>) {
        self.entries += 1;
        let seq = row.seq;
        let genesis = (seq == 1).then_some((chain::GENESIS, i64::MIN));
        if let Some((hash, at_micros)) = before.or(genesis) {
            if chain::link(&hash, seq, &row.bytes) != row.hash {
                self.fault(seq, Wrong::Changed);
            }
            if row.at_micros < at_micros {
                self.fault(seq, Wrong::OutOfOrder);
            }
            self.note_jump(row, at_micros);
        }
        let Ok(face) = serde_json::from_slice::<Face<'_>>(&row.bytes) else {
            return self.fault(seq, Wrong::NoEntry);
        };
        let who = face.client.as_deref().map(chain::who);
        if (face.seq, face.at.as_microsecond(), who) != (seq, row.at_micros, row.who) {
            self.fault(seq, Wrong::Columns);
        }
        self.check_sealed(seq, &face, vault.get(&seq));
        self.note_person(row, &face);
    }

    fn note_jump(&mut self, row: &Row, at_micros: i64) {
        let month = SILENT_DAYS_MAX * 86_400 * 1_000_000;
        if at_micros != i64::MIN && row.at_micros.saturating_sub(at_micros) > month {
            let (from, to) = (chain::from_micros(at_micros), chain::from_micros(row.at_micros));
            self.jumps.push(ClockJump { from, to, seq: row.seq });
        }
    }

    fn check_sealed(&mut self, seq: u64, face: &Face<'_>, sealed: Option<&VaultRow>) {
        match (&face.personal, sealed) {
            (Some(digest), Some(sealed)) => {
                self.sealed += 1;
                if blake3::hash(&sealed.cipher).to_hex().as_str() != digest.as_ref() {
                    self.fault(seq, Wrong::PersonalChanged);
                }
                if face.client.as_deref().map(chain::who) != Some(sealed.who) {
                    self.fault(seq, Wrong::PersonalElsewhere);
                }
            }
            (Some(_), None) => {
                let client = face.client.as_deref().unwrap_or_default().to_owned();
                self.missing.push((seq, client));
            }
            (None, Some(_)) => self.fault(seq, Wrong::PersonalUnknown),
            (None, None) => {}
        }
    }

    /// Notes who was erased or merged: only their personal parts may be missing.
    fn note_person(&mut self, row: &Row, face: &Face<'_>) {
        let Some(client) = face.client.as_deref() else { return };
        if face.body.kind == "erased" {
            self.erased.insert(client.to_owned());
        } else if face.body.kind == "clients_merged"
            && let Ok(entry) = chain::open(row)
            && let Body::ClientsMerged { from } = entry.body
        {
            self.merged.push((from.into(), client.to_owned()));
        }
    }
}

fn sum_up(stretches: Vec<Stretch>, newest: u64) -> Verification {
    let mut all = Verification::default();
    let (mut missing, mut erased, mut merged) = (Vec::new(), BTreeSet::new(), Vec::new());
    for stretch in stretches {
        all.entries += stretch.entries;
        all.sealed += stretch.sealed;
        if let Some(last) = stretch.last {
            all.head = blake3::Hash::from(last).to_hex().to_string();
        }
        all.faults.extend(stretch.faults);
        all.jumps.extend(stretch.jumps);
        missing.extend(stretch.missing);
        erased.extend(stretch.erased);
        merged.extend(stretch.merged);
    }
    spread(&mut erased, &merged);
    for (seq, client) in missing {
        if !erased.contains(&client) {
            all.faults.push(Fault { seq, what: Wrong::PersonalMissing });
        }
    }
    if all.entries < newest && all.faults.is_empty() {
        all.faults.push(Fault { seq: newest, what: Wrong::SomeMissing });
    }
    all.faults.sort();
    all.faults.truncate(FAULTS_MAX);
    all
}

/// Whoever was merged with somebody who was erased is the same person, and was erased as well.
fn spread(erased: &mut BTreeSet<String>, merged: &[(String, String)]) {
    loop {
        let known = erased.len();
        for (from, into) in merged {
            if erased.contains(from) || erased.contains(into) {
                erased.extend([from.clone(), into.clone()]);
            }
        }
        if erased.len() == known {
            return;
        }
    }
}
