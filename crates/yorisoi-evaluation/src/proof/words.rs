//! How is the proof of a programme said, in both languages?

use super::verdict::{Found, Proof, Reason, Verdict};
use crate::Words;
use crate::verdict::words::number;

impl Proof {
    /// Returns the verdict with its numbers, as a sentence or two.
    ///
    /// # Example
    ///
    /// ```
    /// # use yorisoi_evaluation::proof::{Design, Method, Share, Tally, prove};
    /// let design = Design { share_held: Share::new(0.5)?, method: Method::FixedEnd };
    /// let proof = prove(&Tally::default(), &Tally::default(), &design)?;
    /// assert!(proof.words().en.starts_with("One cannot know yet"));
    /// assert!(proof.words().ja.starts_with("まだ分かりません"));
    /// # Ok::<(), yorisoi_evaluation::EvaluationError>(())
    /// ```
    pub fn words(&self) -> Words {
        match (self.verdict, self.found) {
            (Verdict::CannotKnow(reason), _) => reason.words(),
            (_, None) => Reason::NoComparison.words(),
            (Verdict::Proven, Some(found)) => proven(&found, self),
            (Verdict::ProvenHarm, Some(found)) => harm(&found, self),
            (Verdict::NotProven, Some(found)) => not_proven(&found, self),
        }
    }
}

fn proven(found: &Found, proof: &Proof) -> Words {
    let (more, ends) = (amount(found.estimate, proof), interval(found, proof));
    let total = total(proof);
    Words {
        en: format!(
            "Proven: people who were reached do better by {} each ({}) than people who were left \
             alone.{}",
            more.en, ends.en, total.en
        ),
        ja: format!(
            "実証されました。働きかけた方々の成果は、あえて働きかけなかった方々より一人あたり {} 高くなっています（{}）。{}",
            more.ja, ends.ja, total.ja
        ),
    }
}

fn harm(found: &Found, proof: &Proof) -> Words {
    let (less, ends) = (amount(-found.estimate, proof), interval(found, proof));
    let total = total(proof);
    Words {
        en: format!(
            "Harm is proven: people who were reached do worse by {} each (difference {}) than people \
             who were left alone. Stop and look for the reason.{}",
            less.en, ends.en, total.en
        ),
        ja: format!(
            "逆効果であることが実証されました。働きかけた方々の成果は、あえて働きかけなかった方々より一人あたり {} \
             低くなっています（差の{}）。いったん止めて、原因を確かめることをお勧めします。{}",
            less.ja, ends.ja, total.ja
        ),
    }
}

fn not_proven(found: &Found, proof: &Proof) -> Words {
    let (change, ends) = (amount(found.estimate, proof), interval(found, proof));
    Words {
        en: format!(
            "Not proven: these numbers are also what one would see if reaching people changed nothing. \
             Difference {} each ({}), from {} people reached and {} left alone.",
            change.en, ends.en, proof.people_reached, proof.people_held
        ),
        ja: format!(
            "実証されていません。働きかけに何の効果もなかったとしても、このような数字は得られます。\
             一人あたりの差は {}（{}）でした。働きかけた方は {} 人、働きかけなかった方は {} 人です。",
            change.ja, ends.ja, proof.people_reached, proof.people_held
        ),
    }
}

/// Says how much that is over everyone reached.
fn total(proof: &Proof) -> Words {
    let Some(total) = proof.total() else {
        return Words { en: String::new(), ja: String::new() };
    };
    let (sum, low, high) = (number(total.estimate), number(total.low), number(total.high));
    let n = proof.people_reached;
    Words {
        en: format!(" Over the {n} people reached that is {sum} ({low} to {high})."),
        ja: format!("働きかけた {n} 人の合計では {sum}（{low} ～ {high}）です。"),
    }
}

fn amount(value: f64, proof: &Proof) -> Words {
    if proof.is_yes_or_no {
        let points = number(100.0 * value);
        return Words {
            en: format!("{points} percentage points"),
            ja: format!("{points} ポイント"),
        };
    }
    Words { en: number(value), ja: number(value) }
}

