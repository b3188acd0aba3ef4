//! Words about whether the ranking is real, the sizes are right, and people differ.

use crate::text::Text;

pub(crate) const RANKING_TITLE: Text = Text::say("Is the ranking real?", "順位づけの確かさ");
pub(crate) const RANKING_LEAD: Text = Text::say(
    "If we help those first whom we expect to gain most, do they in fact gain more? Judged on people the model has \
     never seen.",
    "効果が大きいと予測した人から順に働きかけると、実際に効果が大きいのでしょうか。モデルの学習に使っていない人で確かめています。",
);
pub(crate) const RANKING_MISSING: Text =
    Text::say("There is no ranking that could be judged.", "検証できる順位づけがありません。");
pub(crate) const TOC: Text =
    Text::say("Gain of the best over all (TOC)", "上位の人の効果が平均を上回る大きさ（TOC）");
pub(crate) const TOC_NOTE: Text = Text::say(
    "At 20%: by how much the effect on the best-ranked 20% exceeds the average effect. High at the left and falling to \
     zero is a good ranking; flat at zero is no ranking.",
    "横軸20%の高さは、上位20%の人の効果が全体の平均効果をどれだけ上回るかを表します。左で高く、右に向かってゼロへ下がれば良い順位づけで、\
     ゼロのまま平らなら順位づけの意味はありません。",
);
pub(crate) const QINI: Text =
    Text::say("Gain of helping the best first (Qini)", "上位から働きかけたときの成果（Qini）");
pub(crate) const QINI_NOTE: Text = Text::say(
    "Gain a person when the best-ranked share is helped. The dashed line is the gain when the same number is chosen at \
     random. Where the curve falls, further help does harm.",
    "上位の人から順に働きかけたときの、対象者全体の1人あたりの増加分です。破線は、同じ人数を無作為に選んだ場合です。\
     曲線が下がる部分では、働きかけが逆効果になっています。",
);
pub(crate) const BY_RANK: Text = Text::say("by predicted effect", "効果の予測順");
pub(crate) const AT_RANDOM: Text = Text::say("at random", "無作為");
pub(crate) const SHARE_AXIS: Text =
    Text::say("share helped, best first", "働きかける割合（上位から）");
pub(crate) const RATE_TABLE: Text =
    Text::say("Rank-weighted average effects (RATE)", "順位加重平均効果（RATE）");
pub(crate) const TARGET: Text = Text::say("Weighting", "重み");
pub(crate) const REAL: Text = Text::say("the ranking is real", "順位づけは有効です");
pub(crate) const WRONG: Text = Text::say("the ranking is upside down", "順位づけが逆です");
pub(crate) const NOT_PROVEN: Text = Text::say("not proven", "実証されていません");

pub(crate) const SIZES_TITLE: Text = Text::say("Are the sizes right?", "効果の大きさの正しさ");
pub(crate) const SIZES_LEAD: Text = Text::say(
    "A ranking can be right while every number in it is too large. Here held-out people are cut into tenths by predicted \
     effect, and in each tenth the prediction is set against what was found.",
    "順位が正しくても、効果の値が大きすぎることはあり得ます。ここでは検証用の人を予測された効果の順に10等分し、それぞれで予測と実際を\
     比べています。",
);
pub(crate) const SIZES_MISSING: Text =
    Text::say("There are no predictions to check.", "確かめるべき予測がありません。");
pub(crate) const CALIBRATION: Text =
    Text::say("Predicted and found, by tenth", "十分位ごとの予測と実際");
pub(crate) const CALIBRATION_NOTE: Text = Text::say(
    "Tenth 1 has the highest predicted effect. Intervals that touch the dashed line agree with the prediction.",
    "1は予測された効果が最も大きい十分位です。区間が破線に触れていれば、予測と合っています。",
);
pub(crate) const PREDICTED_AXIS: Text = Text::say("predicted effect", "予測された効果");
pub(crate) const TENTH: Text = Text::say("Tenth", "十分位");
pub(crate) const PREDICTED: Text = Text::say("Predicted", "予測");
pub(crate) const FOUND: Text = Text::say("Found", "実際");
pub(crate) const TEST_TABLE: Text = Text::say("Calibration test", "較正の検定");
pub(crate) const COEFFICIENT: Text = Text::say("Coefficient", "係数");
pub(crate) const MEAN: Text = Text::say("mean prediction", "平均の予測");
pub(crate) const DIFFERENTIAL: Text = Text::say("differential prediction", "差の予測");
pub(crate) const P_VALUE: Text = Text::say("p-value", "p値");
pub(crate) const P_NOTE: Text = Text::say(
    "Mean prediction: 1 if the average is right. Differential prediction: 1 if the differences between people are as \
     large as predicted, 0 if there are none. Its p-value is one-sided; a small one speaks for real differences.",
    "「平均の予測」の係数は、平均が正しければ1になります。「差の予測」の係数は、人による違いが予測どおりなら1、違いがなければ0になります。\
     p値は差の係数の片側検定で、小さいほど実際に違いがあることを示します。",
);

