//! Words about a treatment that is an amount.

use crate::text::Text;

pub(crate) const TITLE: Text = Text::say("What one unit more means here", "「1単位増やす」とは");
pub(crate) const LEAD: Text = Text::say(
    "The treatment is an amount, so there are no groups to compare. We compare people who are alike and by chance got \
     different amounts. Every effect in this report is that of one unit more.",
    "この調査の働きかけは量なので、比べる群はありません。よく似た人の間でたまたま量が違っていたことを手がかりにします。\
     この報告書の効果はすべて、量を1単位増やしたときの変化です。",
);
pub(crate) const CANNOT: [Text; 3] = [
    Text::say(
        "The effect is a slope. It is right as far as the outcome changes in proportion to the amount; where the first \
         unit does more than the tenth, it is an average over the amounts people got.",
        "効果は傾きです。結果が量に比例して変わる範囲で正しい値になります。最初の1単位と10単位目で効きが違う場合は、\
         実際に受けた量にわたる平均です。",
    ),
    Text::say(
        "The plan can say for whom one unit more does good, within amounts that the data show. It cannot say which amount \
         is best, nor what much larger amounts would do.",
        "計画が示せるのは、データに例のある範囲で、1単位増やすとよい人です。最もよい量や、ずっと大きな量での結果は分かりません。",
    ),
    Text::say(
        "In the table of averages “overlap-weighted” counts most those whose amount could easily have been another, and \
         the “plain difference” is the slope of the outcome on the amount with nothing adjusted.",
        "平均効果の表の「重なり加重」は、量が違っていてもおかしくなかった人ほど重く数えたもの、「単純な差」は、何も補正しない\
         結果と量の傾きです。",
    ),
];
pub(crate) const TABLE: Text = Text::say("The amounts", "量の分布");
pub(crate) const QUANTITY: Text = Text::say("Quantity", "項目");
pub(crate) const NUMBER: Text = Text::say("Number", "数値");
pub(crate) const MEAN: Text = Text::say("Mean", "平均");
pub(crate) const STD_DEV: Text = Text::say("Standard deviation", "標準偏差");
pub(crate) const RANGE: Text =
    Text::say("All but one in twenty got between", "20人に19人が受けた量の範囲");
pub(crate) const ALIKE: Text =
    Text::say("Standard deviation among people alike", "似た人どうしでの標準偏差");
pub(crate) const EXPLAINED: Text = Text::say("Share the features explain", "特徴量から分かる割合");
pub(crate) const FIXED: Text =
    Text::say("People whose amount was all but decided", "量がほぼ決まっていた人");
pub(crate) const IN_RANGE: Text = Text::say(
    "People for whom one unit more lies within what the data show",
    "1単位の増加がデータに例のある範囲に収まる人",
);
pub(crate) const LOVE: Text =
    Text::say("How features and the amount go together", "特徴量と量の関係");
pub(crate) const LOVE_NOTE: Text = Text::say(
    "Correlation of each feature with the amount, without its sign. Left of the dashed line is small. The strongest come \
     first.",
    "各特徴量と量の相関の大きさ（符号なし）です。破線より左なら小さな相関です。大きい順に並べています。",
);
pub(crate) const LOVE_AXIS: Text = Text::say("correlation with the amount", "量との相関");
pub(crate) const ADJUSTED: Text = Text::say("After adjusting", "補正後");
