//! Words about the method, for both readers.

use crate::text::Text;

pub(crate) const TITLE: Text = Text::say("Method, assumptions and limits", "方法・前提・限界");
pub(crate) const PLAIN: Text = Text::say("In plain words", "やさしい説明");
pub(crate) const PRECISE: Text = Text::say("For the statistician", "統計の専門家へ");
pub(crate) const ASSUMPTIONS: Text =
    Text::say("What must be true for this to hold", "成り立つための前提");
pub(crate) const LIMITS: Text = Text::say("What this study cannot say", "この調査で分からないこと");

/// The method for someone who decides.
pub(crate) const PLAIN_PARAGRAPHS: [Text; 3] = [
    Text::say(
        "We compare people who got help with people like them who did not. A forest of many small decision trees \
         learns for which kinds of people the difference is large, small or negative.",
        "働きかけを受けた人と、よく似ているが受けなかった人を比べます。多数の小さな決定木からなる「フォレスト」が、どのような人で\
         差が大きいか、小さいか、逆になるかを学びます。",
    ),
    Text::say(
        "Part of the people are locked away at the start. Everything this report claims is checked on them, so the \
         model cannot flatter itself.",
        "はじめに一部の人のデータを別に取り分けます。この報告書の主張はすべて、取り分けたデータで確かめているため、モデルが自らを良く見せることは\
         できません。",
    ),
    Text::say(
        "Every number has an interval. Where an interval covers zero we say “not proven”, and we mean it.",
        "すべての数値に信頼区間を添えています。区間がゼロをまたぐ場合は、はっきりと「実証されていません」と記します。",
    ),
];

/// The method for someone who checks.
pub(crate) const PRECISE_PARAGRAPHS: [Text; 4] = [
    Text::say(
        "Estimand: τ(x) = E[Y(w) − Y(0) | X = x] for each arm w against control, and averages of it. Y(w) is the outcome \
         the person would have under arm w.",
        "推定対象は、各群 w と対照群を比べた τ(x) = E[Y(w) − Y(0) | X = x] とその平均です。Y(w) は、群 w であったときの結果を表します。",
    ),
    Text::say(
        "Effects come from an honest causal forest on residuals (generalised random forests; Athey, Tibshirani and Wager \
         2019), with nuisances fitted out of fold; intervals come from the bootstrap of little bags.",
        "効果は、残差に対する正直な（honest）因果フォレスト（一般化ランダムフォレスト、Athey, Tibshirani, Wager 2019）で推定し、局外関数は\
         交差適合で求めています。信頼区間はリトルバッグ・ブートストラップによります。",
    ),
    Text::say(
        "Averages, TOC, AUTOC, Qini, tenths and the value of the plan are means of augmented inverse-propensity (AIPW) scores \
         on held-out rows; RATE intervals come from the half-sample bootstrap over clusters (Yadlowsky and others). \
         The plan follows the spend path of per-person convex hulls (Sverdrup, Wu, Athey and Wager 2024).",
        "平均効果、TOC、AUTOC、Qini、十分位別の効果、計画の価値は、検証用データでのAIPWスコアの平均です。RATEの信頼区間は、クラスター単位の\
         半標本ブートストラップによります（Yadlowskyら）。計画は、個人ごとの凸包に沿った支出経路によります（Sverdrup, Wu, Athey, Wager 2024）。",
    ),
    Text::say(
        "The calibration test regresses scores on the mean and the differential prediction with heteroskedasticity-robust errors. \
         Intervals are 95%, normal, pointwise unless said otherwise.",
        "較正の検定は、スコアを平均予測と差の予測に回帰し、不均一分散に頑健な標準誤差を用いています。特に断りのない限り、信頼区間は\
         95%・正規近似・各点のものです。",
    ),
];

