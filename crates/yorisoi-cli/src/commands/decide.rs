//! `yorisoi decide`: what now, for this client, by a policy and facts in files?
//!
//! The same pure decision as the library, Python and the service make, byte for byte. Nothing is recorded and
//! nothing reserved: `serve` does that.

use std::path::Path;

use yorisoi_decision::{DecisionKey, Policy, Situation, ValidPolicy};

use crate::args::DecideArgs;
use crate::failure::{Exit, Failure};
use crate::session::Session;
use crate::values::{KeyArg, key_bytes};
use crate::{input, output, terminal};

/// Prints the decision: as JSON its bytes, else in words.
///
/// # Errors
///
/// A [`Failure`] that names the file and, where there is one, the line that cannot be used.
pub(crate) fn run(args: &DecideArgs, session: &Session) -> Result<Exit, Failure> {
    if input::is_stdin(&args.policy) && input::is_stdin(&args.situation) {
        return Err(Failure::usage(
            "policy and situation cannot both come from standard input",
            "方針と事実の両方を標準入力から読むことはできません",
        ));
    }
    let policy = policy(&args.policy)?;
    let mut situation = situation(&args.situation)?;
    if let Some(now) = args.now {
        situation.now = now;
    }
    let decision = yorisoi_decision::decide(&policy, &situation, &key(&args.key)?);
    if session.is_json {
        let text = serde_json::to_string(&decision)
            .map_err(|error| Failure::internal(error.to_string(), error.to_string()))?;
        output::print(text + "\n")?;
    } else {
        output::print(terminal::decision(&decision, policy.policy(), session))?;
    }
    Ok(Exit::Ok)
}

fn policy(path: &Path) -> Result<ValidPolicy, Failure> {
    let text = text(path)?;
    Policy::parse(&text)
        .and_then(Policy::validated)
        .map_err(|error| Failure::from(error).in_file(&input::name_of(path)))
}

fn situation(path: &Path) -> Result<Situation, Failure> {
    serde_json::from_str(&text(path)?).map_err(|error| {
        Failure::input(
            format!("the situation cannot be read: {error}"),
            format!("事実を読み取れません: {error}"),
        )
        .hint(
            "docs/decision.md shows what stands in it",
            "書き方は docs/decision.md をご覧ください",
        )
        .in_file(&input::name_of(path))
    })
}

fn key(written: &KeyArg) -> Result<DecisionKey, Failure> {
    let (digits, name) = match written {
        KeyArg::Digits(digits) => (digits.clone(), "--key".to_owned()),
        KeyArg::File(path) => (text(path)?, input::name_of(path)),
    };
    // What was written may be most of a secret: it is not repeated.
    let bytes = key_bytes(digits.trim()).ok_or_else(|| {
        Failure::usage(
            format!("`{name}` does not hold 64 hexadecimal digits"),
            format!("`{name}` は 16 進数 64 桁ではありません"),
        )
        .hint(
            "make a key with `openssl rand -hex 32 > key` and give `--key @key`",
            "`openssl rand -hex 32 > key` で鍵を作り、`--key @key` と指定してください",
        )
    })?;
    Ok(DecisionKey::new(bytes))
}

fn text(path: &Path) -> Result<String, Failure> {
    String::from_utf8(input::bytes(path)?).map_err(|_| {
        Failure::input("it is no UTF-8 text", "UTF-8 の文章ではありません")
            .in_file(&input::name_of(path))
    })
}
