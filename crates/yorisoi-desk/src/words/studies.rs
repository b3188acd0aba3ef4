//! Words of studies and models.

use yorisoi_decision::Words;

use crate::lang::{Text, say};

pub(crate) static TITLE: Text = say("Studies", "調べもの");
pub(crate) static LEAD: Text = say(
    "From a table of past contacts to whom help helps, and whether that is proven.",
    "過去のご連絡の表から、お手伝いがどなたの助けになるのか、それが実証されたかを調べます。",
);
pub(crate) static START: Text = say("Study a table", "表を調べる");
pub(crate) static START_LEAD: Text = say(
    "CSV or Parquet, gzip or zstd too. It stays on this machine.",
    "CSVまたはParquet（gzip・zstdも可）。ファイルはこのコンピューターの外に出ません。",
);
pub(crate) static TREATMENT: Text = say("Column with what each person got", "「受けたもの」の列");
pub(crate) static TREATMENT_HINT: Text = say("Such as offer.", "例：offer");
pub(crate) static OUTCOME: Text = say("Column with how it ended", "「結果」の列");
pub(crate) static OUTCOME_HINT: Text =
    say("Such as stayed; more is better.", "例：stayed（多いほどよい）");
pub(crate) static CLUSTER: Text = say("Column with the household", "「世帯」の列");
pub(crate) static CLUSTER_HINT: Text = say("May stay empty.", "空欄可");
pub(crate) static FILE: Text = say("File", "ファイル");
pub(crate) static HERE: Text = say("A table that lies here", "このコンピューターにある表");
pub(crate) static HERE_HINT: Text = say(
    "From the folder `tables` in the data folder of the service.",
    "サービスのデータフォルダーにある「tables」フォルダーの表です。",
);
pub(crate) static HERE_NONE: Text = say("none: upload one below", "選ばない（下でアップロード）");
pub(crate) static START_DO: Text = say("Begin", "はじめる");
pub(crate) static STUDIES: Text = say("Studies so far", "これまでの調べもの");
pub(crate) static NO_STUDIES: Text = say(
    "None yet. A study takes seconds to minutes, and its report can be sent as one file.",
    "まだありません。数秒から数分で終わり、報告は一つのファイルとして送れます。",
);
pub(crate) static RUNNING: Text = say("running", "実行中");
pub(crate) static FAILED: Text = say("could not be done", "実行できませんでした");
pub(crate) static PROVEN: Text = say("proven", "実証済み");
pub(crate) static NOT_PROVEN: Text = say("not proven", "未実証");
pub(crate) static OWN: Text = say("Learn from our own decisions", "自分たちの判断から学ぶ");
pub(crate) static OWN_LEAD: Text = say(
    "Every decision with its probability, its outcome and its household, as a table a study reads.",
    "判断、その確率、結果、世帯を一つの表にします。そのまま調べられます。",
);
pub(crate) static OWN_DO: Text = say("Save the table", "表を保存する");
pub(crate) static MODELS: Text = say("Models", "モデル");
pub(crate) static NO_MODELS: Text = say(
    "None. Until there is one, effects are what you declared to believe, and what was learned since.",
    "まだありません。それまでは、宣言した見込みと、その後に学んだことで判断します。",
);
pub(crate) static MODEL_FILE: Text = say("A model file", "モデルのファイル");
pub(crate) static REGISTER: Text = say("Register", "登録する");
pub(crate) static REGISTER_THIS: Text = say("Register its model", "このモデルを登録する");
pub(crate) static SHADOW: Text = say("See it in shadow", "参考として比べる");
pub(crate) static PROMOTE: Text = say("Let it decide", "判断に使う");
pub(crate) static SHADOW_TITLE: Text = say("In the shadow", "参考としての比較");
pub(crate) static SHADOW_LEAD: Text = say(
    "What this model would say of your clients, beside what decides now. Nothing changes for anybody.",
    "このモデルの見立てと、いまの判断を並べています。どなたにも影響しません。",
);
pub(crate) static SCORED: Text = say("Clients scored", "見立てた人数");
pub(crate) static INCOMPLETE: Text =
    say("Clients whose features are missing", "情報が足りない人数");
