//! Which characters do the bytes stand for? UTF-8, UTF-16 with byte order mark, or `Shift_JIS`, as UTF-8.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, SHIFT_JIS, UTF_16BE, UTF_16LE};

/// Bytes decoded at a time. Blocks are always filled, so how a pipe delivers bytes changes nothing.
const BLOCK_BYTES: usize = 256 * 1024;

/// Stands where bytes could not be decoded. No UTF-8 text contains it, so the field it lies in is
/// refused when it is read as text, with its row and column.
const UNDECODABLE: u8 = 0xff;

enum Encoding {
    /// Only ASCII has been seen, which is the same in UTF-8 and (nearly) in `Shift_JIS`.
    Undecided,
    Utf8,
    Other {
        decoder: Decoder,
        name: &'static str,
    },
}

/// Text as blocks of UTF-8 (with [`UNDECODABLE`] where it is none).
pub(super) struct TextBlocks<'a> {
    source: Box<dyn Read + Send + 'a>,
    encoding: Encoding,
    raw: Vec<u8>,
    decoded: Vec<u8>,
    at_end: bool,
}

impl<'a> TextBlocks<'a> {
    /// Starts before the first block. `head` are the first bytes of `source`, not taken from it.
    pub(super) fn new(source: Box<dyn Read + Send + 'a>, head: &[u8]) -> Self {
        let other = |encoding: &'static encoding_rs::Encoding| Encoding::Other {
            decoder: encoding.new_decoder_with_bom_removal(),
            name: encoding.name(),
        };
        let encoding = match head {
            [0xef, 0xbb, 0xbf, ..] => Encoding::Utf8,
            [0xff, 0xfe, ..] => other(UTF_16LE),
            [0xfe, 0xff, ..] => other(UTF_16BE),
            _ => Encoding::Undecided,
        };
        Self { source, encoding, raw: Vec::new(), decoded: Vec::new(), at_end: false }
    }

    /// Returns the current block; empty before the first and after the last.
    pub(super) fn block(&self) -> &[u8] {
        if matches!(self.encoding, Encoding::Other { .. }) { &self.decoded } else { &self.raw }
    }

    /// Returns the name of the encoding if it is not UTF-8.
    pub(super) fn other_encoding(&self) -> Option<&'static str> {
        match self.encoding {
            Encoding::Other { name, .. } => Some(name),
            Encoding::Undecided | Encoding::Utf8 => None,
        }
    }

    /// Moves to the next block that is not empty; returns `false` after the last.
    pub(super) fn advance(&mut self) -> io::Result<bool> {
        loop {
            self.raw.clear();
            self.decoded.clear();
            if self.at_end {
                return Ok(false);
            }
            let n = self.source.by_ref().take(BLOCK_BYTES as u64).read_to_end(&mut self.raw)?;
            self.at_end = n < BLOCK_BYTES;
            if matches!(self.encoding, Encoding::Undecided) && !self.raw.is_ascii() {
                self.encoding = decide(&self.raw);
            }
            if let Encoding::Other { decoder, .. } = &mut self.encoding {
                decode(decoder, &self.raw, self.at_end, &mut self.decoded);
            }
            if !self.block().is_empty() {
                return Ok(true);
            }
        }
    }
}

/// Chooses by the first block with more than ASCII in it: `Shift_JIS` only if it is not UTF-8.
fn decide(block: &[u8]) -> Encoding {
    let is_utf8 = match str::from_utf8(block) {
        Ok(_) => true,
        // A character may be cut at the end of the block.
        Err(error) => error.error_len().is_none(),
    };
    if is_utf8 {
        return Encoding::Utf8;
    }
    let mut trial = Vec::new();
    decode(&mut SHIFT_JIS.new_decoder_without_bom_handling(), block, false, &mut trial);
    if trial.contains(&UNDECODABLE) {
        // Read on as UTF-8, so that the first bad field is named.
        return Encoding::Utf8;
    }
    Encoding::Other {
        decoder: SHIFT_JIS.new_decoder_without_bom_handling(),
        name: SHIFT_JIS.name(),
    }
}

fn decode(decoder: &mut Decoder, mut raw: &[u8], is_last: bool, out: &mut Vec<u8>) {
    loop {
        let room =
            decoder.max_utf8_buffer_length_without_replacement(raw.len()).unwrap_or(raw.len() * 4);
        let start = out.len();
        out.resize(start + room, 0);
        let (result, n_read, n_written) =
            decoder.decode_to_utf8_without_replacement(raw, &mut out[start..], is_last);
        out.truncate(start + n_written);
        raw = &raw[n_read..];
        match result {
            DecoderResult::InputEmpty => return,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => out.push(UNDECODABLE),
        }
    }
}
