//! How is a verdict said? Every sentence in both languages, with its numbers.

use yorisoi_data::Estimate;

use super::{Judged, Scale, Verdict, Words};

fn autoc_name(arm: &str) -> Words {
    Words {
        en: format!("AUTOC of `{arm}`"),
        ja: format!("「{arm}」の AUTOC（上位者の効果と全体平均との差）"),
    }
}

fn ate_name(arm: &str) -> Words {
    Words { en: format!("average effect of `{arm}`"), ja: format!("「{arm}」の平均効果") }
}

pub(super) fn proven_targeting(arm: &Judged<'_>, n_arms: usize, is_harmful: bool) -> Verdict {
    let Judged { name, autoc, ate, scale } = arm;
    let (more, found) = (scale.amount(autoc.estimate), scale.interval(autoc));
    let (harm, harm_ja) = if is_harmful { also_harms(ate, *scale) } else { Default::default() };
    let (en, ja) = (
        format!(
            "Proven: ranking people by predicted effect finds those whom `{name}` does most for. Over \
             all cut-offs, the people ranked first gain {} more than people on average \
             ({}{}).{harm}",
            more.en,
            found.en,
            several(n_arms).en
        ),
        format!(
            "実証されました。予測した効果の順に並べると、「{name}」が特によく効く人を見つけられます。\
             選ぶ割合を変えながら平均すると、上位の人の効果は全体の平均を {} 上回りました（{}{}）。{harm_ja}",
            more.ja,
            found.ja,
            several(n_arms).ja
        ),
    );
    decided(true, "proven.targeting", Words { en, ja }, *autoc, autoc_name(name))
}

fn also_harms(ate: &Estimate, scale: Scale) -> (String, String) {
    let (value, found) = (scale.amount(ate.estimate), scale.interval(ate));
    (
        format!(
            " But given to everyone it does harm: its average effect is {} ({}).",
            value.en, found.en
        ),
        format!("ただし、全員に行うと逆効果です。平均効果は {} でした（{}）。", value.ja, found.ja),
    )
}

pub(super) fn proven_average(arm: &Judged<'_>, n_arms: usize) -> Verdict {
    let Judged { name, ate, autoc, scale } = arm;
    let (gain, found) = (scale.amount(ate.estimate), scale.interval(ate));
    let en = format!(
        "Proven on average: `{name}` improves the outcome by {} a person ({}{}). Not proven: that \
         choosing people by predicted effect does better than choosing at random (AUTOC {}, {}).",
        gain.en,
        found.en,
        several(n_arms).en,
        scale.amount(autoc.estimate).en,
        scale.interval(autoc).en
    );
    let ja = format!(
        "平均としての効果が実証されました。「{name}」は成果を一人あたり {} 改善します（{}{}）。\
         一方、予測した効果の順に人を選ぶほうが無作為に選ぶよりよいとまでは、まだ言えません（AUTOC {}、{}）。",
        gain.ja,
        found.ja,
        several(n_arms).ja,
        scale.amount(autoc.estimate).ja,
        scale.interval(autoc).ja
    );
    decided(true, "proven.average", Words { en, ja }, *ate, ate_name(name))
}

pub(super) fn proven_harm(arm: &Judged<'_>, n_arms: usize) -> Verdict {
    let Judged { name, ate, scale, .. } = arm;
    let (loss, found) = (scale.amount(-ate.estimate), scale.interval(ate));
    let en = format!(
        "Harm is proven: on average `{name}` worsens the outcome by {} a person ({}{}). Hold it \
         back; it is not proven that anyone can be picked whom it helps.",
        loss.en,
        found.en,
        several(n_arms).en
    );
    let ja = format!(
        "逆効果であることが実証されました。「{name}」は成果を平均して一人あたり {} 悪化させます（{}{}）。\
         控えることをお勧めします。効く人を選び出せることも、実証されていません。",
        loss.ja,
        found.ja,
        several(n_arms).ja
    );
    decided(false, "proven.harm", Words { en, ja }, *ate, ate_name(name))
}

pub(super) fn not_proven(arm: &Judged<'_>, n_arms: usize) -> Verdict {
    let Judged { name, ate, autoc, scale } = arm;
    let (which, which_ja) = if n_arms > 1 {
        (", the arm with the clearest ranking", "順位づけの手がかりが最も強い")
    } else {
        ("", "")
    };
    let even = if n_arms > 1 { "でも" } else { "では" };
    let en = format!(
        "Not proven: these data are also what one would see if help changed nothing. For \
         `{name}`{which}, people ranked first gain {} more than average ({}), and the \
         average effect is {} ({}); neither is clearly above zero.",
        scale.amount(autoc.estimate).en,
        scale.interval(autoc).en,
        scale.amount(ate.estimate).en,
        scale.interval(ate).en
    );
    let ja = format!(
        "実証されていません。働きかけに何の効果もなかったとしても、このようなデータは得られます。\
         {which_ja}「{name}」{even}、上位の人の効果と全体平均との差は {}（{}）、\
         平均効果は {}（{}）で、いずれもゼロより大きいとは言い切れません。",
        scale.amount(autoc.estimate).ja,
        scale.interval(autoc).ja,
        scale.amount(ate.estimate).ja,
        scale.interval(ate).ja
    );
    decided(false, "not_proven", Words { en, ja }, *autoc, autoc_name(name))
}

