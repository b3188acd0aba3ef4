//! How does a ledger come back? Reading a backup into an empty place, trusting none of it.
//!
//! Every hash is checked on the way in, and everything happens in one transaction: a file that is damaged, cut off or
//! made up leaves the place as empty as it was. Projections are folded anew. Whoever was erased since the
//! backup was made is erased again.

use std::io::BufRead;
use std::sync::Mutex;

use yorisoi_decision::ClientId;

use crate::backup::{BACKUP_FORMAT, DocLine, Ending, EntryLine, KEPT_SHELVES, Opening};
use crate::books::{Books, Mode, finish_erasures};
use crate::chain;
use crate::entry::{Actor, Entry};
use crate::error::LedgerError;
use crate::hex;
use crate::keys::KeyStore;
use crate::ledger::{Ledger, aside, open_keys, open_store};
use crate::place::Place;
use crate::project::{AliasDoc, ClientDoc};
use crate::rebuild::refold;
use crate::shelves::Shelves;
use crate::store::{Doc, Hash, Head, Rank, Row, Store, VaultRow};
use crate::writer::SLOW_AFTER;

/// Whether the keys of the ledger that comes back are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeysAre {
    /// `keys.sqlite` lies in the folder of the place.
    There,
    /// They are lost: everything personal stays closed for ever, and further names are not found again. The house
    /// gets new ones, so that its holdout is dealt anew as well.
    Lost,
}

impl Ledger {
    /// Reads a backup into an empty place and opens it.
    ///
    /// # Errors
    ///
    /// [`LedgerError::NotEmpty`], [`LedgerError::WrongKeys`], [`LedgerError::NewerFormat`]; for a file that is none
    /// [`LedgerError::Unreadable`] or [`LedgerError::BrokenChain`], and then the place stays empty; whatever the store
    /// says.
    pub fn restore(
        place: &Place,
        from: impl BufRead + Send,
        keys_are: KeysAre,
    ) -> Result<Self, LedgerError> {
        if *place == Place::Memory {
            // What is opened twice in memory is two ledgers.
            return Self::restore_in_memory(from, keys_are);
        }
        aside(|| {
            let (mut store, keys) = (open_store(place)?, Mutex::new(open_keys(place)?));
            restore_into(store.as_mut(), &keys, from, keys_are)
        })?;
        Self::open(place)
    }

    fn restore_in_memory(from: impl BufRead, keys_are: KeysAre) -> Result<Self, LedgerError> {
        let (mut store, keys) =
            (open_store(&Place::Memory)?, Mutex::new(open_keys(&Place::Memory)?));
        restore_into(store.as_mut(), &keys, from, keys_are)?;
        let keys = keys.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        Self::over(&Place::Memory, (store, keys), SLOW_AFTER)
    }
}

fn restore_into(
    store: &mut dyn Store,
    keys: &Mutex<KeyStore>,
    from: impl BufRead,
    keys_are: KeysAre,
) -> Result<(), LedgerError> {
    let result = restore_in_transaction(store, keys, from, keys_are);
    if result.is_err() {
        store.rollback();
    }
    let erased = result?;
    let mut keys = keys.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    finish_erasures(store, &mut keys, &erased)
}

fn restore_in_transaction(
    store: &mut dyn Store,
    keys: &Mutex<KeyStore>,
    from: impl BufRead,
    keys_are: KeysAre,
) -> Result<Vec<crate::books::Erasure>, LedgerError> {
    if let Some(head) = store.begin()? {
        return Err(LedgerError::NotEmpty { entries: head.seq });
    }
    let head = read_in(store, keys, from, keys_are)?;
    let mut shelves = Shelves::default();
    refold(store, &mut shelves, keys)?;
    let done = erase_again(store, &mut shelves, keys, head)?;
    keys.lock().unwrap_or_else(std::sync::PoisonError::into_inner).flush()?;
    store.commit()?;
    Ok(done)
}

