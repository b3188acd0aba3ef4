//! Errors of a study and its stages, in Japanese too.

use yorisoi::StudyError;
use yorisoi::data::BinError;
use yorisoi::effects::EffectError;

use super::roles::listed;
use super::{Told, judging, planning};
use crate::failure::Failure;

impl From<StudyError> for Failure {
    fn from(error: StudyError) -> Self {
        let told = match &error {
            StudyError::Roles(error) => return error.clone().into(),
            StudyError::Bins(error) => return bins(error),
            StudyError::Effects(error) => effects(error),
            StudyError::Evaluation(error) => judging::evaluation(error),
            StudyError::Policy(error) => planning::policy(error),
            other => own(other),
        };
        let en = error.to_string();
        let failure =
            if error.is_usage() { Self::usage(en, told.ja) } else { Self::input(en, told.ja) };
        failure.hint(told.hint_en, told.hint_ja)
    }
}

fn own(error: &StudyError) -> Told {
    let (ja, hint_en, hint_ja) = match error {
        StudyError::Dose { column } => (
            format!(
                "働きかけ `{column}` は量です。保存済みのモデルの検証では群を比べるため、量のモデルは検証できません"
            ),
            "judge an amount with `yorisoi study --dose`, on rows it keeps back",
            "量の効果は `yorisoi study --dose` で、学習に使わない行を取り分けて検証してください",
        ),
        StudyError::TrimmedDose => (
            "`--trim` は割付確率で行を除きますが、量には割付確率がありません".to_owned(),
            "leave `--trim` out; the plan keeps to amounts that the data show",
            "`--trim` を外してください。計画は、データに例のある量の範囲に収まります",
        ),
        StudyError::OtherArms { actual, expected } => (
            format!("表の群は {actual} ですが、モデルの群は {expected} です"),
            "judge a model on a table with the arms it was learned from",
            "モデルが学習したのと同じ群を持つ表で検証してください",
        ),
        StudyError::OtherDirection { outcome } => (
            format!(
                "モデルの予測が `{outcome}` と逆向きです。一方は小さいほど良い結果、他方は大きいほど良い結果として扱っています"
            ),
            "say `--lower-is-better` here if the model was fitted with it, and leave it out if not",
            "モデルを `--lower-is-better` 付きで学習した場合はここでも付け、そうでない場合は外してください",
        ),
        StudyError::SameTable => (
            "この表はモデルの学習に使ったものです。知っている答えで検証することになります"
                .to_owned(),
            "judge it on rows it has not learned from; a study keeps some back by itself",
            "学習に使っていない行で検証してください。`yorisoi study` なら検証用の行を自動で取り分けます",
        ),
        StudyError::EmptySide { arm, .. } => (
            format!("学習と検証に分けると、片方に群 `{arm}` の人がいません"),
            "collect more rows of this arm; clusters stay whole, so few large clusters may all fall on \
             one side",
            "この群の行を増やしてください。クラスターは分割しないため、少数の大きなクラスターは片側に偏ることがあります",
        ),
        other => return about_the_plan(other),
    };
    Told { ja, hint_en, hint_ja }
}

fn about_the_plan(error: &StudyError) -> Told {
    let (ja, hint_en, hint_ja) = match error {
        StudyError::UnknownArm { option, arm, known } => (
            format!("`{option}` の群 `{arm}` がありません。群は {known} です"),
            "check the spelling; the control arm costs nothing and takes everyone",
            "つづりを確認してください。対照群には費用も上限もありません",
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
        other => return Told::untold(other),
    };
    Told { ja, hint_en, hint_ja }
}

fn effects(error: &EffectError) -> Told {
    match error {
        EffectError::ThinArm { arm, actual, expected } => Told {
            ja: format!(
                "群 `{arm}` の学習に使える人は {actual} 人です。少なくとも {expected} 人必要です"
            ),
            hint_en: "collect more, join arms that are alike, or remove the arm's rows",
            hint_ja: "行を増やすか、似た群をまとめるか、その群の行を除いてください",
        },
        EffectError::FewClusters { arm, actual, expected } => Told {
            ja: format!(
                "`{arm}` の効果の学習に使えるクラスター（一緒に扱うまとまり）は {actual} 個です。少なくとも {expected} 個必要です"
            ),
            hint_en: "name smaller clusters, such as households instead of branches; leave `--cluster` out \
                      only where rows do not depend on one another",
            hint_ja: "支店ではなく世帯のような、より小さなまとまりを指定してください。行どうしに関連がない場合に限り、\
                      `--cluster` を外せます",
        },
        EffectError::TooManyFeatures { actual, expected } => Told {
            ja: format!("特徴量が {actual} 個あります。使えるのは {expected} 個までです"),
            hint_en: "leave columns out with `--drop`, or name those to use with `--features`",
            hint_ja: "`--drop` で列を除くか、使う列を `--features` で指定してください",
        },
        EffectError::NoFeatures => Told {
            ja: "人を区別する特徴量がありません".to_owned(),
            hint_en: "add columns that were known before the treatment",
            hint_ja: "働きかけより前に分かっていた列を加えてください",
        },
        other => Told::untold(other),
    }
}

fn bins(error: &BinError) -> Failure {
    let (ja, hint_ja) = match error {
        BinError::MissingColumns { columns, .. } => (
            format!("モデルが使う列 {} が表にありません", listed(columns)),
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