pub(super) fn one_arm() -> Verdict {
    Verdict {
        proven: false,
        code: "unknowable.one_arm",
        en: "This cannot be known from these data: everyone got the same, so there is nobody to compare \
             with. Keep a group without contact next time."
            .into(),
        ja: "このデータからは分かりません。全員が同じ扱いを受けており、比べる相手がいません。\
             次回は、働きかけを行わない人を無作為に残してください。"
            .into(),
        decided_by: None,
        decided_by_name: None,
    }
}

pub(super) fn outcome_leak(share: f64, n: usize) -> Verdict {
    let percent = percent(share);
    let en = format!(
        "This cannot be known from these data: the other columns predict the outcome almost perfectly \
         ({percent} of its variation). One of them is probably the outcome under another name, or was \
         recorded after it. Leave that column out."
    );
    let ja = format!(
        "このデータからは分かりません。ほかの列から成果がほぼ完全に予測できてしまいます（変動の {percent}）。\
         成果を言い換えた列か、成果の後に記録された列が含まれているようです。その列を除いてください。"
    );
    let name = Words {
        en: "share of the outcome's variation explained by other columns".into(),
        ja: "ほかの列で説明できる成果の変動の割合".into(),
    };
    decided(false, "unknowable.leak", Words { en, ja }, exact(share, n), name)
}

pub(super) fn treatment_leak(arm: &str, share: f64, n: usize) -> Verdict {
    let percent = percent(share);
    let en = format!(
        "This cannot be known from these data: the other columns tell almost perfectly who got `{arm}` \
         ({percent} of the variation). Either one of them repeats the treatment, and should be left out, \
         or a fixed rule decided, and then nobody alike was left without."
    );
    let ja = format!(
        "このデータからは分かりません。「{arm}」を受けたかどうかが、ほかの列からほぼ完全に分かってしまいます\
         （変動の {percent}）。働きかけを言い換えた列があれば除いてください。\
         決まった規則で対象を選んでいた場合は、似た人どうしの比較ができません。"
    );
    let name = Words {
        en: format!("share of the variation in `{arm}` explained by other columns"),
        ja: format!("ほかの列で説明できる「{arm}」の有無の割合"),
    };
    decided(false, "unknowable.leak", Words { en, ja }, exact(share, n), name)
}

pub(super) fn too_few_units(arm: &str, units: usize, needed: usize) -> Verdict {
    let en = format!(
        "This cannot be known yet: to judge `{arm}` there are only {units} people in the smaller of it \
         and control; at least {needed} are needed."
    );
    let ja = format!(
        "まだ分かりません。「{arm}」の判定に使える人が、比較する二つの群の少ないほうで {units} 人しか\
         いません。少なくとも {needed} 人が必要です。"
    );
    let name = Words {
        en: format!("people in the smaller of `{arm}` and control"),
        ja: format!("「{arm}」群と対照群のうち少ないほうの人数"),
    };
    decided(false, "unknowable.events", Words { en, ja }, exact(units as f64, units), name)
}

pub(super) fn too_few_groups(arm: &str, groups: usize, needed: usize) -> Verdict {
    let en = format!(
        "This cannot be known yet: people are kept together in groups, and to judge `{arm}` there are only \
         {groups} of them in the smaller of it and control; at least {needed} are needed, however many \
         people each holds."
    );
    let ja = format!(
        "まだ分かりません。同じまとまりに属する人は一組として数えます。「{arm}」の判定に使えるまとまりは、\
         比較する二つの群の少ないほうで {groups} 組しかありません。一組の人数が多くても、少なくとも {needed} 組が必要です。"
    );
    let name = Words {
        en: format!("groups kept together in the smaller of `{arm}` and control"),
        ja: format!("「{arm}」群と対照群のうち少ないほうのまとまりの数"),
    };
    decided(false, "unknowable.events", Words { en, ja }, exact(groups as f64, groups), name)
}

pub(super) fn no_estimate(arm: &str, units: usize) -> Verdict {
    let en = format!(
        "This cannot be known from these data: the people kept for judging give no estimate of what `{arm}` does."
    );
    let ja = format!(
        "このデータからは分かりません。検証用に取り分けた人のデータから、「{arm}」の効果を推定できませんでした。"
    );
    let name = Words {
        en: format!("people in the smaller of `{arm}` and control"),
        ja: format!("「{arm}」群と対照群のうち少ないほうの人数"),
    };
    decided(false, "unknowable.events", Words { en, ja }, exact(units as f64, units), name)
}

