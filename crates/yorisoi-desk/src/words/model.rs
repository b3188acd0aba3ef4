//! Words of the model in use, and of what a budget buys.

use yorisoi::summary::Words;
use yorisoi_decision::Words as Name;

use crate::lang::{Text, say};

pub(crate) static TITLE: Text = say("The model in use", "使用中のモデル");
pub(crate) static NONE: Text = say("No model decides yet", "判断に使うモデルはまだありません");
pub(crate) static NONE_TEACH: Text = say(
    "Decisions rest on effects that were handed in and on what is believed. Once a model is registered and promoted, its calibration, its Qini curve and what a budget buys stand here.",
    "いまは、外から渡された効果と見込みで判断しています。モデルを登録して判断に使うと、較正、Qini曲線、予算で得られるものがここに表示されます。",
);
pub(crate) static MISSING: Text = say(
    "This model was registered without its evaluation.",
    "このモデルは、評価を添えずに登録されています。",
);
pub(crate) static MISSING_REMEDY: Text = say(
    "How good it is cannot be said here. Register it again from its study, or with the summary.json that was written beside it.",
    "どれほど正しいかは、ここではお示しできません。調べものの画面から登録し直すか、モデルと一緒に書き出された summary.json を添えて登録してください。",
);
pub(crate) static LOST: Text = say(
    "The evaluation of this model cannot be read any more; register it again.",
    "このモデルの評価を読み取れません。登録し直してください。",
);
pub(crate) static SINCE: Text = say("in use since", "使用開始：");
pub(crate) static BUYS: Text = say("What does a budget buy?", "予算で何が得られるか");
pub(crate) static SPEND: Text = say("Spent", "使う額");
pub(crate) static PEOPLE: Text = say("People reached", "お声がけする人数");
pub(crate) static GAIN: Text = say("Gain (95% interval)", "得られるもの（95%区間）");
pub(crate) static RANDOM: Text = say("Gain if picked by chance", "無作為に選んだ場合");
pub(crate) static SLIDE_NOTE: Text = say(
    "For the people of the study, from rows the model has not learned from. Move the slider with the arrow keys too.",
    "調べものの対象となった方々について、学習に使っていない行から求めた値です。つまみは矢印キーでも動かせます。",
);

fn pair(en: impl Into<String>, ja: impl Into<String>) -> Words {
    Words { en: en.into(), ja: ja.into() }
}

/// On what it was learned and judged.
pub(crate) fn study(learned: usize, judged: usize) -> Text {
    let [learned, judged] = [learned, judged].map(|n| crate::format::grouped(n as f64, 0));
    Text::new(
        format!("Learned from {learned} people, judged on {judged} others."),
        format!("{learned}人から学び、別の{judged}人で評価しました。"),
    )
}

/// What a budget buys, in one sentence.
pub(crate) fn buys(
    is_priced: bool,
    (spend, people): (&str, &str),
    (gain, (low, high)): (&str, &(String, String)),
) -> Text {
    if is_priced {
        Text::new(
            format!(
                "{spend} reaches {people} people and changes {gain} outcomes ({low} to {high})."
            ),
            format!("{spend}で{people}人に届き、結果は{gain}件変わります（{low}〜{high}）。"),
        )
    } else {
        Text::new(
            format!("Reaching {people} people changes {gain} outcomes ({low} to {high})."),
            format!("{people}人に届けると、結果は{gain}件変わります（{low}〜{high}）。"),
        )
    }
}

pub(crate) fn rates_title() -> Words {
    pair("Does it find those whom help helps?", "助けになる方を見つけているか")
}

pub(crate) fn rates_note() -> Words {
    pair(
        "Above zero, the order by predicted effect is better than chance; where the line covers zero, that is not proven.",
        "0より大きければ、予測の順番は偶然より優れています。線が0をまたぐうちは、実証されていません。",
    )
}

pub(crate) fn rates_axis() -> Words {
    pair("Gain of the order over chance", "偶然と比べた順番の価値")
}

/// One measure of one arm.
pub(crate) fn rate(target: &str, arm: &Name) -> Words {
    let name = if target == "qini" { "Qini" } else { "AUTOC" };
    pair(format!("{name}: {}", arm.en), format!("{name}：{}", arm.ja))
}

pub(crate) fn ranking_title(is_qini: bool, arm: &Name) -> Words {
    let (en, ja) = if is_qini { ("Qini curve", "Qini曲線") } else { ("TOC", "TOC") };
    pair(format!("{en}: {}", arm.en), format!("{ja}：{}", arm.ja))
}

pub(crate) fn ranking_note(is_qini: bool) -> Words {
    if is_qini {
        pair(
            "What is gained in all when the most promising are reached first. The dashed line is choice by chance.",
            "効果の高い順にお声がけしたときに、全体で得られるものです。破線は無作為に選んだ場合です。",
        )
    } else {
        pair(
            "How much more the most promising share gains than everybody on average.",
            "上位の方々の効果が、全体の平均をどれだけ上回るかを表します。",
        )
    }
}

pub(crate) fn by_rank() -> Words {
    pair("by predicted effect", "予測の高い順")
}

pub(crate) fn at_random() -> Words {
    pair("by chance", "無作為")
}

pub(crate) fn share_axis() -> Words {
    pair("Share of people reached", "お声がけする割合")
}

pub(crate) fn effect_axis(is_qini: bool) -> Words {
    if is_qini {
        pair("Gain for each person of all", "全員1人あたりの効果")
    } else {
        pair("Effect above the average", "平均を上回る効果")
    }
}

pub(crate) fn sizes_title(arm: &Name) -> Words {
    pair(format!("Are the sizes right? {}", arm.en), format!("大きさは正しいか：{}", arm.ja))
}

pub(crate) fn sizes_note() -> Words {
    pair(
        "Ten equal groups by predicted effect: predicted along, found upwards with its 95% band. On the dashed line both agree.",
        "予測の順に10の等しいグループに分けました。横軸が予測、縦軸が実際（帯は95%区間）です。破線の上では両者が一致します。",
    )
}

pub(crate) fn as_predicted() -> Words {
    pair("as predicted", "予測どおり")
}

pub(crate) fn found() -> Words {
    pair("found", "実際")
}

pub(crate) fn predicted_axis() -> Words {
    pair("Predicted effect", "予測された効果")
}

pub(crate) fn found_axis() -> Words {
    pair("Effect found", "実際の効果")
}

pub(crate) fn spend_title(is_priced: bool) -> Words {
    if is_priced {
        pair("What money buys", "予算と得られるもの")
    } else {
        pair("What reaching people buys", "人数と得られるもの")
    }
}

pub(crate) fn spend_note() -> Words {
    pair(
        "The band is the 95% interval at each place; the dashed line is the same spent on people picked by chance.",
        "帯は各点の95%区間です。破線は、同じだけ無作為に選んで使った場合です。",
    )
}

pub(crate) fn spend_axis(is_priced: bool) -> Words {
    if is_priced {
        pair("Money spent", "使う額")
    } else {
        pair("People reached", "お声がけする人数")
    }
}

pub(crate) fn gain_axis() -> Words {
    pair("Outcomes changed", "変わる結果")
}

pub(crate) fn the_plan() -> Words {
    pair("the plan", "計画")
}