/// What must hold, each with its name and its meaning.
pub(crate) const ASSUMPTION_LIST: [(Text, Text); 4] = [
    (
        Text::say("Consistency", "一致性"),
        Text::say(
            "“Help” means the same thing for everyone in an arm, and what was recorded is what happened.",
            "同じ群の人が受けた働きかけの内容は同じで、記録は実際に起きたことと一致しています。",
        ),
    ),
    (
        Text::say("Help by lot, or no hidden reasons", "無作為割付、または隠れた理由がないこと"),
        Text::say(
            "Either chance decided who got help, or everything that influenced both help and outcome is among the \
             features. No calculation can check the second; people who know the work can.",
            "働きかけの有無がくじ引きで決まったか、または働きかけと結果の両方に影響したことがすべて特徴量に含まれています。\
             後者は計算では確かめられず、現場をよく知る方の判断が必要です。",
        ),
    ),
    (
        Text::say("Overlap", "重なり"),
        Text::say(
            "Every kind of person could have been in every arm.",
            "どのような人にも、どの群にもなる可能性がありました。",
        ),
    ),
    (
        Text::say("No interference", "干渉がないこと"),
        Text::say(
            "Helping one person does not change another's outcome. Families or teams that talk should be kept together as \
             clusters.",
            "ある人への働きかけが、ほかの人の結果を変えることはありません。家族やチームなど影響し合う人は、クラスターとしてまとめて扱う必要があります。",
        ),
    ),
];

/// What the study cannot say.
pub(crate) const LIMIT_LIST: [Text; 3] = [
    Text::say(
        "It speaks of people like those in the data, at that time, with help as it was then.",
        "データに含まれる人々と似た人について、その当時の、その内容の働きかけの効果を述べたものです。",
    ),
    Text::say(
        "It measures the outcome that was recorded. A burden nobody wrote down is not in it.",
        "記録された結果だけを測っています。誰も書き留めなかった負担は含まれていません。",
    ),
    Text::say(
        "A prediction about one person stays uncertain. Ask the person; consent and refusal come before any number here.",
        "一人ひとりについての予測は、不確かなものです。ご本人に尋ねてください。同意と拒否は、ここにあるどの数値よりも優先されます。",
    ),
];

pub(crate) const DATA: Text = Text::say("The data", "データ");
pub(crate) const FILE: Text = Text::say("Input", "入力");
pub(crate) const FINGERPRINT: Text =
    Text::say("Fingerprint of the data used", "使用データの指紋（ハッシュ値）");
pub(crate) const READ: Text = Text::say("Rows read", "読み込んだ行数");
pub(crate) const USED: Text = Text::say("Rows used", "使用した行数");
pub(crate) const TRAIN: Text = Text::say("Rows the model learned from", "学習に使った行数");
pub(crate) const HELDOUT: Text = Text::say("Rows kept for judging", "検証用に取り分けた行数");
pub(crate) const CLUSTERS: Text = Text::say("Clusters", "クラスター数");
pub(crate) const TREATMENT: Text = Text::say("Treatment", "働きかけの列");
pub(crate) const OUTCOME: Text = Text::say("Outcome", "結果の列");
pub(crate) const FEATURES: Text = Text::say("Features", "特徴量");
pub(crate) const DROPPED: Text = Text::say("Rows left out", "除外した行");
pub(crate) const NONE_DROPPED: Text = Text::say("No row was left out.", "除外した行はありません。");
pub(crate) const NOTICES: Text = Text::say("Notices", "お知らせ");
pub(crate) const NO_NOTICES: Text =
    Text::say("There is nothing to report.", "特にお知らせする点はありません。");
pub(crate) const SETTINGS: Text = Text::say("Settings", "設定");
pub(crate) const SETTINGS_SUMMARY: Text =
    Text::say("Every parameter used", "使用したすべてのパラメーター");
pub(crate) const SETTING: Text = Text::say("Setting", "設定項目");
pub(crate) const VALUE: Text = Text::say("Value", "値");
pub(crate) const TIMINGS: Text = Text::say("Timings", "所要時間");
pub(crate) const STAGE: Text = Text::say("Stage", "段階");
pub(crate) const SECONDS: Text = Text::say("Seconds", "秒");
pub(crate) const TOTAL: Text = Text::say("together", "合計");