/// Erases whoever was erased after the backup was made, and closes their further names.
fn erase_again(
    store: &mut dyn Store,
    shelves: &mut Shelves,
    keys: &Mutex<KeyStore>,
    head: Option<Head>,
) -> Result<Vec<crate::books::Erasure>, LedgerError> {
    let (forgotten, tombstones) = {
        let keys = keys.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        (keys.forgotten()?, keys.tombstones()?)
    };
    let mut books = Books::over(store, shelves, keys, (Mode::Writing, head));
    for name in forgotten {
        let Ok(id) = ClientId::new(name) else { continue };
        let known =
            books.ground().read::<ClientDoc>(id.as_str())?.map(|doc| doc.client.facts.clone());
        let at = books.last_at()?.unwrap_or_default();
        if known.is_some_and(|facts| !facts.erased && facts.merged_into.is_none()) {
            books.erase(&id, at, Actor::House)?;
        }
    }
    for name in &tombstones {
        books.ground().edit::<AliasDoc>(name)?.client = None;
    }
    Ok(books.close()?.0.erased)
}

/// Reads all lines and returns the newest entry.
fn read_in(
    store: &mut dyn Store,
    keys: &Mutex<KeyStore>,
    from: impl BufRead,
    keys_are: KeysAre,
) -> Result<Option<Head>, LedgerError> {
    let mut lines = Lines { from, line: Vec::new(), n: 0, hasher: blake3::Hasher::new() };
    let opening: Opening = match lines.next()? {
        Some(text) => serde_json::from_str(text).map_err(|error| lines.unreadable(&error))?,
        None => return Err(lines.wrong("it is empty")),
    };
    if opening.yorisoi_ledger > BACKUP_FORMAT {
        return Err(LedgerError::NewerFormat {
            actual: opening.yorisoi_ledger,
            known: BACKUP_FORMAT,
        });
    }
    let house = keys.lock().unwrap_or_else(std::sync::PoisonError::into_inner).house();
    if opening.house != house && keys_are == KeysAre::There {
        return Err(LedgerError::WrongKeys { folder: "the folder of the keys".to_owned() });
    }
    store.set_meta("house", &house)?;
    let mut head = None;
    loop {
        let digest = lines.digest();
        let before = lines.n;
        let Some(text) = lines.next()? else { return Err(lines.wrong("its end is missing")) };
        // The first letters tell the three kinds of lines apart.
        if text.starts_with("{\"entry\":") {
            let (row, sealed) = entry_of(text, head.as_ref()).map_err(|it| it.at(lines.n))?;
            head = Some(Head { seq: row.seq, at_micros: row.at_micros, hash: row.hash });
            store.push(&[row])?;
            if let Some(sealed) = sealed {
                store.lock_away(&[sealed])?;
            }
        } else if text.starts_with("{\"doc\":") {
            let line: DocLine =
                serde_json::from_str(text).map_err(|error| lines.unreadable(&error))?;
            keep(store, line).map_err(|it| it.at(lines.n))?;
        } else {
            let end: Ending =
                serde_json::from_str(text).map_err(|error| lines.unreadable(&error))?;
            if (end.end, end.digest) != (before, digest) {
                return Err(lines.wrong("the lines before it are not those that were written"));
            }
            let entries = head.map_or(0, |head| head.seq);
            if entries != opening.entries {
                return Err(lines.wrong("it does not hold as many entries as its first line says"));
            }
            return Ok(head);
        }
    }
}

/// Why a line is refused.
enum Refused {
    /// It is no such line.
    Line(String),
    /// The chain does not close there.
    Chain(u64, String),
    /// The store does not take it.
    Store(LedgerError),
}

impl Refused {
    fn at(self, line: u64) -> LedgerError {
        match self {
            Self::Line(why) => LedgerError::Unreadable { line, why },
            Self::Chain(seq, why) => LedgerError::BrokenChain { seq, why },
            Self::Store(error) => error,
        }
    }
}

