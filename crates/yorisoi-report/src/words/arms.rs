//! Words about whether the arms can be compared.

use crate::text::Text;

pub(crate) const TITLE: Text = Text::say("Can the arms be compared?", "群どうしの比べやすさ");
pub(crate) const LEAD: Text = Text::say(
    "Effects are differences between people who got help and people who did not. That is fair only if the two kinds of \
     people were alike before, or can be made alike by weighting, and if both kinds are found everywhere.",
    "効果とは、働きかけを受けた人と受けなかった人の差です。公平に比べるには、両者がもともと似ているか、重みづけで似せることができ、\
     さらにどのような人にも両方の例がある必要があります。",
);
pub(crate) const LOVE: Text = Text::say("How alike before any help", "働きかけの前の似かた");
pub(crate) const LOVE_NOTE: Text = Text::say(
    "Difference between the arm and control in standard deviations, without its sign. Left of the dashed line is small. \
     The most different features come first.",
    "その群と対照群の差を標準偏差で表した大きさ（符号なし）です。破線より左なら小さな差です。差の大きい特徴量から並べています。",
);
pub(crate) const LOVE_AXIS: Text = Text::say("standardised difference", "標準化した差");
pub(crate) const RAW: Text = Text::say("As it is", "補正前");
pub(crate) const WEIGHTED: Text = Text::say("After weighting", "重みづけ後");
pub(crate) const OVERLAP: Text = Text::say("Who could have got either", "どちらにもなり得た人");
pub(crate) const OVERLAP_NOTE: Text = Text::say(
    "Up: people who got this arm. Down: control. Where only one side has bars, there is nobody to compare with.",
    "上がこの群の人、下が対照群の人です。片側にしか棒がないところでは、比べる相手がいません。",
);
pub(crate) const PROPENSITY_AXIS: Text =
    Text::say("probability of this arm (propensity)", "この群になる確率（傾向スコア）");
pub(crate) const SHARE_OF_GROUP: Text = Text::say("share of the group", "各群での割合");
pub(crate) const GOT_IT: Text = Text::say("got this arm", "この群の人");
pub(crate) const CONTROL: Text = Text::say("control", "対照群の人");
pub(crate) const TABLE: Text = Text::say("Overlap in numbers", "重なりの数値");
pub(crate) const SOURCE: Text = Text::say("Propensities", "傾向スコア");
pub(crate) const MIN: Text = Text::say("Smallest", "最小");
pub(crate) const MAX: Text = Text::say("Largest", "最大");
pub(crate) const THIN: Text = Text::say("Below 5% or above 95%", "5%未満または95%超");
pub(crate) const TRIMMED: Text = Text::say("Trimmed on request", "指定により除外");
pub(crate) const CELL: Text = Text::say("Propensity", "傾向スコア");

/// How many features differ by more than is called small.
pub(crate) fn balance(large: &Text, all: &Text) -> Text {
    Text::new(
        format!(
            "After weighting, {} of {} differences exceed 0.1 standard deviations.",
            large.en, all.en
        ),
        format!("重みづけ後に標準偏差の0.1倍を超える差は、{}件中{}件です。", all.ja, large.ja),
    )
}

/// Says in words that little or much of the data is thin.
pub(crate) fn thin(share: &Text) -> Text {
    Text::new(
        format!("For up to {} of people one of the arms is nearly impossible to find.", share.en),
        format!("最大で{}の人について、いずれかの群の例がほとんど見つかりません。", share.ja),
    )
}

/// The same where nothing is thin.
pub(crate) const NOT_THIN: Text = Text::say(
    "Every kind of person is found in every arm often enough to compare.",
    "どのような人についても、比べるのに十分な例が各群にあります。",
);
