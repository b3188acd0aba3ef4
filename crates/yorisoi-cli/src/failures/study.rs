//! Errors of a study and its stages, in Japanese too.

use yorisoi::StudyError;
use yorisoi::data::BinError;
use yorisoi::effects::EffectError;

use crate::failure::Failure;

impl From<StudyError> for Failure {
    fn from(error: StudyError) -> Self {
        let (ja, hint_en, hint_ja) = match &error {
            StudyError::Roles(error) => return error.clone().into(),
            StudyError::Bins(error) => return bins(error),
            StudyError::Effects(error) => effects(error),
            other => own(other),
        };
        let (en, hint_en) = (error.to_string(), hint_en.to_owned());
        let failure = if error.is_usage() { Self::usage(en, ja) } else { Self::input(en, ja) };
        failure.hint(hint_en, hint_ja)
    }
}

type Told = (String, &'static str, &'static str);

fn own(error: &StudyError) -> Told {
    match error {
        StudyError::Dose { column } => (
            format!("施策 `{column}` は量ですが、スタディは群を比べます"),
            "join amounts into a few arms, or learn effects of the amount with `yorisoi fit --dose`",
            "量を少数の群にまとめるか、`yorisoi fit --dose` で量の効果を学習してください",
        ),
        StudyError::UnknownArm { option, arm, known } => (
            format!("`{option}` の群 `{arm}` がありません。群は {known} です"),
            "check the spelling; the control arm costs nothing and takes everyone",
            "つづりを確認してください。比較の基準の群には費用も上限もありません",
        ),
        StudyError::MissingCost { arm } => (
            format!("ほかの群には費用がありますが、`{arm}` にはありません"),
            "give every arm a cost with `--cost ARM=COST`, 0 where it is free",
            "すべての群の費用を `--cost ARM=COST` で指定してください。無料なら 0 です",
        ),
        StudyError::BadCost { arm, cost } => (
            format!("群 `{arm}` の費用 {cost} は 0 以上の有限の数ではありません"),
            "give a cost of 0 or more",
            "0 以上の費用を指定してください",
        ),
        StudyError::CostColumn { column, row, .. } => (
            match row {
                Some(row) => {
                    format!("費用の列 `{column}` の {row} 行目が欠けているか、負か、無限大です")
                }
                None => format!("費用となる数値の列 `{column}` がありません"),
            },
            "name a column with one cost a row, 0 or more",
            "行ごとに 0 以上の費用が入った列を指定してください",
        ),
        StudyError::NoAllowedHarm => (
            "効果だけから計画するには、許容できる害の大きさが必要です".to_owned(),
            "say it with `--allowed-harm H`, in the unit of the outcome; a study allows 0.2 standard \
             deviations of the outcome",
            "`--allowed-harm H` で、結果の単位で指定してください。スタディの既定は結果の標準偏差の 0.2 倍です",
        ),
        StudyError::OtherArms { actual, expected } => (
            format!("表の群は {actual} ですが、モデルの群は {expected} です"),
            "judge a model on a table with the arms it was learned from",
            "モデルが学習したのと同じ群を持つ表で検証してください",
        ),
        StudyError::EmptySide { arm, .. } => (
            format!("学習と検証に分けると、片方に群 `{arm}` の人がいません"),
            "collect more rows of this arm; clusters stay whole, so few large clusters may all fall on \
             one side",
            "この群の行を増やしてください。まとまりは分割しないため、少数の大きなまとまりは片側に偏ることがあります",
        ),
        other => (
            format!("計算できません: {other}"),
            "check the columns given as outcome, treatment, weight and propensity",
            "結果、施策、重み、割付確率の列を確認してください",
        ),
    }
}

fn effects(error: &EffectError) -> Told {
    let hint = "collect more, join arms that are alike, or remove the arm's rows";
    let hint_ja = "行を増やすか、似た群をまとめるか、その群の行を除いてください";
    match error {
        EffectError::ThinArm { arm, actual, expected } => (
            format!(
                "群 `{arm}` の学習に使える人は {actual} 人です。少なくとも {expected} 人必要です"
            ),
            hint,
            hint_ja,
        ),
        EffectError::NoFeatures => (
            "人を区別する特徴がありません".to_owned(),
            "add columns that were known before the treatment",
            "施策より前に分かっていた列を加えてください",
        ),
        other => (format!("効果を学習できません: {other}"), hint, hint_ja),
    }
}

fn bins(error: &BinError) -> Failure {
    let (ja, hint_ja) = match error {
        BinError::MissingColumns { columns, .. } => (
            format!("モデルが使う列 {} が表にありません", columns.join("、")),
            "モデルの学習に使った列を持つ表を渡してください。ほかの列は無視されます",
        ),
        BinError::NotNumeric { column, row, text } => (
            format!("列 `{column}` は学習時には数値でしたが、{row} 行目が `{text}` です"),
            "数値がない場合は空欄にしてください",
        ),
        other => (format!("表がモデルに合いません: {other}"), "列を確認してください"),
    };
    Failure::input(error.to_string(), ja).hint(error.hint(), hint_ja)
}