fn entry_of(text: &str, head: Option<&Head>) -> Result<(Row, Option<VaultRow>), Refused> {
    let bad = |error: serde_json::Error| Refused::Line(error.to_string());
    let line: EntryLine<'_> = serde_json::from_str(text).map_err(bad)?;
    let bytes = line.entry.get().as_bytes().to_vec();
    let entry: Entry = serde_json::from_slice(&bytes).map_err(bad)?;
    let seq = head.map_or(0, |head| head.seq) + 1;
    let broken = |why: &str| Refused::Chain(seq, why.to_owned());
    if entry.seq != seq {
        return Err(broken(&format!("the entry there calls itself {}", entry.seq)));
    }
    let before = head.map_or(chain::GENESIS, |head| head.hash);
    let hash: Hash = chain::link(&before, seq, &bytes);
    if hex::encode(&hash) != line.hash {
        return Err(broken("its bytes, its hash or the hash before it were changed"));
    }
    let at_micros = entry.at.as_microsecond();
    if chain::from_micros(at_micros) != entry.at
        || head.is_some_and(|head| at_micros < head.at_micros)
    {
        return Err(broken("its time lies before the entry before it, or is too fine"));
    }
    let who = entry.client.as_ref().map(|client| chain::who(client.as_str()));
    let sealed = match (line.sealed, who, &entry.personal) {
        (None, _, _) => None,
        (Some(text), Some(who), Some(digest)) => {
            let cipher =
                hex::decode(&text).ok_or_else(|| broken("its sealed part is no hexadecimal"))?;
            if blake3::hash(&cipher).to_hex().as_str() != digest {
                return Err(broken("its sealed personal part was changed"));
            }
            Some(VaultRow { seq, who, cipher })
        }
        (Some(_), _, _) => return Err(broken("it has a personal part it knows nothing of")),
    };
    Ok((Row { seq, at_micros, who, hash, bytes }, sealed))
}

fn keep(store: &mut dyn Store, line: DocLine) -> Result<(), Refused> {
    let it = line.doc;
    if !KEPT_SHELVES.iter().any(|prefix| it.shelf.starts_with(prefix)) {
        return Err(Refused::Line(format!("a backup holds no shelf `{}`", it.shelf)));
    }
    let doc = hex::decode(&it.doc)
        .ok_or_else(|| Refused::Line("the document is no hexadecimal".to_owned()))?;
    let ranks: Vec<Rank> = it
        .ranks
        .into_iter()
        .map(|(group, rank)| Rank {
            shelf: it.shelf.clone(),
            group,
            key: it.key.clone(),
            rank: Some(rank),
        })
        .collect();
    store
        .put(&[Doc { shelf: it.shelf, key: it.key, doc }])
        .and_then(|()| store.rank(&ranks))
        .map_err(Refused::Store)
}

/// Bytes of one line at most: no entry comes near it.
const LINE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Lines of a file, counted and hashed as they come in.
struct Lines<R> {
    from: R,
    line: Vec<u8>,
    n: u64,
    hasher: blake3::Hasher,
}

impl<R: BufRead> Lines<R> {
    fn next(&mut self) -> Result<Option<&str>, LedgerError> {
        self.line.clear();
        self.n += 1;
        let mut limited = std::io::Read::take(&mut self.from, LINE_BYTES_MAX);
        let read = limited.read_until(b'\n', &mut self.line);
        let n =
            read.map_err(|error| LedgerError::Unreadable { line: self.n, why: error.to_string() })?;
        if n == 0 {
            return Ok(None);
        }
        self.hasher.update(&self.line);
        if self.line.pop() != Some(b'\n') {
            return Err(LedgerError::Unreadable { line: self.n, why: "it is cut off".to_owned() });
        }
        let line = self.n;
        std::str::from_utf8(&self.line)
            .map(Some)
            .map_err(|error| LedgerError::Unreadable { line, why: error.to_string() })
    }

    fn digest(&self) -> String {
        self.hasher.finalize().to_hex().to_string()
    }

    fn unreadable(&self, error: &serde_json::Error) -> LedgerError {
        LedgerError::Unreadable { line: self.n, why: error.to_string() }
    }

    fn wrong(&self, why: &str) -> LedgerError {
        LedgerError::Unreadable { line: self.n, why: why.to_owned() }
    }
}
