//! Words about effects on average and about whom help helps, whom it harms.

use crate::text::Text;

pub(crate) const AVERAGE_TITLE: Text =
    Text::say("What each help does on average", "働きかけごとの平均的な効果");
pub(crate) const AVERAGE_FIGURE: Text =
    Text::say("Average effect against control", "対照群と比べた平均効果");
pub(crate) const AVERAGE_NOTE: Text = Text::say(
    "Found on held-out rows. The line is the 95% interval; the mark is the best single guess.",
    "検証用データでの推定です。線が95%信頼区間、記号が最も確からしい値です。",
);
pub(crate) const MEAN_OUTCOME: Text = Text::say("Mean outcome", "結果の平均");
pub(crate) const DIFFERENCE: Text = Text::say("Plain difference", "単純な差");
pub(crate) const ATE: Text = Text::say("Average effect (ATE)", "平均効果（ATE）");
pub(crate) const ATT: Text = Text::say("On those who got it (ATT)", "受けた人での効果（ATT）");
pub(crate) const ATO: Text = Text::say("Overlap-weighted (ATO)", "重なり加重（ATO）");
pub(crate) const AVERAGE_MISSING: Text =
    Text::say("No arm could be compared with control.", "対照群と比べられる群がありませんでした。");

pub(crate) const TITLE: Text =
    Text::say("Who is helped, and who is harmed", "効果のある人、逆効果になる人");
pub(crate) const LEAD: Text = Text::say(
    "The same help can delight one person and burden another. These are the groups the data can tell apart, and what \
     the people in them have in common.",
    "同じ働きかけでも、喜ばれることもあれば、負担になることもあります。データから見分けられた集団と、それぞれの人に\
     共通する特徴を示します。",
);
pub(crate) const GROUPS_FIGURE: Text =
    Text::say("Everyone, by what it does for them", "効果の種類で分けた全員の内訳");
pub(crate) const PERSUADABLE: Text = Text::say("Persuadable: it helps", "効果がある人");
pub(crate) const NO_EFFECT: Text =
    Text::say("No effect shown: sure thing or lost cause", "効果が見られない人");
pub(crate) const UNDECIDED: Text = Text::say("Undecided: we cannot tell yet", "まだ判断できない人");
pub(crate) const SLEEPING_DOG: Text =
    Text::say("Sleeping dog: it harms, leave in peace", "逆効果の人（そっとしておく）");
pub(crate) const GROUP: Text = Text::say("Group", "集団");
pub(crate) const GROUP_PERSUADABLE: Text = Text::say("Persuadable", "効果がある");
pub(crate) const GROUP_NO_EFFECT: Text = Text::say("No effect shown", "効果が見られない");
pub(crate) const GROUP_UNDECIDED: Text = Text::say("Undecided", "判断できない");
pub(crate) const GROUP_SLEEPING: Text = Text::say("Sleeping dog", "逆効果");
pub(crate) const MISSING: Text = Text::say(
    "Without trustworthy effects a person, groups and profiles would be guesses.",
    "一人ひとりの効果を信頼できる形で推定できないため、集団や特徴を示しても推測にすぎません。",
);
pub(crate) const PROFILES: Text = Text::say("In their own words", "それぞれの人の特徴");
pub(crate) const HELPED: Text = Text::say("The most helped fifth", "効果が最も大きい5分の1の人");
pub(crate) const HARMED: Text = Text::say("The least helped fifth", "効果が最も小さい5分の1の人");
pub(crate) const PROFILE_NOTE: Text = Text::say(
    "Compared with everyone. Bars show by how many standard deviations the group differs: to the right it has more of \
     it, to the left less. A full side is the largest difference shown for this arm. A profile describes; it does not \
     say why.",
    "全体と比べた特徴です。棒は、その集団が標準偏差の何倍違うかを表し、右は多い（高い）こと、左は少ない（低い）ことを示します。\
     片側いっぱいの棒が、この群で最大の違いです。特徴の説明であり、原因を示すものではありません。",
);

