//! Is it compressed, and what lies inside? Decided by the first bytes, never by the file's name.

use std::io::{self, BufReader, Cursor, Read};

use super::ReadError;

/// The first bytes of an input, which are put back in front of it.
const PEEK_BYTES: usize = 4096;

/// An input whose compression is undone.
pub(super) struct Unpacked<'a> {
    /// The plain bytes.
    pub(super) bytes: Box<dyn Read + Send + 'a>,
    /// The first of them.
    pub(super) head: Vec<u8>,
    /// `gzip` or `zstd`, where it was compressed.
    pub(super) compression: Option<&'static str>,
}

/// Undoes gzip or zstd, one layer, also where several compressed parts follow one another.
pub(super) fn unpack<'a>(
    file: &str,
    source: impl Read + Send + 'a,
) -> Result<Unpacked<'a>, ReadError> {
    let plain_error = |error| ReadError::from_io(file, None, 0, error);
    let (head, bytes) = peek(Box::new(source)).map_err(plain_error)?;
    let (compression, unpacked): (_, Box<dyn Read + Send + 'a>) = match head.as_slice() {
        [0x1f, 0x8b, ..] => {
            ("gzip", Box::new(flate2::bufread::MultiGzDecoder::new(BufReader::new(bytes))))
        }
        [0x28, 0xb5, 0x2f, 0xfd, ..] => {
            let decoder = zstd::stream::read::Decoder::new(bytes);
            ("zstd", Box::new(decoder.map_err(plain_error)?))
        }
        _ => return Ok(Unpacked { bytes, head, compression: None }),
    };
    let compression = Some(compression);
    let error = |error| ReadError::from_io(file, compression, 0, error);
    let (head, bytes) = peek(unpacked).map_err(error)?;
    Ok(Unpacked { bytes, head, compression })
}

type Peeked<'a> = (Vec<u8>, Box<dyn Read + Send + 'a>);

fn peek<'a>(mut source: Box<dyn Read + Send + 'a>) -> io::Result<Peeked<'a>> {
    let mut head = Vec::with_capacity(PEEK_BYTES);
    source.by_ref().take(PEEK_BYTES as u64).read_to_end(&mut head)?;
    Ok((head.clone(), Box::new(Cursor::new(head).chain(source))))
}

/// Returns whether these are the first bytes of a Parquet file.
pub(super) fn is_parquet(head: &[u8]) -> bool {
    head.starts_with(b"PAR1")
}

/// Refuses what is known not to be a table.
pub(super) fn refuse_other_formats(file: &str, head: &[u8]) -> Result<(), ReadError> {
    if head.is_empty() {
        return Err(ReadError::Empty { file: file.to_owned() });
    }
    match other_format(head) {
        Some(found) => Err(ReadError::NotATable { file: file.to_owned(), found }),
        None => Ok(()),
    }
}

fn other_format(head: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 10] = [
        (b"PK\x03\x04", "an Excel workbook or a zip archive"),
        (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
        (b"%PDF", "a PDF document"),
        (b"ARROW1", "an Arrow file"),
        (b"SQLite format 3", "an SQLite database"),
        (b"\xfd7zXZ", "a file compressed with xz"),
        (b"BZh", "a file compressed with bzip2"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"\x7fELF", "a program"),
    ];
    if let Some((_, found)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(found);
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let is_utf16 = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    match text {
        [b'<', b'!' | b'?' | b'a'..=b'z' | b'A'..=b'Z', ..] => Some("an HTML or XML document"),
        [b'{' | b'[', ..] => Some("a JSON document"),
        _ if head.contains(&0) && !is_utf16 => {
            Some("binary data (or UTF-16 text without a byte order mark)")
        }
        _ => None,
    }
}