pub(crate) static DIFFERENT: Text = say("Clients with another best help", "最善が変わる人数");
pub(crate) static ACTION: Text = say("Help", "お手伝い");
pub(crate) static MEAN_NOW: Text = say("Mean effect now", "いまの平均効果");
pub(crate) static MEAN_THEN: Text = say("Mean effect by this model", "このモデルの平均効果");
pub(crate) static WAIT: Text = say(
    "You can do something else; it goes on.",
    "ほかの作業をしていてもかまいません。続いています。",
);
pub(crate) static LOOK_AGAIN: Text = say("Look again", "最新の状況を見る");
pub(crate) static REPORT: Text = say("Open the report", "報告を開く");
pub(crate) static BROKEN: Text = say(
    "The study broke off by a mistake of ours. Nothing else was touched.",
    "こちらの不具合で中断しました。ほかには影響ありません。",
);

pub(crate) static BROKEN_OFF: Text = say(
    "The program was stopped before this study was done. Begin it again with the same table.",
    "この調べものは、終わる前にプログラムが停止したため中断しました。同じ表で、もう一度はじめてください。",
);
pub(crate) static SUMMARY_FILE: Text =
    say("Its summary.json (may stay empty)", "モデルの summary.json（空欄可）");
pub(crate) static SUMMARY_HINT: Text = say(
    "With it, the proof page shows how good the model is.",
    "添えていただくと、実証のページでモデルの正しさを確認できます。",
);

/// What a study does, by the names under which it tells its progress, in their order.
pub(crate) static STAGES: [(&str, Text); 9] = [
    ("read", say("Reading the table", "表を読み込んでいます")),
    ("prepare", say("Preparing the rows", "行を準備しています")),
    ("nuisances", say("Learning the ordinary course", "ふだんの結果を学んでいます")),
    ("forest", say("Growing the forest", "予測の木を育てています")),
    ("leaf size", say("Choosing the leaf size", "木の葉の大きさを決めています")),
    ("more trees", say("Growing more trees", "予測の木を増やしています")),
    ("effects", say("Estimating effects", "効果を推定しています")),
    ("evaluate", say("Judging on rows it has not seen", "学習に使っていない行で評価しています")),
    ("plan", say("Planning", "計画を立てています")),
];

/// What is being done.
pub(crate) fn stage(stage: &str) -> Text {
    match STAGES.iter().find(|(name, _)| *name == stage) {
        Some((_, words)) => words.clone(),
        None => Text::new(format!("Working: {stage}"), format!("作業中：{stage}")),
    }
}

/// The arms of a model.
pub(crate) fn arms(arms: &[Words]) -> Text {
    let all = |of: fn(&Words) -> &str| arms.iter().map(of).collect::<Vec<_>>();
    let (en, ja) = (all(|it| &it.en).join("; "), all(|it| &it.ja).join("、"));
    Text::new(format!("arms: {en}"), format!("群：{ja}"))
}

/// Actions without an effect.
pub(crate) fn missing(n: usize) -> Text {
    let en = if n == 1 {
        "1 action of the policy is not in it: it holds".to_owned()
    } else {
        format!("{n} actions of the policy are not in it: they hold")
    };
    Text::new(
        en,
        format!(
            "方針にあるお手伝いのうち{n}件は、このモデルに含まれていないため、行わずに見守ります"
        ),
    )
}

/// The meaning of a state.
pub(crate) fn tone(state: &str) -> &'static str {
    match state {
        "live" => "help",
        "shadow" => "unknown",
        _ => "rest",
    }
}

/// A state in words.
pub(crate) fn state(state: &str) -> Text {
    match state {
        "live" => say("decides", "使用中"),
        "shadow" => say("in the shadow", "参考"),
        _ => say("past", "過去"),
    }
}