fn interval(found: &Found, proof: &Proof) -> Words {
    let factor = if proof.is_yes_or_no { 100.0 } else { 1.0 };
    let (low, high) = (number(factor * found.low), number(factor * found.high));
    Words {
        en: format!("95 % interval {low} to {high}"),
        ja: format!("95 % 信頼区間 {low} ～ {high}"),
    }
}

impl Reason {
    /// Returns why nothing can be said, and what would help.
    pub fn words(&self) -> Words {
        let (en, ja) = match self {
            Self::NoComparison => (
                "there is nothing to compare with. Hold out a share of people, by lot, from the start."
                    .to_owned(),
                "比べる相手がいません。はじめから一部の方を無作為に選び、働きかけずに見守る群を設けてください。"
                    .to_owned(),
            ),
            Self::SampleRatio { p_value } => (
                format!(
                    "the groups do not have the sizes they were promised (p = {}). Something between \
                     dealing and counting loses people; find it before reading any result.",
                    number(*p_value)
                ),
                format!(
                    "群の人数が、決めておいた割合と合っていません（p = {}）。割り当てから集計までのどこかで人が抜け落ちています。\
                     結果を読む前に原因を突き止めてください。",
                    number(*p_value)
                ),
            ),
            Self::TooFewPeople { actual, needed } => (
                format!("the smaller group has {actual} people or households, {needed} are needed."),
                format!("少ないほうの群が {actual} 件です。少なくとも {needed} 件必要です。"),
            ),
            Self::TooFewEvents { actual, needed } => (
                format!(
                    "in one of the groups the rarer answer has occurred {actual} times, {needed} are \
                     needed. For rare outcomes choose the exact method."
                ),
                format!(
                    "いずれかの群で、少ないほうの結果がまだ {actual} 回しか起きていません。{needed} 回必要です。\
                     まれな結果には、正確法をお使いください。"
                ),
            ),
            Self::NotYesOrNo => (
                "the exact method needs an outcome of zeros and ones, and people dealt one by one."
                    .to_owned(),
                "正確法は、結果が 0 か 1 で、一人ずつ割り当てた場合に限って使えます。".to_owned(),
            ),
            Self::TooThin { effective, needed } => (
                format!(
                    "only {} past decisions' worth of evidence bears on this, {} are needed.",
                    number(*effective),
                    number(*needed)
                ),
                format!(
                    "手がかりになる過去の判断が、実質 {} 件分しかありません。{} 件分必要です。",
                    number(*effective),
                    number(*needed)
                ),
            ),
        };
        Words {
            en: format!("One cannot know yet: {en}"), ja: format!("まだ分かりません。{ja}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proof(low: f64, high: f64) -> Proof {
        let found = Found { estimate: 0.5 * (low + high), std_error: 0.01, low, high };
        Proof {
            found: Some(found),
            people_reached: 9_000,
            people_held: 1_000,
            is_yes_or_no: true,
            verdict: found.verdict(),
        }
    }

    #[test]
    fn each_verdict_is_said_with_its_numbers() {
        let words = proof(0.01, 0.03).words();
        assert!(words.en.contains("better by 2.00 percentage points each"), "{}", words.en);
        assert!(words.en.contains("Over the 9000 people reached that is 180 (90.0 to 270)"));
        assert!(words.ja.contains("2.00 ポイント高く") || words.ja.contains("2.00 ポイント 高く"));
        let words = proof(-0.03, -0.01).words();
        assert!(words.en.contains("worse by 2.00 percentage points"), "{}", words.en);
        assert!(words.ja.contains("逆効果"));
        let words = proof(-0.01, 0.03).words();
        assert!(words.en.starts_with("Not proven") && words.ja.starts_with("実証されていません"));
        assert!(words.en.contains("−1.00 to 3.00"), "{}", words.en);
    }

    #[test]
    fn every_reason_says_the_number_that_stopped_it() {
        let cases = [
            (Reason::SampleRatio { p_value: 0.000_2 }, "0.0002"),
            (Reason::TooFewPeople { actual: 12, needed: 50 }, "12"),
            (Reason::TooFewEvents { actual: 3, needed: 10 }, "3"),
            (Reason::TooThin { effective: 17.0, needed: 50.0 }, "17.0"),
        ];
        for (reason, shown) in cases {
            let words = reason.words();
            assert!(words.en.contains(shown) && words.ja.contains(shown), "{words:?}");
        }
    }
}
