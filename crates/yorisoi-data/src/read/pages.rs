//! Are delta-coded pages as long as they say? Pages on their way to the decoder.
//!
//! A delta-coded page of texts begins with the number of its lengths, inside of what is compressed. The
//! decoder reserves room for so many at once, so the number is compared with the page's own here.

use std::sync::Arc;

use parquet::arrow::arrow_reader::RowGroups;
use parquet::basic::Encoding;
use parquet::column::page::{Page, PageIterator, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use parquet::file::reader::{FilePageIterator, FileReader};
use parquet::schema::types::ColumnDescPtr;

use super::thrift::varint;

/// Columns of a file whose pages are looked at before they are decoded.
pub(super) struct CheckedFile(pub(super) Arc<dyn FileReader>);

impl RowGroups for CheckedFile {
    fn num_rows(&self) -> usize {
        self.0.metadata().row_groups().iter().map(|group| group.num_rows() as usize).sum()
    }

    fn column_chunks(&self, leaf: usize) -> Result<Box<dyn PageIterator>> {
        let column = self.0.metadata().file_metadata().schema_descr().column(leaf);
        let chunks = FilePageIterator::new(leaf, Arc::clone(&self.0))?;
        Ok(Box::new(CheckedChunks { chunks, column }))
    }

    fn row_groups(&self) -> Box<dyn Iterator<Item = &RowGroupMetaData> + '_> {
        Box::new(self.0.metadata().row_groups().iter())
    }

    fn metadata(&self) -> &ParquetMetaData {
        self.0.metadata()
    }
}

struct CheckedChunks {
    chunks: FilePageIterator,
    column: ColumnDescPtr,
}

impl Iterator for CheckedChunks {
    type Item = Result<Box<dyn PageReader>>;

    fn next(&mut self) -> Option<Self::Item> {
        let column = Arc::clone(&self.column);
        let checked = |pages| Box::new(CheckedPages { pages, column }) as Box<dyn PageReader>;
        Some(self.chunks.next()?.map(checked))
    }
}

impl PageIterator for CheckedChunks {}

struct CheckedPages {
    pages: Box<dyn PageReader>,
    column: ColumnDescPtr,
}

impl Iterator for CheckedPages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl PageReader for CheckedPages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        let page = self.pages.get_next_page()?;
        if let Some(page) = &page
            && !is_honest(page, &self.column)
        {
            let problem = "a delta-coded page promises more texts than it has values";
            return Err(ParquetError::General(problem.to_owned()));
        }
        Ok(page)
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.pages.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.pages.skip_next_page()
    }

    fn at_record_boundary(&mut self) -> Result<bool> {
        self.pages.at_record_boundary()
    }
}

/// Returns whether a page's delta-coded lengths are no more than its values.
fn is_honest(page: &Page, column: &ColumnDescPtr) -> bool {
    let n_lists = match page.encoding() {
        Encoding::DELTA_LENGTH_BYTE_ARRAY => 1,
        // Prefixes, then suffixes.
        Encoding::DELTA_BYTE_ARRAY => 2,
        _ => return true,
    };
    let most = u64::from(page.num_values());
    let Some(mut bytes) = behind_levels(page, column) else { return false };
    for _ in 1..n_lists {
        match delta_list(bytes, most) {
            Some(rest) => bytes = rest,
            None => return false,
        }
    }
    // Of the last list only the promise counts: its end may lawfully be cut short.
    delta_head(bytes, most).is_some()
}

