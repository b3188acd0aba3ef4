//! Damaged and random bytes give an error or a table, never a panic: a smoke test that needs no fuzzer.
#![cfg(feature = "read")]

mod support;

use arrow_array::{Float64Array, Int64Array, StringArray};
use parquet::basic::Encoding;
use parquet::file::properties::{WriterProperties, WriterVersion};
use proptest::prelude::*;
use support::{array, gzip, parquet, parquet_with, read, zstd};
use yorisoi_data::mix;
use yorisoi_data::read::is_decoding;

/// Mutations of each valid file; a few seconds in all.
const MUTATIONS: u64 = 5000;

fn valid_files() -> Vec<(&'static str, Vec<u8>)> {
    let row = |i: i32| format!("{i},\"g{}\",{}.5,2024-01-{:02}\n", i % 3, i * 7, i % 28 + 1);
    let rows: Vec<String> = (0..60).map(row).collect();
    let csv = format!("id,group,\"value, in yen\",date\n{}", rows.concat());
    let columns = || {
        let texts: Vec<Option<String>> =
            (0..200).map(|i| (i % 5 > 0).then(|| format!("t{}", i % 9))).collect();
        vec![
            ("i", array((0..200).collect::<Int64Array>())),
            ("f", array((0..200).map(|i| f64::from(i) * 0.1).collect::<Float64Array>())),
            ("t", array(StringArray::from(texts))),
        ]
    };
    let utf16: Vec<u8> =
        std::iter::once(0xfeff).chain(csv.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    vec![
        ("csv", csv.clone().into_bytes()),
        ("gzip", gzip(csv.as_bytes())),
        ("zstd", zstd(csv.as_bytes())),
        ("utf16", utf16),
        ("shift_jis", encoding_rs::SHIFT_JIS.encode("都市,値\n大阪,1\n京都,2\n").0.into_owned()),
        ("parquet", parquet(columns())),
        ("gzipped parquet", gzip(&parquet(columns()))),
    ]
}

/// Flips, overwrites, cuts, doubles or inserts, as the key says.
fn mutate(bytes: &[u8], key: u64) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let n_changes = 1 + mix(key, 0) % 4;
    for change in 0..n_changes {
        let draw = |what: u64| mix(key, 1 + change * 8 + what);
        if bytes.is_empty() {
            break;
        }
        let at = (draw(0) % bytes.len() as u64) as usize;
        match draw(1) % 6 {
            0 => bytes[at] ^= 1 << (draw(2) % 8),
            1 => bytes[at] = draw(2) as u8,
            2 => bytes.truncate(at),
            3 => bytes.insert(at, b",\"\n\0\xff"[(draw(2) % 5) as usize]),
            4 => {
                let end = (at + (draw(2) % 32) as usize).min(bytes.len());
                let copy = bytes[at..end].to_vec();
                bytes.extend(copy);
            }
            _ => {
                bytes.remove(at);
            }
        }
    }
    bytes
}

#[test]
fn damaged_files_never_panic() {
    // A panic of the Parquet decoder is caught and told as damage; it need not be printed here.
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !is_decoding() {
            print(panic);
        }
    }));
    let mut n_errors = 0;
    for (name, valid) in valid_files() {
        assert!(read(&valid).is_ok(), "{name} itself is valid");
        for key in 0..MUTATIONS {
            let bytes = mutate(&valid, mix(key, valid.len() as u64));
            let outcome = std::panic::catch_unwind(|| read(&bytes));
            let read =
                outcome.unwrap_or_else(|_| panic!("{name} under key {key} panics the reader"));
            if let Err(error) = read {
                n_errors += 1;
                assert!(error.to_string().contains("t.csv") && !error.hint().is_empty());
            }
        }
    }
    assert!(n_errors > 1000, "only {n_errors} mutations were noticed, so they test nothing");
}

/// Parquet files that write texts and numbers in every encoding, plain and compressed.
fn parquet_encodings() -> Vec<Vec<u8>> {
    let encodings = [
        None,
        Some(Encoding::PLAIN),
        Some(Encoding::DELTA_LENGTH_BYTE_ARRAY),
        Some(Encoding::DELTA_BYTE_ARRAY),
    ];
    let versions = [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0];
    let files = encodings.into_iter().flat_map(|encoding| {
        versions.map(|version| {
            let mut properties = WriterProperties::builder()
                .set_writer_version(version)
                .set_dictionary_enabled(encoding.is_none());
            if let Some(encoding) = encoding {
                properties = properties.set_column_encoding("t".into(), encoding);
            }
            let texts: Vec<Option<String>> =
                (0..300).map(|i| (i % 7 > 0).then(|| format!("text {i}"))).collect();
            let columns = vec![
                ("t", array(StringArray::from(texts))),
                ("i", array((0..300).collect::<Int64Array>())),
            ];
            parquet_with(columns, properties.build())
        })
    });
    files.collect()
}

/// A length of 2³¹ − 1, or the largest of all, at every place of the file: memory is not reserved for what
/// a file merely promises. If it were, the process would end, which no test could catch.
#[test]
fn forged_lengths_are_damage() {
    const FORGED: [&[u8]; 3] = [
        &[0xff, 0xff, 0xff, 0xff, 0x07],
        &[0xfe, 0xff, 0xff, 0xff, 0x0f],
        &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
    ];
    let mut n_errors = 0;
    for file in parquet_encodings() {
        assert!(read(&file).is_ok(), "the file itself is sound");
        for at in 4..file.len() - 9 {
            for forged in FORGED {
                let mut bytes = file.clone();
                bytes[at..at + forged.len()].copy_from_slice(forged);
                n_errors += usize::from(read(&bytes).is_err());
            }
        }
    }
    assert!(n_errors > 10_000, "only {n_errors} forgeries were noticed, so they test nothing");
}

proptest! {
    /// Random bytes never panic the reader.
    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&bytes);
    }

    /// Random text of the characters that matter never panics the reader.
    #[test]
    fn random_text_never_panics(text in "[a0-9,;\t\"\n\r\\-:.TZeé\u{feff}]{0,200}") {
        let _ = read(text.as_bytes());
    }

    /// Random bytes behind each magic number never panic the reader.
    #[test]
    fn random_bytes_behind_a_magic_number_never_panic(
        magic in prop::sample::select(vec![
            &b"\x1f\x8b\x08\0"[..], b"\x28\xb5\x2f\xfd", b"PAR1", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf"]),
        bytes in prop::collection::vec(any::<u8>(), 0..300), closes: bool,
    ) {
        let tail: &[u8] = if closes { b"PAR1" } else { b"" };
        let _ = read(&[magic, &bytes, tail].concat());
    }
}
