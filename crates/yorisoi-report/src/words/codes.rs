//! What do codes mean in words? A code that is not known here is shown as it is.

use crate::text::{Name, Text};

/// Why people are held back.
pub(crate) fn reason(code: &str) -> Option<Text> {
    let text = match code {
        "hold.no_gain" => {
            Text::say("no help is expected to gain anything", "どの働きかけにも効果が見込めない")
        }
        "hold.harm_not_excluded" => Text::say(
            "harm cannot be ruled out: leave in peace",
            "逆効果のおそれを否定できないため、そっとしておく",
        ),
        "hold.not_worth_cost" => {
            Text::say("the expected gain is not worth the cost", "見込まれる効果が費用に見合わない")
        }
        "hold.budget" => {
            Text::say("the budget does more for others", "この予算は、ほかの方のためにより役立つ")
        }
        "hold.capacity" => Text::say(
            "the places there are do more for others",
            "限られた枠は、ほかの方のためにより役立つ",
        ),
        "hold.out_of_range" => Text::say(
            "too few people alike got so much: its effect is not known",
            "似た方にこれほどの量をお渡しした例が少なく、効果が分からない",
        ),
        _ => return None,
    };
    Some(text)
}

/// Why rows were left out.
pub(crate) fn dropped(code: &str) -> Option<Text> {
    let text = match code {
        "outcome.missing" => Text::say("the outcome is missing", "結果が欠けている"),
        "treatment.missing" => Text::say("the treatment is missing", "働きかけの記録が欠けている"),
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