pub(super) fn too_few_events(arm: &str, events: usize, n: usize, needed: usize) -> Verdict {
    let en = format!(
        "This cannot be known yet: to judge `{arm}`, the rarer outcome occurred only {events} times in \
         the group that has it least; at least {needed} are needed. Wait for more, or choose an outcome \
         that occurs more often."
    );
    let ja = format!(
        "まだ分かりません。「{arm}」の判定に必要な、起こりにくいほうの結果が、少ない群で {events} 件しか\
         ありません。少なくとも {needed} 件が必要です。データが増えるのを待つか、\
         より頻繁に起こる成果を選んでください。"
    );
    let name = Words {
        en: format!("occurrences of the rarer outcome, `{arm}` or control"),
        ja: format!("起こりにくいほうの結果の件数（「{arm}」群と対照群の少ないほう）"),
    };
    decided(false, "unknowable.events", Words { en, ja }, exact(events as f64, n), name)
}

pub(super) fn lopsided(arm: &str, share: f64, n: usize) -> Verdict {
    let percent = percent(share);
    let en = format!(
        "This cannot be known from these data: for {percent} of the people it was all but certain whether \
         they would get `{arm}`, so that nobody alike was treated differently. Next time, let chance \
         decide for some of them."
    );
    let ja = format!(
        "このデータからは分かりません。{percent} の人について「{arm}」を受けるかどうかが初めからほぼ決まっており、\
         似た人どうしを比べられません。次回は、一部の人について無作為に決めてください。"
    );
    let name = Words {
        en: format!("share of people all but certain to get `{arm}`, or not to"),
        ja: format!("「{arm}」の有無が初めからほぼ決まっていた人の割合"),
    };
    decided(false, "unknowable.overlap", Words { en, ja }, exact(share, n), name)
}

pub(super) fn thin(arm: &str, effective: f64, n: usize) -> Verdict {
    let count = effective.round();
    let en = format!(
        "This cannot be known from these data: a few people who got `{arm}` (or control) count for so many, \
         because they got it against the odds, weigh much or belong to one large group, that the \
         comparison rests on the equivalent of {count} people."
    );
    let ja = format!(
        "このデータからは分かりません。「{arm}」群または対照群で、ごく一部の人（受ける見込みが低かったのに受けた人、\
         重みの大きい人、大きなまとまりに属する人）に比重が偏っており、実質 {count} 人分の情報で比べることになります。"
    );
    let name = Words {
        en: format!("effective people in the smaller of `{arm}` and control"),
        ja: format!("「{arm}」群と対照群のうち少ないほうの実質人数"),
    };
    decided(false, "unknowable.overlap", Words { en, ja }, exact(effective, n), name)
}

fn decided(proven: bool, code: &'static str, words: Words, by: Estimate, name: Words) -> Verdict {
    let Words { en, ja } = words;
    Verdict { proven, code, en, ja, decided_by: Some(by), decided_by_name: Some(name) }
}

fn exact(value: f64, n: usize) -> Estimate {
    Estimate { estimate: value, std_error: 0.0, n }
}

impl Scale {
    /// Returns an amount of the outcome with its unit.
    fn amount(self, value: f64) -> Words {
        match self {
            Self::Outcome => Words { en: number(value), ja: number(value) },
            Self::Points => {
                let points = number(100.0 * value);
                Words {
                    en: format!("{points} percentage points"),
                    ja: format!("{points} ポイント"),
                }
            }
        }
    }

    /// Returns an estimate's interval, in the unit of [`Self::amount`].
    fn interval(self, estimate: &Estimate) -> Words {
        let factor = match self {
            Self::Outcome => 1.0,
            Self::Points => 100.0,
        };
        let ends = estimate.interval_95();
        let (low, high) = (number(factor * ends.low), number(factor * ends.high));
        Words {
            en: format!("95 % interval {low} to {high}"),
            ja: format!("95 % 信頼区間 {low} ～ {high}"),
        }
    }
}

fn several(n_arms: usize) -> Words {
    if n_arms < 2 {
        return Words { en: String::new(), ja: String::new() };
    }
    Words {
        en: format!("; still so after allowing for {n_arms} arms"),
        ja: format!("、{n_arms} 種類を比べたことを考慮しても同じ結論"),
    }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// Three significant digits, without an exponent where one can read it so.
pub(crate) fn number(value: f64) -> String {
    let size = value.abs();
    if !(1e-7..1e15).contains(&size) {
        return if size > 0.0 && size.is_finite() {
            with_minus_sign(&format!("{value:.2e}"))
        } else {
            value.to_string()
        };
    }
    let decimals = (2 - libm::log10(size).floor() as i32).max(0) as usize;
    with_minus_sign(&format!("{value:.decimals$}"))
}

/// A hyphen is no minus: it may break a line, and screen readers pass over it.
fn with_minus_sign(number: &str) -> String {
    number.replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_significant_digits() {
        let cases = [
            (0.0, "0"),
            (0.012_345, "0.0123"),
            (-7.14159, "−7.14"),
            (98.76, "98.8"),
            (12_345.6, "12346"),
            (1e-9, "1.00e−9"),
        ];
        for (value, words) in cases {
            assert_eq!(number(value), words);
        }
    }
}
