//! Words of the page itself: navigation, legends, column heads that many tables share.

use yorisoi::data::Better;

use crate::text::Text;

pub(crate) const CONTENTS: Text = Text::say("In this report", "目次");
pub(crate) const FINDINGS: Text = Text::say("What we found", "結果");
pub(crate) const EVIDENCE: Text = Text::say("How sure we are", "根拠");
pub(crate) const METHOD: Text = Text::say("How it was done", "方法");
pub(crate) const NUMBERS: Text = Text::say("The numbers behind this picture", "この図の数値を見る");
pub(crate) const LEFT_OUT: Text =
    Text::say("What this report leaves out, and why", "この報告書に載せていないもの");
pub(crate) const LEFT_OUT_LEAD: Text = Text::say(
    "A section appears only where the data can carry it. These are missing here:",
    "データで裏づけられる節だけを載せています。次の節は、今回は載せていません。",
);
pub(crate) const MARKS: Text = Text::say("How to read the marks", "記号の見方");
pub(crate) const MARK_HELP: Text = Text::say(
    "the whole 95% interval lies above zero: it helps",
    "95%信頼区間の全体がゼロより上です（良い効果があります）",
);
pub(crate) const MARK_UNKNOWN: Text = Text::say(
    "the interval covers zero: we cannot tell",
    "信頼区間がゼロをまたいでいます（効果の有無を判断できません）",
);
pub(crate) const MARK_HARM: Text = Text::say(
    "the whole interval lies below zero: it harms",
    "信頼区間の全体がゼロより下です（逆効果です）",
);
pub(crate) const FOOTER: Text = Text::say(
    "Made by Yorisoi. This file is complete in itself: it loads nothing and sends nothing.",
    "Yorisoiが作成しました。この報告書は1つのファイルで完結しており、外部との通信は一切行いません。",
);

pub(crate) const ARM: Text = Text::say("Arm", "群");
pub(crate) const FEATURE: Text = Text::say("Feature", "特徴量");
pub(crate) const ESTIMATE: Text = Text::say("Estimate", "推定値");
pub(crate) const INTERVAL: Text = Text::say("95% interval", "95%信頼区間");
pub(crate) const STD_ERROR: Text = Text::say("Std. error", "標準誤差");
pub(crate) const N: Text = Text::say("n", "n");
pub(crate) const ROWS: Text = Text::say("Rows", "行数");
pub(crate) const PEOPLE: Text = Text::say("People", "人数");
pub(crate) const SHARE: Text = Text::say("Share", "割合");
pub(crate) const READING: Text = Text::say("Reading", "読み方");

pub(crate) const BAND: Text = Text::say("95% band", "95%信頼帯");
pub(crate) const ABOVE_ZERO: Text = Text::say("interval above zero", "区間がゼロより上");
pub(crate) const COVERS_ZERO: Text = Text::say("covers zero", "ゼロをまたぐ");
pub(crate) const BELOW_ZERO: Text = Text::say("below zero", "ゼロより下");
pub(crate) const FOUND_TENTH: Text = Text::say(
    "found in a tenth, with its 95% interval",
    "各十分位で実際に見られた効果と95%信頼区間",
);
pub(crate) const AGREEMENT: Text =
    Text::say("prediction and finding agree", "予測と実際が一致する線");
pub(crate) const RAW: Text = Text::say("as it is", "補正前");
pub(crate) const WEIGHTED: Text = Text::say("after weighting", "重みづけ後");
pub(crate) const LARGE: Text = Text::say("0.1", "0.1");

/// Says that a list was cut.
pub(crate) fn cut(shown: &Text, all: &Text) -> Text {
    Text::new(
        format!("{} of {} are shown; the rest stands in summary.json.", shown.en, all.en),
        format!(
            "全{}件のうち{}件を表示しています。残りはsummary.jsonにあります。",
            all.ja, shown.ja
        ),
    )
}

/// The axis of effects: the change of the outcome, for the better.
pub(crate) fn effect_axis(outcome: &Text, in_points: bool, better: Better) -> Text {
    let (change, change_ja) = match better {
        Better::More => ("change", "変化"),
        Better::Less => ("reduction", "減少"),
    };
    let (points, points_ja) =
        if in_points { (", percentage points", "（ポイント）") } else { ("", "") };
    Text::new(
        format!("{change} in {outcome}{points}", outcome = outcome.en),
        format!("{outcome}の{change_ja}{points_ja}", outcome = outcome.ja),
    )
}

/// A title with the arm it is about.
pub(crate) fn of_arm(title: &Text, arm: &str) -> Text {
    Text::new(format!("{}: {arm}", title.en), format!("{}：{arm}", title.ja))
}
