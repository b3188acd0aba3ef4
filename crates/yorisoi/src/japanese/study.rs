//! Errors of a study and its stages, in Japanese.

use yorisoi_data::BinError;
use yorisoi_effects::EffectError;

use super::InJapanese;
use super::roles::listed;
use crate::StudyError;

impl InJapanese for StudyError {
    fn japanese(&self) -> String {
        match self {
            StudyError::Roles(error) => error.japanese(),
            StudyError::Bins(error) => error.japanese(),
            StudyError::Effects(error) => error.japanese(),
            StudyError::Evaluation(error) => error.japanese(),
            StudyError::Policy(error) => error.japanese(),
            StudyError::Dose { column } => format!(
                "働きかけ `{column}` は量です。保存済みのモデルの検証では群を比べるため、量のモデルは検証できません"
            ),
            StudyError::OtherArms { actual, expected } => {
                format!("表の群は {actual} ですが、モデルの群は {expected} です")
            }
            StudyError::OtherDirection { outcome } => format!(
                "モデルの予測が `{outcome}` と逆向きです。一方は小さいほど良い結果、他方は大きいほど良い結果として扱っています"
            ),
            StudyError::SameTable => {
                "この表はモデルの学習に使ったものです。知っている答えで検証することになります"
                    .to_owned()
            }
            StudyError::EmptySide { arm, .. } => {
                format!("学習と検証に分けると、片方に群 `{arm}` の人がいません")
            }
            other => about_the_plan(other),
        }
    }
}

fn about_the_plan(error: &StudyError) -> String {
    match error {
        StudyError::TrimmedDose => {
            "`--trim` は割付確率で行を除きますが、量には割付確率がありません".to_owned()
        }
        StudyError::UnknownArm { option, arm, known } => {
            format!("`{option}` の群 `{arm}` がありません。群は {known} です")
        }
        StudyError::MissingCost { arm } => {
            format!("ほかの群には費用がありますが、`{arm}` にはありません")
        }
        StudyError::BadCost { arm, cost } => {
            format!("群 `{arm}` の費用 {cost} は 0 以上の有限の数ではありません")
        }
        StudyError::CostColumn { column, row, .. } => match row {
            Some(row) => {
                format!("費用の列 `{column}` の {row} 行目が欠けているか、負か、無限大です")
            }
            None => format!("費用となる数値の列 `{column}` がありません"),
        },
        StudyError::NoAllowedHarm => {
            "効果だけから計画するには、許容できる害の大きさが必要です".to_owned()
        }
        other => other.to_string(),
    }
}

impl InJapanese for EffectError {
    fn japanese(&self) -> String {
        match self {
            EffectError::ThinArm { arm, actual, expected } => format!(
                "群 `{arm}` の学習に使える人は {actual} 人です。少なくとも {expected} 人必要です"
            ),
            EffectError::FewClusters { arm, actual, expected } => format!(
                "`{arm}` の効果の学習に使えるクラスター（一緒に扱うまとまり）は {actual} 個です。少なくとも {expected} 個必要です"
            ),
            EffectError::TooManyFeatures { actual, expected } => {
                format!("特徴量が {actual} 個あります。使えるのは {expected} 個までです")
            }
            EffectError::NoFeatures => "人を区別する特徴量がありません".to_owned(),
            other => other.to_string(),
        }
    }
}

impl InJapanese for BinError {
    fn japanese(&self) -> String {
        match self {
            BinError::MissingColumns { columns, .. } => {
                format!("モデルが使う列 {} が表にありません", listed(columns))
            }
            BinError::NotNumeric { column, row, text } => {
                format!("列 `{column}` は学習時には数値でしたが、{row} 行目が `{text}` です")
            }
            other => format!("表がモデルに合いません: {other}"),
        }
    }
}
