//! A store that keeps nothing: a short history lives in memory, where the fold has it all.

use crate::error::LedgerError;
use crate::store::{Doc, Head, Page, Rank, Row, Store, VaultRow};

/// Knows nothing and forgets everything.
pub(super) struct Nothing;

type Answer<T> = Result<T, LedgerError>;

impl Store for Nothing {
    fn begin(&mut self) -> Answer<Option<Head>> {
        Ok(None)
    }
    fn begin_reading(&mut self) -> Answer<()> {
        Ok(())
    }
    fn mark(&mut self) -> Answer<()> {
        Ok(())
    }
    fn keep_mark(&mut self) -> Answer<()> {
        Ok(())
    }
    fn back_to_mark(&mut self) -> Answer<()> {
        Ok(())
    }
    fn commit(&mut self) -> Answer<()> {
        Ok(())
    }
    fn rollback(&mut self) {}
    fn head(&mut self) -> Answer<Option<Head>> {
        Ok(None)
    }
    fn push(&mut self, _: &[Row]) -> Answer<()> {
        Ok(())
    }
    fn rows(&mut self, _: u64, _: usize) -> Answer<Vec<Row>> {
        Ok(Vec::new())
    }
    fn rows_of(&mut self, _: i64, _: u64, _: usize) -> Answer<Vec<Row>> {
        Ok(Vec::new())
    }
    fn get(&mut self, _: &str, _: &str) -> Answer<Option<Vec<u8>>> {
        Ok(None)
    }
    fn put(&mut self, _: &[Doc]) -> Answer<()> {
        Ok(())
    }
    fn remove(&mut self, _: &str, _: &str) -> Answer<()> {
        Ok(())
    }
    fn remove_until(&mut self, _: &str, _: &str) -> Answer<()> {
        Ok(())
    }
    fn list(&mut self, _: &str, _: &str, _: usize) -> Answer<Vec<Doc>> {
        Ok(Vec::new())
    }
    fn list_shelves(&mut self, _: &str, _: (&str, &str), _: usize) -> Answer<Vec<Doc>> {
        Ok(Vec::new())
    }
    fn rank(&mut self, _: &[Rank]) -> Answer<()> {
        Ok(())
    }
    fn ranks_of(&mut self, _: &str, _: &str) -> Answer<Vec<Rank>> {
        Ok(Vec::new())
    }
    fn ranked(&mut self, _: &Page<'_>) -> Answer<Vec<(f64, String)>> {
        Ok(Vec::new())
    }
    fn lock_away(&mut self, _: &[VaultRow]) -> Answer<()> {
        Ok(())
    }
    fn locked(&mut self, _: u64) -> Answer<Option<Vec<u8>>> {
        Ok(None)
    }
    fn vault(&mut self, _: u64, _: u64) -> Answer<Vec<VaultRow>> {
        Ok(Vec::new())
    }
    fn unlock(&mut self, _: u64) -> Answer<()> {
        Ok(())
    }
    fn clear_projections(&mut self) -> Answer<()> {
        Ok(())
    }
    fn meta(&mut self, _: &str) -> Answer<Option<String>> {
        Ok(None)
    }
    fn set_meta(&mut self, _: &str, _: &str) -> Answer<()> {
        Ok(())
    }
    fn tidy(&mut self) -> Answer<()> {
        Ok(())
    }
}
