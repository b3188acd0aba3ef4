//! What happened? An append-only, hash-chained ledger and the projections folded from it.
//!
//! ```text
//! Draft ─append→ Entry (chained, in the store) ─fold→ projections: clients, capacity, decisions, …
//!        └personal part ─seal→ vault (one key a person, in a store of its own)
//! ```
//!
//! Everything that is known of a client is folded from entries, and can be folded again. Entries are never
//! changed or removed. What says who somebody is lies apart, encrypted with that person's own key: deleting
//! the key erases the person, and the chain still verifies.
//!
//! This is the only crate with SQL. It runs on SQLite (a folder) or PostgreSQL (a URL).
//!
//! # Example
//!
//! ```
//! use yorisoi_ledger::{Actor, Body, Draft, Ledger, LedgerError, Personal, Place, Profile};
//!
//! let ledger = Ledger::open(&Place::Memory)?;
//! let client = yorisoi_decision::ClientId::new("c-1").expect("a valid name");
//! let draft = Draft {
//!     at: "2026-04-01T09:00:00Z".parse().expect("a time"),
//!     actor: Actor::House,
//!     client: Some(client.clone()),
//!     body: Body::ClientAdded { profile: Profile::default() },
//!     personal: Some(Personal { aliases: vec!["crm-77".to_owned()], ..Personal::default() }),
//! };
//! let entry = ledger.write_now::<_, LedgerError, _>(move |books| books.append(draft))?;
//! assert_eq!(entry.seq, 1);
//!
//! let known = ledger.read_now::<_, LedgerError, _>(move |books| books.client(&client))?;
//! assert_eq!(known.expect("just added").version, 1);
//! # Ok::<(), LedgerError>(())
//! ```

mod backup;
mod books;
mod chain;
#[cfg(any(test, feature = "faults"))]
mod disk;
mod entry;
mod error;
mod familiar;
#[cfg(test)]
mod faults;
mod health;
mod hex;
#[cfg(test)]
mod histories;
mod keys;
mod kind;
mod ledger;
mod piece;
mod place;
mod project;
mod queue;
mod reader;
mod rebuild;
mod restore;
mod shelves;
mod store;
mod touched;
mod vault;
mod verify;
mod writer;
mod wrong;

pub use books::{
    Books, ClientQuery, Cursor, KnownClient, ListPlace, Mark, Opened, Order, Remembered, Resolved,
    Whose,
};
#[cfg(any(test, feature = "faults"))]
pub use disk::Disk;
pub use entry::{
    Actor, Body, DeliveredWhen, Draft, Entry, ExitReceipt, Keeps, Landing, LateDelivery, ModelCard,
    ModelOrigin, Personal, Profile, ReservationEnd, Source,
};
pub use error::LedgerError;
pub use health::{ClockJump, Health};
pub use ledger::{Change, Ledger};
pub use piece::Answer;
pub use place::Place;
pub use project::{
    CheckIn, Client, ClientDesk, Counts, Decided, DecidedState, Ended, Exit, HandOn, HandOnState,
    KnownBy, LastDecision, ModelFacts, ModelState, Need, OutcomeSums, PolicyBook, PolicyDraft,
    PolicyRelease, ProofUnit, RecentLanding, SupplyFacts, Suppression, TokenFacts, same_address,
};
pub use rebuild::Rebuilt;
pub use restore::KeysAre;
pub use verify::{Fault, Verification};
pub use wrong::Wrong;
