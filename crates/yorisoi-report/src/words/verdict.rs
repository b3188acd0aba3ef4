//! Words of the answer.

use crate::text::Text;

pub(crate) const PROVEN: Text = Text::say("Proven", "実証されました");
pub(crate) const NOT_PROVEN: Text = Text::say("Not proven", "実証されていません");
pub(crate) const HARM: Text = Text::say("Harm is proven", "逆効果が実証されました");
pub(crate) const UNKNOWABLE: Text =
    Text::say("Cannot be known from these data", "このデータからは分かりません");
pub(crate) const DECIDED: Text = Text::say("The number that decided", "決め手となった数値");
pub(crate) const MEANING: Text = Text::say("What this means", "この結論の意味");
pub(crate) const NEXT: Text = Text::say("What would help", "次にできること");

const TARGETING: Text = Text::say(
    "Whom we choose makes a difference. People we expect to gain more do gain more, and by more than chance would \
     explain. It is worth choosing by effect, and worth leaving the others in peace.",
    "誰に働きかけるかによって、結果が変わります。効果が大きいと予測された人には実際に大きな効果が見られ、その差は偶然だけでは\
     説明できません。効果をもとに相手を選び、そのほかの方はそっとしておく価値があります。",
);
const AVERAGE: Text = Text::say(
    "Help works on average. These data do not show that it works better for some people than for others, so a fine \
     choice of whom to help is not yet justified by more than its cost.",
    "働きかけには、平均として効果があります。ただし、人によって効果が違うことまでは、このデータでは示されていません。\
     費用以外の理由で相手を細かく選ぶ根拠は、まだありません。",
);
const HARMFUL: Text = Text::say(
    "Given to everyone, this help does harm on average. Holding it back is the help. Nobody could be picked out for whom \
     it surely does good.",
    "全員に行うと、平均として逆効果になります。控えることこそが助けになります。確かに良い効果がある人を見分けることも、\
     できていません。",
);
const CHANCE: Text = Text::say(
    "This does not mean that help does nothing. It means that these data cannot tell its effect from chance. Please \
     do not act as if it had been shown.",
    "「効果がない」という意味ではありません。このデータでは、効果と偶然を区別できないという意味です。\
     効果が示されたものとして扱わないようお願いいたします。",
);
const SILENT: Text = Text::say(
    "This is not a failure of the people who did the work, nor of the help they gave. The data at hand simply cannot \
     answer the question, and a number pressed out of them would mislead.",
    "現場の皆さまの努力や働きかけが無駄だったということではありません。手元のデータでは問いに答えられず、\
     無理に数値を出せば、かえって誤解を招くということです。",
);

/// What the verdict means, by its code.
pub(crate) fn meaning(code: &str) -> Text {
    match code {
        "proven.targeting" => TARGETING,
        "proven.average" => AVERAGE,
        "proven.harm" => HARMFUL,
        code if code.starts_with("unknowable") => SILENT,
        _ => CHANCE,
    }
}

/// What one could do about an answer that is not a yes, by the verdict's code.
pub(crate) fn remedy(code: &str) -> Option<Text> {
    let remedy = match code {
        code if code.starts_with("proven") => return None,
        "unknowable.leak" => Text::say(
            "Look for a column that is the outcome or the help under another name, or that was written down afterwards, \
             and leave it out. If a fixed rule decided who got help, let chance decide for a few people instead.",
            "結果や働きかけを言い換えた列、または後から記録された列がないかを確かめ、あれば除いてください。決まった規則で働きかける相手を\
             選んでいた場合は、一部の方だけでも無作為に決めることをおすすめします。",
        ),
        "unknowable.overlap" => Text::say(
            "Some kinds of people always, or never, got the help, so there is nobody to compare them with, or a few \
             people count for nearly all. Give help by lot to a small part of everyone for a while, then ask again.",
            "必ず働きかけを受けた人や、まったく受けなかった人がいて比べる相手がいないか、ごく一部の方に比重が偏っています。しばらくの間、\
             一部の方だけでも無作為（くじ引き）で働きかけの有無を決め、そのうえで改めて調べることをおすすめします。",
        ),
        "unknowable.events" => Text::say(
            "Too few people, too few groups that were kept together, or too few outcomes. Keep recording, or choose an \
             outcome that happens more often, then ask again.",
            "人数、まとまりの数、または結果が起きた件数が足りません。記録を続けるか、より頻繁に起きる結果を選んで、改めて調べることを\
             おすすめします。",
        ),
        "unknowable.one_arm" => Text::say(
            "There is nobody without help, or nobody with it. Leave a few people, chosen by lot, without help for a \
             while: they are the measure of everything else.",
            "働きかけを受けていない人、または受けた人がいません。無作為に選んだ一部の方への働きかけをしばらく控えると、\
             それがすべての比較の基準になります。",
        ),
        code if code.starts_with("unknowable") => Text::say(
            "The notices at the end of this report say what stood in the way.",
            "妨げとなった事情は、この報告書の末尾の「お知らせ」に記しています。",
        ),
        _ => Text::say(
            "More people, a longer time, or help given by lot may settle it. Until then the cautious plan below is the \
             honest one.",
            "人数を増やす、期間を延ばす、無作為に割り付けるといった方法で、はっきりする可能性があります。それまでは、\
             以下の慎重な計画が誠実な選択です。",
        ),
    };
    Some(remedy)
}

/// What the study asked.
pub(crate) fn question(treatment: &str, outcome: &str) -> Text {
    Text::new(
        format!("Does “{treatment}” change “{outcome}”, and for whom?"),
        format!(
            "「{treatment}」によって「{outcome}」は変わるのか、変わるとすれば誰なのかを調べました。"
        ),
    )
}

/// How effects read where less of the outcome is better.
pub(crate) fn less_is_better(outcome: &str) -> Text {
    Text::new(
        format!("Less of “{outcome}” is better: +1 means one less of it."),
        format!("「{outcome}」は小さいほど良い結果です。＋1は1減ったことを表します。"),
    )
}

/// How much the answer rests on.
pub(crate) fn basis(used: &Text, train: &Text, heldout: &Text) -> Text {
    Text::new(
        format!(
            "{} people were studied. The model learned from {} of them; the other {} were kept aside and used only to judge it.",
            used.en, train.en, heldout.en
        ),
        format!(
            "{}人を調べました。うち{}人でモデルを学習し、残りの{}人は学習に使わず、検証だけに用いました。",
            used.ja, train.ja, heldout.ja
        ),
    )
}

/// The same for clusters.
pub(crate) fn clusters(count: &Text) -> Text {
    Text::new(
        format!("They belong to {} groups that were always kept together.", count.en),
        format!(
            "対象者は{}個のまとまり（クラスター）に属し、まとまりは分割していません。",
            count.ja
        ),
    )
}

/// The interval of the number that decided.
pub(crate) fn between(interval: &Text) -> Text {
    Text::new(format!("95% interval {}", interval.en), format!("95%信頼区間 {}", interval.ja))
}
