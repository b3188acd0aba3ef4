//! Words of the plan: what we would do, what it costs, what it brings, against which other rules.

use yorisoi::data::Better;

use crate::text::Text;

pub(crate) const TITLE: Text = Text::say("What we would do", "おすすめする計画");
pub(crate) const NOBODY: Text = Text::say(
    "For now we would offer nothing to anyone. Holding back is a decision too, and here it is the one that the data \
     support.",
    "現時点では、どなたにも働きかけないことをおすすめします。控えることも1つの判断であり、今回のデータが支持するのは\
     その判断です。",
);
pub(crate) const NOT_SHOWN: Text = Text::say(
    "The interval of the gain covers zero: it is not shown that this plan gains anything.",
    "増加分の信頼区間がゼロをまたいでいるため、この計画で成果が増えるとはまだ言えません。",
);
pub(crate) const NO_INTERVAL: Text = Text::say(
    "The gain has no interval here, so how sure it is cannot be said.",
    "増加分の信頼区間が得られていないため、どれほど確かなのかは分かりません。",
);
pub(crate) const OFFERED: Text = Text::say("people offered something", "働きかける人数");
pub(crate) const SPEND: Text = Text::say("spent", "費用");
pub(crate) const GAIN: Text = Text::say("expected gain", "見込まれる増加分");
pub(crate) const NET: Text =
    Text::say("worth of the gain, less the spend", "増加分の価値から費用を引いた額");
pub(crate) const BY_ARM: Text = Text::say("Who gets what", "働きかけの内訳");
pub(crate) const BY_ARM_NOTE: Text = Text::say(
    "Everyone among the used rows, by what the plan does for them.",
    "対象者全員を、計画での扱い別に示しています。",
);
pub(crate) const HELD_BACK: Text =
    Text::say("Who is held back, and why", "働きかけを控える人とその理由");
pub(crate) const REASON: Text = Text::say("Reason", "理由");
pub(crate) const IN_NUMBERS: Text = Text::say("In numbers", "人数と費用");
pub(crate) const COST: Text = Text::say("Cost a person", "1人あたりの費用");
pub(crate) const TOGETHER: Text = Text::say("Together", "費用の合計");
pub(crate) const DIFFERS: Text = Text::say("differs", "人により異なる");
pub(crate) const HOLD: Text = Text::say("held back", "働きかけを控える");

pub(crate) const CURVE_TITLE: Text = Text::say("What a budget buys", "予算と成果の関係");
pub(crate) const CURVE_FIGURE: Text = Text::say("Gain along the spend", "費用に応じた増加分");
pub(crate) const CURVE_LEAD: Text = Text::say(
    "Each further unit of money goes to the person it helps most, so the curve rises steeply at first and then flattens. \
     Where it no longer rises, more money buys nothing.",
    "予算は、効果の大きい人から順に使います。そのため曲線は、はじめ急に上がり、次第に緩やかになります。\
     曲線が上がらなくなったところから先は、費用をかけても成果は増えません。",
);
pub(crate) const CURVE_NOTE: Text = Text::say(
    "Solid line: people chosen by predicted effect. Dashed line: the same money spent on people chosen at random. \
     The band is the 95% interval of the gain at each spend. The diamond is the plan.",
    "実線は効果の予測をもとに選んだ場合、破線は同じ費用で無作為に選んだ場合です。帯は各費用での増加分の95%信頼区間です。\
     ひし形が今回の計画です。",
);
pub(crate) const PICKED: Text = Text::say("chosen by predicted effect", "効果の予測で選んだ場合");
pub(crate) const RANDOM: Text = Text::say("chosen at random", "無作為に選んだ場合");
pub(crate) const SPEND_AXIS: Text = Text::say("money spent", "費用");
pub(crate) const PEOPLE_AXIS: Text = Text::say("people offered something", "働きかける人数");
pub(crate) const PEOPLE_CURVE_TITLE: Text =
    Text::say("What each further offer brings", "働きかける人数と成果の関係");
pub(crate) const PEOPLE_CURVE_FIGURE: Text =
    Text::say("Gain along the number of people", "人数に応じた増加分");
pub(crate) const PEOPLE_CURVE_LEAD: Text = Text::say(
    "Offers have no price here, so people are counted. Those whom help helps most come first: the curve rises steeply, \
     then flattens. Where it no longer rises, further offers bring nothing.",
    "費用が指定されていないため、人数で数えています。効果の大きい人から順に働きかけるため、曲線ははじめ急に上がり、次第に緩やかに\
     なります。上がらなくなったところから先は、働きかけを増やしても成果は増えません。",
);
pub(crate) const PEOPLE_CURVE_NOTE: Text = Text::say(
    "Solid line: people chosen by predicted effect. Dashed line: as many people chosen at random. The band is the 95% \
     interval of the gain at each number. The diamond is the plan.",
    "実線は効果の予測をもとに選んだ場合、破線は同じ人数を無作為に選んだ場合です。帯は各人数での増加分の95%信頼区間です。\
     ひし形が今回の計画です。",
);
pub(crate) const SPEND_HEAD: Text = Text::say("Spend", "費用");
pub(crate) const GAIN_HEAD: Text = Text::say("Gain", "増加分");
pub(crate) const RANDOM_HEAD: Text = Text::say("At random", "無作為の場合");
pub(crate) const FLAG: Text = Text::say("the plan", "今回の計画");

pub(crate) const RIVALS_TITLE: Text =
    Text::say("The plan against simpler rules", "単純な方針との比較");
