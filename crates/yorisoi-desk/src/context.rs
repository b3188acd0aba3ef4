//! Who reads this page, in which language, when, and where?

use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use yorisoi_app::{Caller, Right};

use crate::lang::{Lang, Text};

/// What every page needs to know about its reader.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    /// Who.
    pub(crate) caller: Caller,
    /// The language chosen, or the browser's.
    pub(crate) lang: Lang,
    /// When the page is made.
    pub(crate) now: Timestamp,
    /// The zone in which times are written.
    pub(crate) zone: TimeZone,
    /// The page's own path.
    pub(crate) path: String,
    /// The word that a form of this session must carry.
    pub(crate) csrf: String,
    /// Whether only the inside of `main` is asked for.
    pub(crate) fragment: bool,
    /// The newest entry there was when the page was asked for.
    pub(crate) seen: u64,
    /// What the last step has to say: a tone and a sentence.
    pub(crate) flash: Option<(&'static str, String)>,
}

impl Context {
    /// The sentence in the reader's language.
    pub(crate) fn t<'a>(&self, text: &'a Text) -> &'a str {
        text.in_lang(self.lang)
    }

    /// The reader's name, as the ledger has it.
    pub(crate) fn name(&self) -> &str {
        self.caller.agent.as_ref().map_or(self.caller.token.as_str(), |agent| agent.as_str())
    }

    /// Whether the reader's role has the right.
    pub(crate) fn may(&self, right: Right) -> bool {
        self.caller.may(right).is_ok()
    }

    /// Whether this page lies at that place.
    pub(crate) fn is_at(&self, place: &str) -> bool {
        self.path == place
            || self.path.strip_prefix(place).is_some_and(|rest| rest.starts_with('/'))
    }

    /// The hidden field that makes a form this session's own.
    pub(crate) fn csrf(&self) -> Markup {
        html! { input type="hidden" name="csrf" value=(self.csrf); }
    }

    /// An instant, for this reader.
    pub(crate) fn time(&self, at: Timestamp) -> Markup {
        let text = crate::format::instant(at, self.now, &self.zone, self.lang);
        html! { time datetime=(at.to_string()) { (text) } }
    }
}
