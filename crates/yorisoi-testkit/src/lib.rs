//! Worlds with known truth, for tests and rehearsal.