pub(crate) const TREE: Text = Text::say("A rule small enough to remember", "覚えられる簡単な方針");
pub(crate) const TREE_NOTE: Text = Text::say(
    "The best rule with so few questions. It gives up some precision and can be followed without a computer.",
    "少ない質問だけで決める、最もよい方針です。精度はいくらか下がりますが、コンピューターがなくても使えます。",
);
pub(crate) const YES: Text = Text::say("yes", "はい");
pub(crate) const NO: Text = Text::say("no", "いいえ");
pub(crate) const OFFER: Text = Text::say("offer", "実施：");
pub(crate) const HOLD: Text = Text::say("leave in peace", "そっとしておく");

/// One arm's average effect in words.
pub(crate) fn raises(arm: &str, outcome: &Text, amount: &Text, interval: &Text) -> Text {
    Text::new(
        format!(
            "“{arm}” raises {outcome}: {} on average ({}).",
            amount.en,
            interval.en,
            outcome = outcome.en
        ),
        format!(
            "「{arm}」には{outcome}を高める効果があります。平均で{}（{}）です。",
            amount.ja,
            interval.ja,
            outcome = outcome.ja
        ),
    )
}

/// The same where it lowers the outcome.
pub(crate) fn lowers(arm: &str, outcome: &Text, amount: &Text, interval: &Text) -> Text {
    Text::new(
        format!(
            "“{arm}” lowers {outcome}: {} on average ({}).",
            amount.en,
            interval.en,
            outcome = outcome.en
        ),
        format!(
            "「{arm}」は{outcome}を下げています。平均で{}（{}）です。",
            amount.ja,
            interval.ja,
            outcome = outcome.ja
        ),
    )
}

/// One arm's average effect where less of the outcome is better, and there is less.
pub(crate) fn reduces(arm: &str, outcome: &Text, amount: &Text, interval: &Text) -> Text {
    Text::new(
        format!(
            "“{arm}” lowers {outcome}, which is what is wanted: an improvement of {} on average ({}).",
            amount.en,
            interval.en,
            outcome = outcome.en
        ),
        format!(
            "「{arm}」には{outcome}を減らす効果があります。改善の大きさは平均で{}（{}）です。",
            amount.ja,
            interval.ja,
            outcome = outcome.ja
        ),
    )
}

/// The same where there is more of what there should be less of.
pub(crate) fn increases(arm: &str, outcome: &Text, amount: &Text, interval: &Text) -> Text {
    Text::new(
        format!(
            "“{arm}” raises {outcome}, which is for the worse: an improvement of {} on average ({}).",
            amount.en,
            interval.en,
            outcome = outcome.en
        ),
        format!(
            "「{arm}」は{outcome}を増やしており、逆効果です。改善の大きさは平均で{}（{}）です。",
            amount.ja,
            interval.ja,
            outcome = outcome.ja
        ),
    )
}

/// The same where the interval covers zero.
pub(crate) fn unclear(arm: &str, outcome: &Text, interval: &Text) -> Text {
    Text::new(
        format!(
            "Whether “{arm}” changes {outcome} on average is not proven ({}).",
            interval.en,
            outcome = outcome.en
        ),
        format!(
            "「{arm}」で{outcome}が平均として変わるかどうかは、実証されていません（{}）。",
            interval.ja,
            outcome = outcome.ja
        ),
    )
}

/// How sleeping dogs were called.
pub(crate) fn groups_note(error_rate: &Text) -> Text {
    Text::new(
        format!(
            "Among those called sleeping dogs at most {} are expected to be called so wrongly. “Undecided” is an answer: \
             more data may move people out of it.",
            error_rate.en
        ),
        format!(
            "「逆効果の人」のうち、誤ってそう判定された人の割合は{}以下に抑えています。「まだ判断できない」も1つの答えであり、\
             データが増えれば減っていきます。",
            error_rate.ja
        ),
    )
}

/// Share of people who come to a leaf.
pub(crate) fn of_people(share: &Text) -> Text {
    Text::new(format!("{} of people", share.en), format!("全体の{}", share.ja))
}

/// What the tree is worth.
pub(crate) fn tree_value(amount: &Text, interval: &Text) -> Text {
    Text::new(
        format!(
            "Against helping nobody, on held-out rows: {} a person ({}).",
            amount.en, interval.en
        ),
        format!(
            "誰にも働きかけない場合と比べ、検証用データで1人あたり{}（{}）です。",
            amount.ja, interval.ja
        ),
    )
}
