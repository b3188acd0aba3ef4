//! How far is the work, and how long did each stage take?

use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use yorisoi::data::Progress;
use yorisoi::summary::Timing;

use crate::lang::Lang;

/// One bar a stage on standard error, and a stopwatch.
///
/// The bar hides itself where standard error is not a terminal, with `--quiet`, and between stages; the
/// stopwatch always runs, since inner layers know no clock.
pub(crate) struct Bars {
    lang: Lang,
    visible: bool,
    state: Mutex<State>,
    bar: ProgressBar,
}

struct State {
    running: Option<(&'static str, Instant)>,
    done: Vec<(&'static str, Duration)>,
}

impl Bars {
    /// Returns bars that speak `lang`, or none at all.
    pub(crate) fn new(lang: Lang, visible: bool) -> Self {
        let target =
            if visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        let state = Mutex::new(State { running: None, done: Vec::new() });
        Self { lang, visible, state, bar }
    }

    /// Ends the last stage, takes the bar away and returns the seconds of every stage, in order.
    /// A stage that came more than once is summed.
    pub(crate) fn finish(&self) -> Vec<Timing> {
        self.bar.finish_and_clear();
        let mut state = self.lock();
        state.end_running();
        let mut timings: Vec<Timing> = Vec::new();
        for (stage, duration) in &state.done {
            let seconds = duration.as_secs_f64();
            match timings.iter_mut().find(|timing| timing.stage == *stage) {
                Some(timing) => timing.seconds += seconds,
                None => timings.push(Timing { stage: (*stage).to_owned(), seconds }),
            }
        }
        timings
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl State {
    fn end_running(&mut self) {
        if let Some((stage, since)) = self.running.take() {
            self.done.push((stage, since.elapsed()));
        }
    }
}

impl Progress for Bars {
    fn stage(&self, name: &'static str, total: u64) {
        let mut state = self.lock();
        state.end_running();
        state.running = Some((name, now()));
        if self.visible {
            let template = if total > 1 {
                "{msg:>22} {bar:30.dim} {percent:>3} %  {elapsed_precise}  ETA {eta_precise}"
            } else {
                "{msg:>22} {spinner} {elapsed_precise}"
            };
            if let Ok(style) = ProgressStyle::with_template(template) {
                self.bar.set_style(style.progress_chars("━━╌"));
            }
            self.bar.reset();
            self.bar.set_length(total);
            self.bar.set_message(stage_words(name, self.lang));
        }
    }

    fn advance(&self, steps: u64) {
        self.bar.inc(steps);
    }
}

#[expect(clippy::disallowed_methods, reason = "the outermost layer owns the clock")]
fn now() -> Instant {
    Instant::now()
}

/// Returns a stage's name for people; an unknown one stands for itself.
fn stage_words(name: &'static str, lang: Lang) -> &'static str {
    match (name, lang) {
        ("read", Lang::En) => "reading",
        ("read", Lang::Ja) => "読み込み",
        ("prepare", Lang::En) => "preparing columns",
        ("prepare", Lang::Ja) => "列の準備",
        ("nuisances", Lang::En) => "learning the ordinary",
        ("nuisances", Lang::Ja) => "ふだんの予測",
        ("forest" | "grow", Lang::En) => "growing the forest",
        ("forest" | "grow", Lang::Ja) => "森の成長",
        ("more trees", Lang::En) => "growing more trees",
        ("more trees", Lang::Ja) => "木の追加",
        ("leaf size", Lang::En) => "choosing leaf sizes",
        ("leaf size", Lang::Ja) => "葉の大きさの選択",
        ("effects" | "predict", Lang::En) => "estimating effects",
        ("effects" | "predict", Lang::Ja) => "効果の推定",
        ("evaluate", Lang::En) => "judging",
        ("evaluate", Lang::Ja) => "検証",
        ("plan", Lang::En) => "planning",
        ("plan", Lang::Ja) => "計画",
        ("write", Lang::En) => "writing",
        ("write", Lang::Ja) => "書き出し",
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_that_comes_twice_is_summed_in_its_first_place() {
        let bars = Bars::new(Lang::En, false);
        for stage in ["grow", "predict", "grow"] {
            bars.stage(stage, 1);
            bars.advance(1);
        }
        let stages: Vec<String> = bars.finish().into_iter().map(|timing| timing.stage).collect();
        assert_eq!(stages, ["grow", "predict"]);
    }
}
