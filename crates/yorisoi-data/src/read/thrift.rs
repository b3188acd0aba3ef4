//! Could these bytes hold what they announce? A walk through Thrift's compact protocol that keeps nothing.
//!
//! Parquet's footer and page headers are written in it. Every text and list says its length first, and a
//! decoder that reserves room for what it is told can be told too much. The walk reserves nothing: a length
//! beyond the bytes that are left ends it.

/// Deeper nesting is no Parquet; a shallow limit keeps the walk off the end of the stack.
const MAX_DEPTH: usize = 32;

/// The types of the compact protocol that have a payload of their own.
mod kind {
    pub(super) const STOP: u8 = 0;
    pub(super) const TRUE: u8 = 1;
    pub(super) const FALSE: u8 = 2;
    pub(super) const BYTE: u8 = 3;
    pub(super) const I16: u8 = 4;
    pub(super) const I32: u8 = 5;
    pub(super) const I64: u8 = 6;
    pub(super) const DOUBLE: u8 = 7;
    pub(super) const BINARY: u8 = 8;
    pub(super) const LIST: u8 = 9;
    pub(super) const SET: u8 = 10;
    pub(super) const MAP: u8 = 11;
    pub(super) const STRUCT: u8 = 12;
    pub(super) const UUID: u8 = 13;
}

/// An integer of a structure, with the field numbers that lead to it.
pub(super) type Integer<'a> = (&'a [i16], i64);

/// Walks through one structure; `tell` hears of every integer outside of lists.
///
/// Returns how many bytes it takes, or `None` where it ends early or announces more than there is.
pub(super) fn walk(bytes: &[u8], tell: &mut dyn FnMut(Integer<'_>)) -> Option<usize> {
    let mut walker = Walker { bytes, at: 0, path: Vec::new(), tell, is_in_list: false };
    walker.structure()?;
    Some(walker.at)
}

/// Reads an unsigned number of variable length; returns it and the bytes it takes.
pub(super) fn varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0_u64;
    for (at, &byte) in bytes.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7f).checked_shl(7 * at as u32)?;
        if byte < 0x80 {
            return Some((value, at + 1));
        }
    }
    None
}

struct Walker<'a> {
    bytes: &'a [u8],
    at: usize,
    path: Vec<i16>,
    tell: &'a mut dyn FnMut(Integer<'_>),
    is_in_list: bool,
}

impl Walker<'_> {
    fn left(&self) -> usize {
        self.bytes.len() - self.at
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn number(&mut self) -> Option<u64> {
        let (value, n_bytes) = varint(&self.bytes[self.at..])?;
        self.at += n_bytes;
        Some(value)
    }

    /// Reads a signed number: sign in the lowest bit.
    fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    fn skip(&mut self, n_bytes: u64) -> Option<()> {
        let n_bytes = usize::try_from(n_bytes).ok().filter(|&n| n <= self.left())?;
        self.at += n_bytes;
        Some(())
    }

    fn structure(&mut self) -> Option<()> {
        if self.path.len() >= MAX_DEPTH {
            return None;
        }
        self.path.push(0);
        loop {
            let head = self.byte()?;
            if head == kind::STOP {
                self.path.pop();
                return Some(());
            }
            let before = self.path.pop()?;
            let field = match head >> 4 {
                0 => i16::try_from(self.signed()?).ok()?,
                step => before.checked_add(i16::from(step))?,
            };
            self.path.push(field);
            match head & 0x0f {
                kind::TRUE | kind::FALSE => {}
                other => self.value(other)?,
            }
        }
    }

    fn value(&mut self, of: u8) -> Option<()> {
        match of {
            // Alone in a list, truth takes a byte; in a structure it is the type itself.
            kind::TRUE | kind::FALSE | kind::BYTE => self.skip(1),
            kind::I16 | kind::I32 | kind::I64 => {
                let value = self.signed()?;
                if !self.is_in_list {
                    (self.tell)((&self.path, value));
                }
                Some(())
            }
            kind::DOUBLE => self.skip(8),
            kind::BINARY => {
                let n_bytes = self.number()?;
                self.skip(n_bytes)
            }
            kind::LIST | kind::SET => self.list(),
            kind::MAP => self.map(),
            kind::STRUCT => self.structure(),
            kind::UUID => self.skip(16),
            _ => None,
        }
    }

    fn list(&mut self) -> Option<()> {
        let head = self.byte()?;
        let n_entries = match head >> 4 {
            15 => self.number()?,
            few => u64::from(few),
        };
        self.entries(n_entries, &[head & 0x0f])
    }

    fn map(&mut self) -> Option<()> {
        let n_entries = self.number()?;
        if n_entries == 0 {
            return Some(());
        }
        let kinds = self.byte()?;
        self.entries(n_entries, &[kinds >> 4, kinds & 0x0f])
    }

    fn entries(&mut self, n_entries: u64, kinds: &[u8]) -> Option<()> {
        // An entry takes a byte at least.
        if n_entries > self.left() as u64 || self.path.len() >= MAX_DEPTH {
            return None;
        }
        let was_in_list = std::mem::replace(&mut self.is_in_list, true);
        self.path.push(0);
        for _ in 0..n_entries {
            for &kind in kinds {
                self.value(kind)?;
            }
        }
        self.path.pop();
        self.is_in_list = was_in_list;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An integer with the way to it.
    type Told = (Vec<i16>, i64);

    fn integers(bytes: &[u8]) -> Option<(usize, Vec<Told>)> {
        let mut told = Vec::new();
        let taken = walk(bytes, &mut |(path, value)| told.push((path.to_vec(), value)))?;
        Some((taken, told))
    }

    #[test]
    fn integers_are_told_with_the_way_to_them() {
        // {1: i32 = 3, 5: {1: i32 = -1}}, and a byte that belongs to something else.
        let bytes = [0x15, 6, 0x4c, 0x15, 1, 0, 0, 0xff];
        assert_eq!(integers(&bytes), Some((7, vec![(vec![1], 3), (vec![5, 1], -1)])));
    }

    #[test]
    fn lists_texts_and_maps_are_passed_over() {
        // {1: [1, 2] of i32, 2: "ab", 3: {1: true} of map byte to bool, 4: i64 = 1}
        let bytes = [0x19, 0x25, 2, 4, 0x18, 2, b'a', b'b', 0x1b, 1, 0x31, 9, 1, 0x16, 2, 0];
        assert_eq!(integers(&bytes), Some((16, vec![(vec![4], 1)])));
    }

    #[test]
    fn what_announces_more_than_there_is_ends_the_walk() {
        let text = [0x18, 0xff, 0xff, 0xff, 0xff, 0x07, b'a', 0];
        let list = [0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07, 0, 0];
        let map = [0x1b, 0xff, 0xff, 0xff, 0xff, 0x07, 0x33, 0, 0];
        for bytes in [&text[..], &list, &map, &[0x15], &[0x15, 0xff], &[]] {
            assert_eq!(integers(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn nesting_without_end_ends_the_walk() {
        assert_eq!(integers(&vec![0x1c; 1 << 20]), None);
        assert_eq!(integers(&vec![0x19; 1 << 20]), None);
    }
}
