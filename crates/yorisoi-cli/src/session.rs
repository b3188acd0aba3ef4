//! What every command has at hand: language, style, progress, and how to warn.

use yorisoi::data::Notice;
use yorisoi::summary::Timing;

use crate::args::CommonArgs;
use crate::failure::Failure;
use crate::lang::Lang;
use crate::output;
use crate::progress::Bars;
use crate::terminal::Style;

/// One run of the command.
pub(crate) struct Session {
    /// Language of all that is said.
    pub(crate) lang: Lang,
    /// Style of standard output.
    pub(crate) style: Style,
    /// Whether results are printed as JSON.
    pub(crate) is_json: bool,
    /// Progress bars and stopwatch.
    pub(crate) bars: Bars,
    is_quiet: bool,
}

impl Session {
    /// Opens a session as the common options ask for it.
    ///
    /// # Errors
    ///
    /// A [`Failure`] where the threads asked for cannot be had.
    pub(crate) fn new(common: &CommonArgs, lang: Lang) -> Result<Self, Failure> {
        if let Some(threads) = common.threads {
            rayon::ThreadPoolBuilder::new()
                .num_threads(usize::from(threads))
                .build_global()
                .map_err(|error| {
                    let (en, ja) = ("cannot start threads", "スレッドを開始できません");
                    Failure::internal(format!("{en}: {error}"), format!("{ja}: {error}"))
                })?;
        }
        Ok(Self {
            lang,
            style: Style::of_stdout(),
            is_json: common.json,
            bars: Bars::new(lang, !common.quiet),
            is_quiet: common.quiet,
        })
    }

    /// Says warnings on standard error.
    pub(crate) fn warn(&self, notices: &[Notice]) {
        if self.is_quiet {
            return;
        }
        let word = self.lang.pick("warning:", "注意:");
        for notice in notices {
            output::say(&format!("{word} {}\n", self.lang.pick(&notice.en, &notice.ja)));
        }
    }

    /// Says where something was written, on standard error.
    pub(crate) fn tell(&self, en: &str, ja: &str) {
        if !self.is_quiet {
            output::say(&format!("{}\n", self.lang.pick(en, ja)));
        }
    }

    /// Takes the progress bar away and returns the seconds of every stage.
    pub(crate) fn timings(&self) -> Vec<Timing> {
        self.bars.finish()
    }
}
