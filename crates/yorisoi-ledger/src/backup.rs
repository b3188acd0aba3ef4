//! How does a ledger leave its place? Exports and backups, both lines of JSON.
//!
//! ```text
//! {"yorisoi_ledger":1,"house":"…","entries":2,"head":"…"}
//! {"entry":{"seq":1,…},"hash":"…"}
//! {"entry":{"seq":2,…},"hash":"…","sealed":"…"}
//! {"doc":{"shelf":"a:alias","key":"…","doc":"…","ranks":[["",0.0]]}}
//! {"end":4,"digest":"…"}
//! ```
//!
//! A backup holds the chain, the vault (sealed), further names (hashed) and the service's notes, not the keys and
//! not the projections: those are folded from it. The last line holds the number of lines before it and their hash,
//! so that a file that was cut off is no backup.

use std::io::{BufWriter, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::books::Books;
use crate::error::LedgerError;
use crate::hex;
use crate::ledger::Ledger;
use crate::store::{Row, Store};

/// The format of the file.
pub(crate) const BACKUP_FORMAT: u32 = 1;

/// The shelves that are no projection, no answer and no reminder.
pub(crate) const KEPT_SHELVES: [&str; 2] = ["a:", "n:"];

const PAGE: usize = 2_000;

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Opening {
    pub(crate) yorisoi_ledger: u32,
    pub(crate) house: String,
    pub(crate) entries: u64,
    pub(crate) head: String,
}

/// A line that holds an entry.
#[derive(Serialize, Deserialize)]
pub(crate) struct EntryLine<'a> {
    #[serde(borrow)]
    pub(crate) entry: &'a RawValue,
    pub(crate) hash: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sealed: Option<String>,
}

/// A line that holds a document.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct DocLine {
    pub(crate) doc: KeptDoc,
}

/// A document, its bytes in hexadecimal.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct KeptDoc {
    pub(crate) shelf: String,
    pub(crate) key: String,
    pub(crate) doc: String,
    pub(crate) ranks: Vec<(String, f64)>,
}

/// The last line.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Ending {
    pub(crate) end: u64,
    pub(crate) digest: String,
}

impl Ledger {
    /// Writes every entry with its hash, one a line, without personal parts; returns how many. Everything is of
    /// one moment, and others go on writing meanwhile.
    ///
    /// # Errors
    ///
    /// [`LedgerError::File`] if `out` refuses; whatever the store says.
    pub fn export(&self, out: impl Write + Send + 'static) -> Result<u64, LedgerError> {
        self.read_now(move |books| {
            let mut out = Lines::new(BufWriter::new(out), "the export");
            let newest = books.newest();
            entries_to(books.store(), newest, &mut out, false)?;
            out.flush()?;
            Ok(newest)
        })
    }

    /// Writes a backup of one moment to a file; returns the number of its entries. Others go on writing meanwhile.
    ///
    /// The keys are not in it. Whoever loses `keys.sqlite` loses everything personal; [`Ledger::backup_keys`] copies
    /// it, and whoever keeps such a copy must renew it after each erasure.
    ///
    /// # Errors
    ///
    /// [`LedgerError::File`] if the file cannot be written; whatever the store says.
    pub fn backup(&self, path: &Path) -> Result<u64, LedgerError> {
        let path = path.to_owned();
        self.read_now(move |books| {
            let part = path.with_extension("part");
            let name = part.display().to_string();
            let failed = |error: &std::io::Error| LedgerError::File {
                path: name.clone(),
                why: error.to_string(),
            };
            let file = std::fs::File::create(&part).map_err(|error| failed(&error))?;
            let mut out = Lines::new(BufWriter::new(file), &name);
            let newest = backup_to(books, &mut out)?;
            let file = out.into_inner()?;
            file.sync_all().map_err(|error| failed(&error))?;
            // Only a whole file gets the name of a backup.
            std::fs::rename(&part, &path).map_err(|error| failed(&error))?;
            Ok(newest)
        })
    }

