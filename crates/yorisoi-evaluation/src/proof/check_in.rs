//! Is someone doing worse? At most four questions, and signs that deserve a look.

use serde::{Deserialize, Serialize};

use crate::EvaluationError;

/// Most questions of a check-in.
pub const MAX_ITEMS: usize = 4;

/// Best score of a question; the worst is 0.
pub const BEST: u8 = 10;

/// Answers of one check-in: at most four scores from 0 (worst) to 10 (best), each may be skipped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Option<u8>>", into = "Vec<Option<u8>>")]
pub struct CheckIn(Vec<Option<u8>>);

impl CheckIn {
    /// Accepts up to four answers.
    ///
    /// # Errors
    ///
    /// [`EvaluationError::Option`] for no or more than four questions, or a score above 10.
    pub fn new(items: &[Option<u8>]) -> Result<Self, EvaluationError> {
        if items.is_empty() || items.len() > MAX_ITEMS {
            let (value, expected) = (items.len() as f64, "one to four questions");
            return Err(EvaluationError::Option { option: "items", value, expected });
        }
        if let Some(score) = items.iter().flatten().find(|score| **score > BEST) {
            let (value, expected) = (f64::from(*score), "a score from 0 to 10");
            return Err(EvaluationError::Option { option: "score", value, expected });
        }
        Ok(Self(items.to_vec()))
    }

    /// Returns the mean of the answered scores, or `None` if all were skipped.
    pub fn level(&self) -> Option<f64> {
        let answered: Vec<f64> = self.0.iter().flatten().map(|score| f64::from(*score)).collect();
        let n = answered.len() as f64;
        (!answered.is_empty()).then(|| answered.iter().sum::<f64>() / n)
    }

    fn is_perfect(&self) -> bool {
        self.0.iter().all(|score| *score == Some(BEST))
    }
}

impl TryFrom<Vec<Option<u8>>> for CheckIn {
    type Error = EvaluationError;

    fn try_from(items: Vec<Option<u8>>) -> Result<Self, EvaluationError> {
        Self::new(&items)
    }
}

impl From<CheckIn> for Vec<Option<u8>> {
    fn from(check_in: CheckIn) -> Self {
        check_in.0
    }
}

/// When to look.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Watchfulness {
    /// A level below this is low.
    pub low_level: f64,
    /// A single score at or below this is low.
    pub low_item: u8,
    /// A level this much below the person's usual one is a fall.
    pub fall: f64,
    /// Earlier check-ins needed before there is a usual level.
    pub usual_needs: usize,
    /// Perfect check-ins in a row that may be politeness.
    pub perfect_in_a_row: usize,
}

impl Default for Watchfulness {
    /// The cut-offs of the Outcome Rating Scale, four questions of 0 to 10 each: 25 of 40 separates those
    /// who seek help from those who do not, and 5 of 40 is the change that is no chance. The others are
    /// ours: 2 of 10 on one question, three check-ins for a usual level, four perfect ones in a row.
    fn default() -> Self {
        Self {
            low_level: 25.0 / 4.0,
            low_item: 2,
            fall: 5.0 / 4.0,
            usual_needs: 3,
            perfect_in_a_row: 4,
        }
    }
}

/// Why someone deserves a look.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// The level is low, and no longer only usual for this person.
    LowTotal {
        /// Mean score today.
        level: f64,
    },
    /// One score is low.
    LowItem {
        /// Which question, from 0.
        item: usize,
        /// Its score.
        score: u8,
    },
    /// The level is well below this person's usual one.
    Fall {
        /// Mean score today.
        level: f64,
        /// Usual mean score.
        usual: f64,
    },
}

/// What a check-in says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Signs, if any: then someone should look.
    pub signs: Vec<Sign>,
    /// Whether perfect scores, again and again, may be politeness rather than wellbeing. No alarm: a
    /// reason to ask in another way.
    pub maybe_politeness: bool,
    /// Mean score today; `None` if all was skipped.
    pub level: Option<f64>,
    /// Usual mean score; `None` as long as there is too little history.
    pub usual: Option<f64>,
}

impl Reading {
    /// Returns whether someone should look.
    pub fn is_alert(&self) -> bool {
        !self.signs.is_empty()
    }

    /// Returns how urgent it is, in scores: the deepest of the signs. For those who can look at some only.
    pub fn urgency(&self, rules: &Watchfulness) -> f64 {
        let depth = |sign: &Sign| match sign {
            Sign::LowTotal { level } => rules.low_level - level,
            Sign::LowItem { score, .. } => f64::from(rules.low_item) + 1.0 - f64::from(*score),
            Sign::Fall { level, usual } => usual - level,
        };
        self.signs.iter().map(depth).fold(0.0, f64::max)
    }
}