/// Returns the values of a data page, which stand behind its levels.
fn behind_levels<'a>(page: &'a Page, column: &ColumnDescPtr) -> Option<&'a [u8]> {
    let bytes = page.buffer().as_ref();
    match page {
        Page::DataPageV2 { def_levels_byte_len, rep_levels_byte_len, .. } => {
            let levels = *def_levels_byte_len as usize + *rep_levels_byte_len as usize;
            bytes.get(levels..)
        }
        Page::DataPage { .. } => {
            let levels = [column.max_rep_level(), column.max_def_level()];
            levels.into_iter().filter(|&max| max > 0).try_fold(bytes, |bytes, _| {
                // Each run of levels says how long it is; the older, bare packing of bits is not used
                // together with delta coding.
                let (length, rest) = bytes.split_first_chunk::<4>()?;
                rest.get(u32::from_le_bytes(*length) as usize..)
            })
        }
        Page::DictionaryPage { .. } => None,
    }
}

/// What the head of a list of delta-coded integers says.
struct DeltaHead<'a> {
    block: u64,
    n_minis: u64,
    total: u64,
    rest: &'a [u8],
}

/// Reads the head of a list; `None` where it is none, or promises more than `most` entries.
fn delta_head(bytes: &[u8], most: u64) -> Option<DeltaHead<'_>> {
    let mut rest = bytes;
    let mut number = || {
        let (value, taken) = varint(rest)?;
        rest = &rest[taken..];
        Some(value)
    };
    let (block, n_minis, total, _first) = (number()?, number()?, number()?, number()?);
    let is_sound = total <= most && n_minis > 0 && block > 0 && block % n_minis == 0;
    is_sound.then_some(DeltaHead { block, n_minis, total, rest })
}

/// Passes over one list of delta-coded integers and returns what stands behind it; `None` where it has
/// more than `most` entries or does not end.
///
/// # Source
///
/// Parquet format, "Delta encoding (`DELTA_BINARY_PACKED` = 5)".
fn delta_list(bytes: &[u8], most: u64) -> Option<&[u8]> {
    let DeltaHead { block, n_minis, total, rest: mut bytes } = delta_head(bytes, most)?;
    let mini = block / n_minis;
    // The first entry stands in the head.
    let mut left = total.saturating_sub(1);
    while left > 0 {
        let (_least, taken) = varint(bytes)?;
        let widths = bytes.get(taken..)?;
        let (widths, rest) = widths.split_at_checked(usize::try_from(n_minis).ok()?)?;
        bytes = rest;
        for &width in widths {
            if left == 0 {
                break;
            }
            let packed = mini.checked_mul(u64::from(width))? / 8;
            bytes = bytes.get(usize::try_from(packed).ok()?..)?;
            left = left.saturating_sub(mini);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 7, 5, 3, 1, 2, 3, 4, 5: the example of the format's own document, with blocks of 128 in one part.
    fn example() -> Vec<u8> {
        // Head: 128 to a block, 4 parts, 8 values, first 7; block: least delta −2, widths 2, 0, 0, 0.
        let mut bytes = vec![0x80, 0x01, 4, 8, 14, 3, 2, 0, 0, 0];
        bytes.extend([0b1100_0000, 0b0011_1111, 0, 0, 0, 0, 0, 0]);
        bytes
    }

    #[test]
    fn a_list_is_passed_over_to_its_last_byte() {
        let mut bytes = example();
        bytes.extend(b"texts");
        assert_eq!(delta_list(&bytes, 8), Some(&b"texts"[..]));
    }

    #[test]
    fn a_list_longer_than_its_page_is_refused() {
        assert_eq!(delta_list(&example(), 7), None);
        // 2⁴⁹ entries, announced in eight bytes.
        let forged = [0x80, 0x01, 4, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01, 0];
        assert_eq!(delta_list(&forged, u64::from(u32::MAX)), None);
    }

    #[test]
    fn a_list_without_an_end_is_refused() {
        let bytes = example();
        for end in 0..bytes.len() {
            assert_eq!(delta_list(&bytes[..end], 8), None, "cut at {end}");
        }
    }

    #[test]
    fn an_empty_list_has_only_a_head() {
        assert_eq!(delta_list(&[0x80, 0x01, 4, 0, 0], 0), Some(&[][..]));
    }
}