    /// Copies the keys to a file. The copy opens everything that any backup holds: keep the two apart, and make a
    /// new one after each erasure, in place of the old ones.
    ///
    /// # Errors
    ///
    /// [`LedgerError::File`] or what the key store says.
    pub fn backup_keys(&self, path: &Path) -> Result<(), LedgerError> {
        self.keys().copy_to(path)
    }
}

fn backup_to<W: Write>(books: &mut Books<'_>, out: &mut Lines<W>) -> Result<u64, LedgerError> {
    let head = books.head();
    let entries = head.map_or(0, |head| head.seq);
    out.line(&Opening {
        yorisoi_ledger: BACKUP_FORMAT,
        house: books.ground().keys().house(),
        entries,
        head: hex::encode(&head.map_or(crate::chain::GENESIS, |head| head.hash)),
    })?;
    let store = books.store();
    entries_to(store, entries, out, true)?;
    for prefix in KEPT_SHELVES {
        let mut after = (String::new(), String::new());
        loop {
            let docs = store.list_shelves(prefix, (&after.0, &after.1), PAGE)?;
            let Some(last) = docs.last() else { break };
            after = (last.shelf.clone(), last.key.clone());
            for it in docs {
                let ranks = store.ranks_of(&it.shelf, &it.key)?;
                let ranks = ranks.into_iter().filter_map(|it| Some((it.group, it.rank?))).collect();
                let doc = hex::encode(&it.doc);
                out.line(&DocLine { doc: KeptDoc { shelf: it.shelf, key: it.key, doc, ranks } })?;
            }
        }
    }
    out.line(&Ending { end: out.written, digest: out.digest() })?;
    out.flush()?;
    Ok(entries)
}

fn entries_to<W: Write>(
    store: &mut dyn Store,
    newest: u64,
    out: &mut Lines<W>,
    with_sealed: bool,
) -> Result<(), LedgerError> {
    let mut at = 0;
    while at < newest {
        let rows = store.rows(at, PAGE)?;
        let Some(last) = rows.last().map(|row| row.seq) else { break };
        let mut sealed = std::collections::BTreeMap::new();
        if with_sealed {
            sealed.extend(store.vault(at, last)?.into_iter().map(|row| (row.seq, row.cipher)));
        }
        for row in rows {
            let sealed = sealed.get(&row.seq).map(|cipher| hex::encode(cipher));
            out.line(&entry_line(&row, sealed)?)?;
        }
        at = last;
    }
    Ok(())
}

fn entry_line(row: &Row, sealed: Option<String>) -> Result<EntryLine<'_>, LedgerError> {
    let entry = serde_json::from_slice(&row.bytes)
        .map_err(|error| LedgerError::Damaged { why: format!("entry {}: {error}", row.seq) })?;
    Ok(EntryLine { entry, hash: hex::encode(&row.hash), sealed })
}

/// Lines of JSON that are counted and hashed as they go out.
struct Lines<W: Write> {
    out: W,
    name: String,
    written: u64,
    hasher: blake3::Hasher,
}

impl<W: Write> Lines<W> {
    fn new(out: W, name: &str) -> Self {
        Self { out, name: name.to_owned(), written: 0, hasher: blake3::Hasher::new() }
    }

    fn line(&mut self, line: &impl Serialize) -> Result<(), LedgerError> {
        let mut bytes = serde_json::to_vec(line)
            .map_err(|error| LedgerError::Damaged { why: error.to_string() })?;
        bytes.push(b'\n');
        self.hasher.update(&bytes);
        self.written += 1;
        let name = &self.name;
        self.out.write_all(&bytes).map_err(|error| failed(name, &error))
    }

    fn digest(&self) -> String {
        self.hasher.finalize().to_hex().to_string()
    }

    fn flush(&mut self) -> Result<(), LedgerError> {
        let name = &self.name;
        self.out.flush().map_err(|error| failed(name, &error))
    }
}

impl<W: Write> Lines<BufWriter<W>> {
    fn into_inner(self) -> Result<W, LedgerError> {
        let name = self.name;
        self.out.into_inner().map_err(|error| failed(&name, error.error()))
    }
}

fn failed(name: &str, error: &std::io::Error) -> LedgerError {
    LedgerError::File { path: name.to_owned(), why: error.to_string() }
}