pub(crate) const SPREAD_TITLE: Text = Text::say("How far do effects differ?", "人による効果の違い");
pub(crate) const SPREAD_MISSING: Text = Text::say(
    "No effects were estimated for single people.",
    "一人ひとりの効果は推定されていません。",
);
pub(crate) const RANKED: Text =
    Text::say("Effects in order, with intervals", "小さい順に並べた効果と信頼区間");
pub(crate) const RANKED_NOTE: Text = Text::say(
    "Each line is one person's 95% interval; the dark curve joins the estimates. Intervals for single people are wide: \
     use them for caution, and averages for claims.",
    "縦線は一人の95%信頼区間で、濃い曲線が推定値をつないだものです。個人の区間は広いため、個人については慎重さの目安とし、\
     主張には平均を用いてください。",
);
pub(crate) const RANK_AXIS: Text =
    Text::say("people, from least to most helped", "効果の小さい人から大きい人へ");
pub(crate) const HISTOGRAM: Text = Text::say("How many have which effect", "効果ごとの人数");
pub(crate) const HISTOGRAM_NOTE: Text = Text::say(
    "Predicted effects of everyone. Hatched bars lie below zero. Predictions are drawn towards the average, so the true \
     spread may be wider.",
    "全員の予測された効果の分布です。斜線の棒はゼロより下です。予測は平均に寄る傾向があるため、実際のばらつきはこれより大きい\
     可能性があります。",
);
pub(crate) const FROM: Text = Text::say("From", "下限");
pub(crate) const TO: Text = Text::say("To", "上限");
pub(crate) const RANK: Text = Text::say("Rank", "順位");
pub(crate) const EFFECT: Text = Text::say("Effect", "効果");
pub(crate) const IMPORTANCE: Text =
    Text::say("What the differences depend on", "違いに関わる特徴量");
pub(crate) const IMPORTANCE_NOTE: Text = Text::say(
    "How often the forest asked about a feature, early questions counting more. It says what helps to predict the \
     effect, not what causes it.",
    "フォレストが各特徴量で分岐した割合です（上の分岐ほど重く数えます）。効果の予測に役立つ度合いであり、原因を示すものではありません。",
);
pub(crate) const IMPORTANCE_HEAD: Text = Text::say("Importance", "重要度");

pub(crate) const PROJECTION_TITLE: Text =
    Text::say("The effect as a straight line", "効果の直線による要約");
pub(crate) const PROJECTION_LEAD: Text = Text::say(
    "The best linear summary of how the effect changes with the features, from doubly robust scores. A coefficient is \
     the change of the effect for one standard deviation of the feature, the others held fixed.",
    "効果が特徴量によってどう変わるかを、二重頑健スコアから直線で要約したものです（最良線形射影）。係数は、ほかの特徴量を固定し、\
     その特徴量が1標準偏差増えたときの効果の変化です。",
);
pub(crate) const PROJECTION: Text = Text::say("Best linear projection", "最良線形射影");
pub(crate) const PROJECTION_NOTE: Text = Text::say(
    "Right of zero: the more of the feature, the larger the effect. Intervals are pointwise; among twenty, one crosses \
     the wrong side by chance.",
    "ゼロより右なら、その特徴量が大きいほど効果も大きくなります。区間は項目ごとのもので、20項目に1つは偶然に外れます。",
);
pub(crate) const PROJECTION_AXIS: Text =
    Text::say("change of the effect for one standard deviation", "1標準偏差あたりの効果の変化");
pub(crate) const PROJECTION_MEAN: Text = Text::say("average effect", "平均効果");
pub(crate) const PROJECTION_MISSING: Text =
    Text::say("There were no scores to project.", "要約するためのスコアがありませんでした。");
pub(crate) const CURVE_MISSING: Text = Text::say(
    "Without a ranking that holds, a budget curve would promise what nobody knows.",
    "確かな順位づけがないため、予算の曲線を描いても根拠のない約束になってしまいます。",
);
pub(crate) const RIVALS_MISSING: Text =
    Text::say("There is no plan that could be compared.", "比較できる計画がありません。");
pub(crate) const ARMS_MISSING: Text =
    Text::say("Fewer than two arms can be compared.", "比べられる群が2つありません。");

/// How wide intervals for single people are.
pub(crate) fn spread_lead(half_widths: &[(String, Text)]) -> Text {
    let of = |pick: fn(&Text) -> &str, open: &str, between: &str| {
        let parts: Vec<String> =
            half_widths.iter().map(|(arm, width)| format!("{arm}{open}±{}", pick(width))).collect();
        parts.join(between)
    };
    Text::new(
        format!(
            "An average hides differences. Below is everyone's predicted effect, and how sure we are of it. Mean half-width of \
             one person's 95% interval: {}.",
            of(|width| &width.en, " ", "; ")
        ),
        format!(
            "平均の陰には人による違いがあります。一人ひとりについて予測した効果と、その確からしさを示します。個人の95%信頼区間の幅は、平均して{}です。",
            of(|width| &width.ja, "は", "、")
        ),
    )
}

/// What the first tenth showed against the last.
pub(crate) fn rank_at(share: &Text) -> Text {
    Text::new(format!("at {}", share.en), format!("下から{}", share.ja))
}