/// Returns what today's check-in says, against this person's earlier ones.
///
/// # Formula
///
/// ```text
/// level  = mean of the answered scores
/// usual  = median level of earlier check-ins, from `usual_needs` of them on
/// low total   level < low_level, unless that is usual: level > usual − fall/2 with usual < low_level
/// low item    score ≤ low_item
/// fall        level ≤ usual − fall
/// politeness  the last `perfect_in_a_row` check-ins, today's included, all best without a skip
/// ```
///
/// The median forgives single bad days. Someone whose level is always low is known to be so; an alarm
/// every week would only teach people to look away, so a low total alarms when it is news.
///
/// # Shapes and units
///
/// `history` in order of time, oldest first, without today's. Scores from 0 to 10.
///
/// # Assumptions
///
/// The questions stay the same. A person's wording of wellbeing is compared with that person's only.
///
/// # Source
///
/// Miller, Duncan, Brown, Sparks & Claud (2003), "The Outcome Rating Scale", *Journal of Brief Therapy* 2,
/// for the two cut-offs. The questions are to be one's own.
///
/// # Example
///
/// ```
/// # use yorisoi_evaluation::proof::{CheckIn, Sign, Watchfulness, read_check_in};
/// let usual = CheckIn::new(&[Some(8), Some(9), Some(8), Some(8)])?;
/// let today = CheckIn::new(&[Some(7), Some(2), None, Some(8)])?;
/// let reading = read_check_in(&[usual.clone(), usual.clone(), usual], &today, &Watchfulness::default());
/// assert!(reading.signs.contains(&Sign::LowItem { item: 1, score: 2 }));
/// # Ok::<(), yorisoi_evaluation::EvaluationError>(())
/// ```
pub fn read_check_in(history: &[CheckIn], today: &CheckIn, rules: &Watchfulness) -> Reading {
    let usual = usual_level(history, rules.usual_needs);
    let level = today.level();
    let mut signs = Vec::new();
    if let Some(level) = level {
        let is_usual =
            usual.is_some_and(|usual| usual < rules.low_level && level > usual - 0.5 * rules.fall);
        if level < rules.low_level && !is_usual {
            signs.push(Sign::LowTotal { level });
        }
        if let Some(usual) = usual
            && level <= usual - rules.fall
        {
            signs.push(Sign::Fall { level, usual });
        }
    }
    for (item, score) in today.0.iter().enumerate() {
        if let Some(score) = *score
            && score <= rules.low_item
        {
            signs.push(Sign::LowItem { item, score });
        }
    }
    let before = rules.perfect_in_a_row.saturating_sub(1);
    let maybe_politeness = today.is_perfect()
        && history.len() >= before
        && history[history.len() - before..].iter().all(CheckIn::is_perfect);
    Reading { signs, maybe_politeness, level, usual }
}

