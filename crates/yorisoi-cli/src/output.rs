//! Where does what the command says go? Results to standard output, the rest to standard error.

use std::io::{self, ErrorKind, Write};

use crate::failure::Failure;
use crate::failures::reason;

/// Writes a result to standard output.
///
/// A reader that has gone away, such as `head`, has seen what it wanted: that is no failure.
///
/// # Errors
///
/// A [`Failure`] of the input kind where standard output cannot be written to.
pub(crate) fn print(bytes: impl AsRef<[u8]>) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    settle(out.write_all(bytes.as_ref()).and_then(|()| out.flush()))
}

/// Runs `write` on buffered standard output; see [`print()`].
///
/// # Errors
///
/// As [`print()`].
pub(crate) fn stream(
    write: impl FnOnce(&mut io::BufWriter<io::StdoutLock<'static>>) -> io::Result<()>,
) -> Result<(), Failure> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    settle(write(&mut out).and_then(|()| out.flush()))
}

fn settle(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            let reason = reason(&error);
            Err(Failure::input(
                format!("cannot write to standard output: {}", reason.en),
                format!("標準出力に書き込めません: {}", reason.ja),
            )
            .hint(
                "write into a file with `--out`, or free some space there",
                "`--out` でファイルに書き出すか、空き容量を増やしてください",
            ))
        }
        _ => Ok(()),
    }
}

/// Says something on standard error; if that is gone too, nobody is left to tell.
pub(crate) fn say(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
