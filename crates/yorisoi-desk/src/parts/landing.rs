//! How did it land? Six answers, each one tap, one word and one colour.

use yorisoi_ledger::Landing;

use crate::lang::{Text, say};

/// Every landing with its field value and its key.
pub(crate) const LANDINGS: [(Landing, &str, &str); 6] = [
    (Landing::Helped, "helped", "1"),
    (Landing::Received, "received", "2"),
    (Landing::Neutral, "neutral", "3"),
    (Landing::Nuisance, "nuisance", "4"),
    (Landing::NotReceived, "not_received", "5"),
    (Landing::Closed, "closed", "6"),
];

/// A landing in words.
pub(crate) fn landing_words(landing: Landing) -> &'static Text {
    static HELPED: Text = say("It helped", "助けになった");
    static RECEIVED: Text = say("It arrived", "届いた");
    static NEUTRAL: Text = say("Neither here nor there", "どちらでもない");
    static NUISANCE: Text = say("A nuisance", "ご迷惑だった");
    static NOT_RECEIVED: Text = say("It did not arrive", "届かなかった");
    static CLOSED: Text = say("The heart closed", "心を閉ざされた");
    match landing {
        Landing::Helped => &HELPED,
        Landing::Received => &RECEIVED,
        Landing::Neutral => &NEUTRAL,
        Landing::Nuisance => &NUISANCE,
        Landing::NotReceived => &NOT_RECEIVED,
        Landing::Closed => &CLOSED,
    }
}

/// The meaning of a landing, as a class.
pub(crate) fn landing_tone(landing: Landing) -> &'static str {
    match landing {
        Landing::Helped => "help",
        Landing::Nuisance | Landing::Closed => "harm",
        Landing::NotReceived => "unknown",
        Landing::Received | Landing::Neutral => "rest",
    }
}