pub(crate) const RIVALS_LEAD: Text = Text::say(
    "A plan has to earn its trouble. Here it is compared, person by person on the same held-out rows, with rules that \
     need no model at all.",
    "手間をかけて計画を立てる以上、それに見合う成果が必要です。ここでは、モデルを必要としない単純な方針と、同じ検証用データの\
     同じ人どうしで比べています。",
);
pub(crate) const RIVALS_FIGURE: Text = Text::say(
    "Gain a person of the plan over each rule",
    "各方針に対する、計画の1人あたりの上積み",
);
pub(crate) const RIVALS_NOTE: Text = Text::say(
    "Right of zero the plan does better than the rule. Where the line crosses zero, the difference is not proven.",
    "ゼロより右なら、計画のほうが優れています。線がゼロをまたぐ場合、差があるとは言えません。",
);
pub(crate) const RULE: Text = Text::say("Rule", "方針");
pub(crate) const TREAT_NONE: Text = Text::say("helping nobody", "誰にも働きかけない");
pub(crate) const RISK: Text =
    Text::say("helping those most at risk", "リスクの高い人から働きかける");
pub(crate) const TREAT_ALL: Text = Text::say("everyone gets", "全員に実施：");

/// The plan in one sentence.
pub(crate) fn sentence(people: &Text, all: &Text, share: &Text) -> Text {
    Text::new(
        format!(
            "Offer something to {} of {} people ({}), and leave the others in peace.",
            people.en, all.en, share.en
        ),
        format!(
            "{}人のうち{}人（{}）に働きかけ、そのほかの方はそっとしておきます。",
            all.ja, people.ja, share.ja
        ),
    )
}

/// The budget it had to keep.
pub(crate) fn budget(budget: &Text) -> Text {
    Text::new(format!("of a budget of {}", budget.en), format!("予算 {} のうち", budget.ja))
}

/// The most people that may be offered something, where offers have no price.
pub(crate) fn at_most(people: &Text) -> Text {
    Text::new(format!("of at most {}", people.en), format!("上限 {} 人のうち", people.ja))
}

/// How many further people one more unit of the outcome takes, where offers have no price.
pub(crate) fn people_price(people: &Text) -> Text {
    Text::new(
        format!(
            "Beyond this plan, one more unit of the outcome takes about {} further offers.",
            people.en
        ),
        format!(
            "この計画からさらに成果を1単位増やすには、あと約{}人への働きかけが必要です。",
            people.ja
        ),
    )
}

pub(crate) fn place_price(arm: &str, gain: &Text) -> Text {
    Text::new(
        format!(
            "All places of {arm} are taken; one more would raise the total outcome by about {}.",
            gain.en
        ),
        format!(
            "「{arm}」の枠はすべて使われます。あと1枠あれば、成果の合計は約{}増えます。",
            gain.ja
        ),
    )
}

pub(crate) const NO_BUDGET: Text = Text::say("no budget was set", "予算の上限なし");

/// What the gain is counted in.
pub(crate) fn gain_in(outcome: &Text, interval: &Text, better: Better) -> Text {
    let (en, ja) = match better {
        Better::More => (format!("in {}", outcome.en), outcome.ja.to_string()),
        Better::Less => (format!("less {}", outcome.en), format!("{}の減少", outcome.ja)),
    };
    Text::new(
        format!("{en}, all people together (95% interval {})", interval.en),
        format!("{ja}の合計（95%信頼区間 {}）", interval.ja),
    )
}

/// The worth behind the net value.
pub(crate) fn worth(value: &Text, interval: &Text) -> Text {
    Text::new(
        format!("at {} each (95% interval {})", value.en, interval.en),
        format!("1単位あたり{}として計算（95%信頼区間 {}）", value.ja, interval.ja),
    )
}

/// What the last unit of money buys.
pub(crate) fn price(cost: &Text) -> Text {
    Text::new(
        format!("At this budget, one more unit of the outcome costs about {}.", cost.en),
        format!("この予算では、成果をあと1単位増やすのに約{}かかります。", cost.ja),
    )
}

/// The promise not to harm.
pub(crate) fn allowed_harm(harm: &Text) -> Text {
    Text::new(
        format!("Nobody is offered help whose interval cannot rule out harm beyond {}.", harm.en),
        format!(
            "{}を超える悪影響の可能性を信頼区間で否定できない人には、働きかけません。",
            harm.ja
        ),
    )
}

/// The same where no harm at all is allowed.
pub(crate) const NO_HARM: Text = Text::say(
    "Nobody is offered help whose interval cannot rule out harm.",
    "悪影響の可能性を信頼区間で否定できない人には、働きかけません。",
);

/// The axis of total gains.
pub(crate) fn gain_axis(outcome: &Text, better: Better) -> Text {
    let (gain, gain_ja) = gained(better);
    Text::new(
        format!("{gain} in {outcome}, in total", outcome = outcome.en),
        format!("{outcome}の{gain_ja}（合計）", outcome = outcome.ja),
    )
}

/// The axis of gains a person, in the unit in which the plan counts.
pub(crate) fn per_person_axis(outcome: &Text, in_points: bool, better: Better) -> Text {
    let (gain, gain_ja) = gained(better);
    let (points, points_ja) =
        if in_points { (", percentage points", "（ポイント）") } else { ("", "") };
    Text::new(
        format!("{gain} in {outcome} a person{points}", outcome = outcome.en),
        format!("1人あたりの{outcome}の{gain_ja}{points_ja}", outcome = outcome.ja),
    )
}

fn gained(better: Better) -> (&'static str, &'static str) {
    match better {
        Better::More => ("gain", "増加分"),
        Better::Less => ("reduction", "減少分"),
    }
}