fn usual_level(history: &[CheckIn], needed: usize) -> Option<f64> {
    let mut levels: Vec<f64> = history.iter().filter_map(CheckIn::level).collect();
    if levels.is_empty() || levels.len() < needed {
        return None;
    }
    levels.sort_unstable_by(f64::total_cmp);
    Some(0.5 * (levels[(levels.len() - 1) / 2] + levels[levels.len() / 2]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worlds::{draw, normal};

    fn check_in(scores: [u8; 4]) -> CheckIn {
        CheckIn::new(&scores.map(Some)).unwrap()
    }

    fn signs(history: &[[u8; 4]], today: [u8; 4]) -> Vec<Sign> {
        let history: Vec<CheckIn> = history.iter().map(|scores| check_in(*scores)).collect();
        read_check_in(&history, &check_in(today), &Watchfulness::default()).signs
    }

    #[test]
    fn each_sign_at_its_boundary() {
        assert!(signs(&[], [7, 6, 6, 6]).is_empty());
        assert_eq!(signs(&[], [6, 6, 6, 6]), vec![Sign::LowTotal { level: 6.0 }]);
        assert_eq!(signs(&[], [9, 9, 9, 2]), vec![Sign::LowItem { item: 3, score: 2 }]);
        assert!(signs(&[], [9, 9, 9, 3]).is_empty());
        let usual = [[9, 9, 9, 8]; 3];
        assert_eq!(signs(&usual, [8, 7, 7, 8]), vec![Sign::Fall { level: 7.5, usual: 8.75 }]);
        assert!(signs(&usual, [8, 8, 7, 8]).is_empty());
        assert!(signs(&usual[..2], [8, 7, 7, 8]).is_empty());
    }

    #[test]
    fn a_level_that_is_always_low_is_no_news_until_it_falls() {
        let usual = [[5, 5, 5, 5]; 5];
        assert!(signs(&usual, [5, 5, 5, 5]).is_empty());
        assert_eq!(signs(&usual, [5, 4, 4, 4]), vec![Sign::LowTotal { level: 4.25 }]);
    }

    #[test]
    fn half_a_fall_from_what_is_always_low_is_news_as_a_whole_one_is_a_fall() {
        // Usual is the middle of 4.75 and 5.0, and 4.25 lies half of 1.25 below: all exact in binary.
        let usual = [[5, 5, 5, 4], [5, 5, 5, 5], [5, 5, 5, 4], [5, 5, 5, 5]];
        assert_eq!(signs(&usual, [5, 4, 4, 4]), vec![Sign::LowTotal { level: 4.25 }]);
        assert!(signs(&usual, [5, 5, 4, 4]).is_empty());
    }

    #[test]
    fn one_bad_day_does_not_change_what_is_usual() {
        let mut history = vec![[8, 8, 8, 8]; 4];
        history.push([1, 1, 1, 1]);
        assert!(
            matches!(signs(&history, [6, 7, 6, 7])[..], [Sign::Fall { usual, .. }] if usual > 7.9)
        );
    }

    #[test]
    fn perfect_scores_again_and_again_may_be_politeness() {
        let perfect = vec![check_in([10; 4]); 3];
        let reading = |history: &[CheckIn], today: &CheckIn| {
            read_check_in(history, today, &Watchfulness::default())
        };
        assert!(reading(&perfect, &check_in([10; 4])).maybe_politeness);
        assert!(!reading(&perfect[..2], &check_in([10; 4])).maybe_politeness);
        assert!(!reading(&perfect, &check_in([10, 10, 9, 10])).maybe_politeness);
        let skipped = CheckIn::new(&[Some(10), None]).unwrap();
        assert!(!reading(&perfect, &skipped).maybe_politeness);
    }

    #[test]
    fn skipping_everything_is_no_sign() {
        let none = CheckIn::new(&[None, None]).unwrap();
        let reading = read_check_in(&vec![check_in([9; 4]); 4], &none, &Watchfulness::default());
        assert!(!reading.is_alert() && reading.level.is_none());
    }

    #[test]
    fn five_questions_and_scores_of_eleven_are_refused() {
        assert!(CheckIn::new(&[None; 5]).is_err());
        assert!(CheckIn::new(&[]).is_err());
        assert!(CheckIn::new(&[Some(11)]).is_err());
        assert!(serde_json::from_str::<CheckIn>("[1, 99]").is_err());
    }

    /// Scores of one person on one day.
    fn answers(seed: u64, day: usize, wellbeing: f64, hurt: Option<usize>) -> CheckIn {
        let score = |item: usize| {
            let trouble = if hurt == Some(item) { 5.0 } else { 0.0 };
            let noise = normal(seed, 10 + 2 * item as u64, day);
            Some((wellbeing - trouble + noise).round().clamp(0.0, 10.0) as u8)
        };
        CheckIn::new(&[score(0), score(1), score(2), score(3)]).unwrap()
    }

    #[test]
    fn seven_of_ten_in_trouble_are_noticed_at_one_alert_in_five() {
        // 500 people, 20 check-ins. Usual wellbeing 7.5 ± 1, daily moods ± .6, four noisy questions. Trouble
        // begins at 3 % of check-ins and lasts three: it takes 3 off everything, or (one time in three) 5
        // off one question. One person in ten always answers 10. Nothing here was chosen by looking at the
        // rates; the thresholds are the published ones.
        let (mut troubled, mut noticed, mut alerts, mut n) = (0_u32, 0_u32, 0_u32, 0_u32);
        for person in 0..500 {
            let usual = 7.5 + normal(person, 1, 0);
            let polite = draw(person, 3, 0) < 0.1;
            let (mut history, mut left, mut hurt) = (vec![], 0, None);
            for day in 0..20 {
                if left == 0 && draw(person, 4, day) < 0.03 {
                    left = 3;
                    let which = draw(person, 5, day) * 12.0;
                    hurt = (which < 4.0).then_some(which as usize);
                }
                let in_trouble = left > 0;
                let drop = if in_trouble && hurt.is_none() { 3.0 } else { 0.0 };
                let wellbeing = usual + 0.6 * normal(person, 6, day) - drop;
                let item = if in_trouble { hurt } else { None };
                let today =
                    if polite { check_in([10; 4]) } else { answers(person, day, wellbeing, item) };
                let alert = read_check_in(&history, &today, &Watchfulness::default()).is_alert();
                n += 1;
                alerts += u32::from(alert);
                troubled += u32::from(in_trouble);
                noticed += u32::from(in_trouble && alert);
                history.push(today);
                left = usize::saturating_sub(left, 1);
            }
        }
        let (recall, share) =
            (f64::from(noticed) / f64::from(troubled), f64::from(alerts) / f64::from(n));
        assert!(recall >= 0.7 && share <= 0.2, "recall {recall:.3}, alerts {share:.3}");
    }
}
