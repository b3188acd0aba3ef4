//! What do codes mean in words? A code that is not known here is shown as it is.

use crate::text::{Name, Text};

/// Why people are held back.
pub(crate) fn reason(code: &str) -> Option<Text> {
    let text = match code {
        "hold.harm" | "harm" | "veto.harm" | "do_no_harm" => Text::say(
            "harm cannot be ruled out",
            "悪影響の可能性を否定できない",
        ),
        "hold.sleeping_dog" | "sleeping_dog" => {
            Text::say("help would harm: leave in peace", "逆効果になるため、そっとしておく")
        }
        "hold.no_gain" | "no_gain" | "hold.cost" | "not_worth_cost" | "cost" => {
            Text::say("the gain is not worth the cost", "増加分が費用に見合わない")
        }
        "hold.no_effect" | "no_effect" => Text::say("no effect shown", "効果が見られない"),
        "hold.undecided" | "undecided" => Text::say("we cannot tell yet", "まだ判断できない"),
        "hold.budget" | "budget" | "over_budget" => {
            Text::say("the budget helps others more", "予算内では、ほかの方への効果のほうが大きい")
        }
        "hold.overlap" | "overlap" | "no_overlap" => {
            Text::say("nobody comparable in the data", "データに比較できる人がいない")
        }
        "hold.not_proven" | "not_proven" => Text::say("the effect is not proven", "効果が証明されていない"),
        _ => return None,
    };
    Some(text)
}

/// Why rows were left out.
pub(crate) fn dropped(code: &str) -> Option<Text> {
    let text = match code {
        "outcome.missing" => Text::say("the outcome is missing", "結果が欠けている"),
        "outcome.not_finite" => Text::say("the outcome is not a finite number", "結果が有限の数値ではない"),
        "treatment.missing" => Text::say("the treatment is missing", "働きかけの記録が欠けている"),
        "treatment.not_finite" => {
            Text::say("the treatment is not a finite number", "働きかけの値が有限の数値ではない")
        }
        "weight.missing" | "weight.not_positive" => {
            Text::say("the weight is missing or not above zero", "重みが欠けている、または正でない")
        }
        "cluster.missing" => Text::say("the cluster is missing", "クラスターが欠けている"),
        "propensity.missing" | "propensity.out_of_range" => {
            Text::say("the propensity is missing or not between 0 and 1", "傾向スコアが欠けている、または0と1の間にない")
        }
        _ => return None,
    };
    Some(text)
}

/// Where propensities came from.
pub(crate) fn source(code: &str) -> Option<Text> {
    let text = match code {
        "given" => Text::say("given with the data", "データで与えられた値"),
        "constant" => Text::say("known and the same for everyone", "既知で全員同じ"),
        "estimated" => Text::say("estimated", "推定値"),
        _ => return None,
    };
    Some(text)
}

/// What a rank-weighted average is called.
pub(crate) fn target(code: &str) -> Name {
    Name::new(match code {
        "autoc" => "AUTOC",
        "qini" => "Qini",
        other => other,
    })
}
