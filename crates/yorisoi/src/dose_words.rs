//! How is it said that nothing can be known of an amount? Sentences of arms do not fit it.

use yorisoi_data::Notice;
use yorisoi_evaluation::Verdict;

use crate::summary::{Dose, Words};

/// Fewer people than this share for whom a plan may say anything deserve a notice.
const MOST: f64 = 0.5;

/// Returns what an arm of an amount is called in sentences.
pub(crate) fn name(treatment: &str, arm: &str) -> String {
    format!("{treatment} {arm}")
}

/// Returns a verdict in words that fit an amount.
pub(crate) fn verdict(found: Verdict, treatment: &str) -> Verdict {
    let number = found.decided_by.map_or(0.0, |number| number.estimate);
    let percent = format!("{:.1} %", 100.0 * number);
    let (en, ja) = match (found.code, number < 1.0) {
        ("unknowable.overlap", true) => (
            format!(
                "This cannot be known from these data: for {percent} of the people the other columns all but \
                 decide the amount of `{treatment}`, so that nobody alike got another amount. Next time, let \
                 chance vary it for some of them."
            ),
            format!(
                "このデータからは分かりません。{percent} の人について「{treatment}」の量がほかの列からほぼ決まっており、\
                 違う量を受けた似た人がいません。次回は、一部の人について量を無作為に変えてください。"
            ),
        ),
        ("unknowable.overlap", false) => (
            format!(
                "This cannot be known from these data: people count so unequally, because the amount of \
                 `{treatment}` varies more among some of them, they weigh more or belong to one large group, \
                 that the comparison rests on the equivalent of {} people.",
                number.round()
            ),
            format!(
                "このデータからは分かりません。似た人どうしの間での「{treatment}」の量のばらつき、重み、まとまりの大きさの\
                 いずれかが偏っており、実質 {} 人分の情報で比べることになります。",
                number.round()
            ),
        ),
        ("unknowable.leak", _) if is_of_treatment(&found) => (
            format!(
                "This cannot be known from these data: the other columns tell the amount of `{treatment}` \
                 almost perfectly ({percent} of its variation). Either one of them repeats it, and should be \
                 left out, or a fixed rule decided, and then nobody alike got another amount."
            ),
            format!(
                "このデータからは分かりません。「{treatment}」の量がほかの列からほぼ完全に分かってしまいます\
                 （変動の {percent}）。同じ内容の列があれば除いてください。\
                 決まった規則で量を決めていた場合は、似た人どうしの比較ができません。"
            ),
        ),
        _ => return found,
    };
    Verdict { en, ja, ..found }
}

/// Whether the number that decided is about the treatment, which alone is named in it.
fn is_of_treatment(found: &Verdict) -> bool {
    found.decided_by_name.as_ref().is_some_and(|name| name.en.contains('`'))
}

/// Returns what a reader of a study of an amount must know.
pub(crate) fn notices(dose: &Dose, treatment: &str, arm: &str) -> Vec<Notice> {
    let notice = |code, words: Words| Notice::new(code, Some(treatment), words.en, words.ja);
    let mut notices = vec![notice("dose.one_unit", one_unit(treatment, arm))];
    // Counted so that a share that is no number counts as small.
    let is_most = dose.share_in_range >= MOST;
    if !is_most {
        notices.push(notice("dose.range", few_in_range(dose, treatment)));
    }
    notices
}

fn one_unit(treatment: &str, arm: &str) -> Words {
    Words {
        en: format!(
            "`{arm}` is one unit more of `{treatment}`: effects are slopes, right as far as the outcome changes \
             in proportion to the amount; the plan raises by one unit at most, and only where the data show \
             such amounts. It cannot say which amount is best"
        ),
        ja: format!(
            "`{arm}` は `{treatment}` を1単位増やすことです。効果は傾きで、結果が量に比例して変わる範囲で正しい値です。\
             計画は、データに例のある範囲での1単位の増加に限られ、最もよい量がいくらかは分かりません"
        ),
    }
}

fn few_in_range(dose: &Dose, treatment: &str) -> Words {
    let percent = format!("{:.0} %", 100.0 * dose.share_in_range);
    let alike = yorisoi_data::spell_number((1000.0 * dose.std_dev_alike).round() / 1000.0);
    Words {
        en: format!(
            "one unit more of `{treatment}` is within what the data show for {percent} of the people only: among \
             people alike it varies by {alike} (standard deviation); count it in smaller units to plan for more"
        ),
        ja: format!(
            "`{treatment}` を1単位増やした例がデータにあるのは {percent} の人だけです。似た人どうしのばらつきは標準偏差で \
             {alike} です。より小さな単位で数えると、計画できる人が増えます"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dose(share_in_range: f64) -> Dose {
        Dose {
            mean: 5.0,
            std_dev: 2.0,
            low: 1.0,
            high: 9.0,
            explained: 0.1,
            std_dev_alike: 0.25,
            share_fixed: 0.0,
            share_in_range,
        }
    }

    #[test]
    fn a_unit_too_large_for_the_data_is_told_with_its_remedy() {
        assert_eq!(notices(&dose(0.9), "minutes", "+1").len(), 1);
        let told = notices(&dose(0.1), "minutes", "+1");
        assert_eq!(told[1].code, "dose.range");
        assert!(told[1].en.contains("10 %") && told[1].en.contains("0.25"), "{}", told[1].en);
        assert!(notices(&dose(f64::NAN), "minutes", "+1").len() == 2);
    }
}
