//! Errors of a study and its stages, with what helps.

use yorisoi::StudyError;
use yorisoi::data::BinError;
use yorisoi::effects::EffectError;
use yorisoi::japanese::InJapanese as _;

use super::{Hint, UNTOLD, judging, planning};
use crate::failure::Failure;

impl From<StudyError> for Failure {
    fn from(error: StudyError) -> Self {
        let (hint_en, hint_ja) = match &error {
            StudyError::Roles(error) => return error.clone().into(),
            StudyError::Bins(error) => return bins(error),
            StudyError::Effects(error) => effects(error),
            StudyError::Evaluation(error) => judging::evaluation(error),
            StudyError::Policy(error) => planning::policy(error),
            other => own(other),
        };
        let (en, ja) = (error.to_string(), error.japanese());
        let failure = if error.is_usage() { Self::usage(en, ja) } else { Self::input(en, ja) };
        failure.hint(hint_en, hint_ja)
    }
}

fn own(error: &StudyError) -> Hint {
    match error {
        StudyError::Dose { .. } => (
            "judge an amount with `yorisoi study --dose`, on rows it keeps back",
            "量の効果は `yorisoi study --dose` で、学習に使わない行を取り分けて検証してください",
        ),
        StudyError::TrimmedDose => (
            "leave `--trim` out; the plan keeps to amounts that the data show",
            "`--trim` を外してください。計画は、データに例のある量の範囲に収まります",
        ),
        StudyError::OtherArms { .. } => (
            "judge a model on a table with the arms it was learned from",
            "モデルが学習したのと同じ群を持つ表で検証してください",
        ),
        StudyError::OtherDirection { .. } => (
            "say `--lower-is-better` here if the model was fitted with it, and leave it out if not",
            "モデルを `--lower-is-better` 付きで学習した場合はここでも付け、そうでない場合は外してください",
        ),
        StudyError::SameTable => (
            "judge it on rows it has not learned from; a study keeps some back by itself",
            "学習に使っていない行で検証してください。`yorisoi study` なら検証用の行を自動で取り分けます",
        ),
        StudyError::EmptySide { .. } => (
            "collect more rows of this arm; clusters stay whole, so few large clusters may all fall on \
             one side",
            "この群の行を増やしてください。クラスターは分割しないため、少数の大きなクラスターは片側に偏ることがあります",
        ),
        other => about_the_plan(other),
    }
}

fn about_the_plan(error: &StudyError) -> Hint {
    match error {
        StudyError::UnknownArm { .. } => (
            "check the spelling; the control arm costs nothing and takes everyone",
            "つづりを確認してください。対照群には費用も上限もありません",
        ),
        StudyError::MissingCost { .. } => (
            "give every arm a cost with `--cost ARM=COST`, 0 where it is free",
            "すべての群の費用を `--cost ARM=COST` で指定してください。無料なら 0 です",
        ),
        StudyError::BadCost { .. } => {
            ("give a cost of 0 or more", "0 以上の費用を指定してください")
        }
        StudyError::CostColumn { .. } => (
            "name a column with one cost a row, 0 or more",
            "行ごとに 0 以上の費用が入った列を指定してください",
        ),
        StudyError::NoAllowedHarm => (
            "say it with `--allowed-harm H`, in the unit of the outcome; a study allows 0.2 standard \
             deviations of the outcome",
            "`--allowed-harm H` で、結果の単位で指定してください。スタディの既定は結果の標準偏差の 0.2 倍です",
        ),
        _ => UNTOLD,
    }
}

fn effects(error: &EffectError) -> Hint {
    match error {
        EffectError::ThinArm { .. } => (
            "collect more, join arms that are alike, or remove the arm's rows",
            "行を増やすか、似た群をまとめるか、その群の行を除いてください",
        ),
        EffectError::FewClusters { .. } => (
            "name smaller clusters, such as households instead of branches; leave `--cluster` out \
             only where rows do not depend on one another",
            "支店ではなく世帯のような、より小さなまとまりを指定してください。行どうしに関連がない場合に限り、\
             `--cluster` を外せます",
        ),
        EffectError::TooManyFeatures { .. } => (
            "leave columns out with `--drop`, or name those to use with `--features`",
            "`--drop` で列を除くか、使う列を `--features` で指定してください",
        ),
        EffectError::NoFeatures => (
            "add columns that were known before the treatment",
            "働きかけより前に分かっていた列を加えてください",
        ),
        _ => UNTOLD,
    }
}

fn bins(error: &BinError) -> Failure {
    let hint_ja = match error {
        BinError::MissingColumns { .. } => {
            "モデルの学習に使った列を持つ表を渡してください。ほかの列は無視されます"
        }
        BinError::NotNumeric { .. } => "数値がない場合は空欄にしてください",
        _ => "列を確認してください",
    };
    Failure::input(error.to_string(), error.japanese()).hint(error.hint(), hint_ja)
}
