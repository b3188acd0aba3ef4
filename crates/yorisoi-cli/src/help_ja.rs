//! What can be said on the command line, in Japanese.
//!
//! The English help stands beside the options ([`crate::args`]). A test goes through every command and option,
//! so that none can be added without its Japanese.

use clap::{Arg, ArgAction, Command};

const TEMPLATE: &str = "{about-with-newline}\n使い方: {usage}\n\n{all-args}{after-help}";

const AFTER_HELP: &str = "結果は標準出力、進行状況と注意は標準エラー出力に書き出します。\n\
    終了コード: 0 完了、1 実証されていない（--require-proof 指定時）、2 指定の誤り、3 入力の問題、4 内部の不具合";

const COMMANDS: &[(&str, &str)] = &[
    (
        "yorisoi",
        "その働きかけは、誰に何をもたらし、誰はそっとしておくほうがよいのでしょうか。\n\n\
         過去の働きかけの表から、どの働きかけが誰の結果をどう変えるかを学習し、学習に使っていない行で検証し、\
         予算で何ができるかを計画します。",
    ),
    ("demo", "同梱の実際のメール実験（64,000 人）を調べ、見本の世界で机（画面）を開きます"),
    ("study", "表を調べます（学習、検証、計画、レポート）"),
    ("fit", "表のすべての行から効果を学習し、モデルを書き出します"),
    ("effects", "モデルを使って、新しい行の効果を推定します"),
    ("evaluate", "学習に使っていない表でモデルを検証します"),
    ("plan", "効果と費用から、誰に何を提案するかを計画します"),
    ("report", "終わった調査のレポートを作り直します"),
    (
        "decide",
        "方針と事実のファイルから、一人のお客さまに今すべきことを判断します（何も記録しません）",
    ),
    ("world", "真の効果が分かっている架空の表を CSV で書き出します（練習用）"),
    ("serve", "判断サービス（HTTP）と机（画面）を起動します"),
    ("ledger", "台帳を検証・複製・復元・再構築・再現し、または一人の記録を消去します"),
    ("model", "モデルを登録し、いまの判断と比べてから、判断に使います"),
    ("proof", "対照群との比較から、働きかけに効果があるかを答えます"),
    ("token", "トークンを発行・失効・一覧表示します"),
    ("config", "有効な設定と、その出どころを表示します"),
    ("completions", "シェルの補完スクリプトを表示します"),
];

/// Command, option and its words; an empty command stands for all that have the option.
const OPTIONS: &[(&str, &str, &str)] = &[
    ("", "lang", "表示する言語 [既定: 端末の言語]"),
    ("", "quiet", "標準エラー出力にはエラーだけを書きます"),
    ("", "json", "結果を JSON で表示します"),
    ("", "threads", "使うスレッドの数。いくつでも結果は同じです [既定: すべて]"),
    ("", "help", "この説明を表示します"),
    ("", "version", "版を表示します"),
    ("demo", "out", "結果のフォルダー。新しい結果がそろってから置き換えます [既定: yorisoi-demo]"),
    ("demo", "only", "片方だけ: `study`（調査）か `desk`（画面） [既定: 調査のあと画面]"),
    ("demo", "data", "見本の世界を残すフォルダー [既定: メモリー]"),
    (
        "demo",
        "listen",
        "画面のアドレスとポート [既定: 127.0.0.1:7878、ふさがっていれば空いている番号]",
    ),
    ("serve", "data", "台帳・鍵・モデルのフォルダー [既定: care]"),
    (
        "serve",
        "database",
        "台帳の `postgres://` アドレス（複数台で使う場合） [既定: フォルダー内の SQLite]",
    ),
    ("serve", "listen", "待ち受けるアドレスとポート [既定: 127.0.0.1:7878]"),
    ("serve", "config", "設定の TOML ファイル。環境変数 `YORISOI_…` と指定が優先されます"),
    ("ledger", "data", "台帳・鍵・モデルのフォルダー [既定: care]"),
    ("model", "data", "台帳・鍵・モデルのフォルダー [既定: care]"),
    ("proof", "data", "台帳・鍵・モデルのフォルダー [既定: care]"),
    ("token", "data", "台帳・鍵・モデルのフォルダー [既定: care]"),
    ("config", "data", "台帳・鍵・モデルのフォルダー [既定: care]"),
    (
        "ledger",
        "task",
        "verify（検証）、export（書き出し）、backup（複製）、restore（復元）、erase（消去）、rebuild（再構築）、replay（判断の再現）",
    ),
    (
        "ledger",
        "target",
        "`backup`・`restore`・`export` のファイル [`export` の既定: 標準出力]、または `erase` のお客さま",
    ),
    (
        "ledger",
        "study",
        "判断とその結果を `study` が読む表として書き出します（CSV。名前により Parquet）",
    ),
    (
        "ledger",
        "action",
        "見守りと比べる働きかけ（複数はカンマ区切り）。記録された確率を使います [既定: すべて]",
    ),
    ("ledger", "outcome", "判断の結果とするもの [既定: 家の設定]"),
    ("ledger", "outcome_days", "判断から何日以内の結果を数えるか [既定: 家の設定]"),
    (
        "model",
        "task",
        "register（登録して比較）、list（一覧）、shadow（比較）、promote（判断に使う）、score（全員を評価し直す）",
    ),
    (
        "model",
        "target",
        "`register` のファイル、または `shadow`・`promote` のモデル（名前は見分けがつくところまで）",
    ),
    ("model", "expected", "`register` のファイルが持つはずの BLAKE3 ハッシュ"),
    ("token", "task", "issue（発行）、revoke（失効）、list（一覧）"),
    ("token", "name", "トークンの名前"),
    ("token", "role", "役割: agent、lead、analyst、privacy、service"),
    ("token", "team", "担当するチーム [既定: すべてのチーム]"),
    ("token", "agent", "担当者の名前"),
    ("config", "task", "check（確認）"),
    ("world", "policies", "比べる方針 [既定: すべて]"),
    ("world", "worlds", "比べる世界: coach、carrier、gifts [既定: すべて]"),
    ("world", "seeds", "くり返す回数 [既定: 20]"),
    (
        "study",
        "out",
        "結果のフォルダー。新しい結果がそろってから置き換えます [既定: yorisoi-study]",
    ),
    ("effects", "out", "書き出す Parquet ファイル。`-` は標準出力です"),
    ("plan", "out", "書き出す CSV ファイル [既定: 標準出力]"),
    ("report", "out", "書き出す HTML ファイル [既定: 標準出力]"),
    ("study", "table", "CSV か Parquet のファイル（そのまま、gzip、zstd）。`-` は標準入力です"),
    ("fit", "table", "CSV か Parquet のファイル（そのまま、gzip、zstd）。`-` は標準入力です"),
    ("effects", "table", "モデルの特徴量を含む CSV か Parquet のファイル。`-` は標準入力です"),
    (
        "evaluate",
        "table",
        "モデルの学習に使っていない CSV か Parquet のファイル。`-` は標準入力です",
    ),
    ("plan", "table", "`--cost ARM=@COLUMN` で指定した列を含む表"),
    ("plan", "effects", "`effects` か `study` が書き出した Parquet ファイル"),
    ("report", "summary", "調査の `summary.json` か、そのフォルダー。`-` は標準入力です"),
    ("fit", "model", "モデルを書き出すファイル"),
    ("effects", "model", "`fit` か `study` が書き出したモデル"),
    ("evaluate", "model", "`fit` か `study` が書き出したモデル"),
    ("study", "dose", "働きかけは、少数の群ではなく量です"),
    ("fit", "dose", "働きかけは、少数の群ではなく量です"),
    (
        "decide",
        "situation",
        "お客さまの事実、提供できるもの、日時を書いた JSON ファイル。`-` は標準入力です",
    ),
    ("decide", "policy", "判断に使う方針（TOML か JSON）。`-` は標準入力です"),
    ("decide", "key", "対照群と抽選の秘密の鍵。16 進数 64 桁、またはそれを書いたファイル `@FILE`"),
    (
        "decide",
        "now",
        "この日時の時点で判断します（例: 2026-11-18T11:00:00+09:00） [既定: 事実のファイルの日時]",
    ),
    ("world", "world", "世界の名前。省くと一覧を表示します。`compare` は方針どうしを比べます"),
    ("world", "rows", "行数 [既定: 10000]"),
    ("world", "seed", "乱数のシード [既定: 0]"),
    ("world", "truth", "真の効果を列として加えます"),
    ("completions", "shell", "シェル（bash、elvish、fish、powershell、zsh）"),
    (
        "",
        "database",
        "台帳の `postgres://` アドレス（複数の機械で使う場合）[既定: フォルダー内の SQLite]",
    ),
    ("", "listen", "待ち受けるアドレスとポート [既定: 127.0.0.1:7878]"),
    ("", "config", "設定の TOML ファイル。`YORISOI_…` の環境変数とオプションが優先します"),
    ("", "treatment", "誰が何を受けたかを表す列"),
    ("", "outcome", "働きかけで高めたい結果の列"),
    ("", "lower_is_better", "結果は小さいほど良いものとして扱います（苦情、解約、病気の日数など）"),
    (
        "",
        "control",
        "働きかけの列のうち「何もしない」を表す値 [既定: control、none、0、なし などの値]",
    ),
    ("", "features", "学習に使う列 [既定: ほかのすべての列]"),
    ("", "drop", "学習に使わない列。あとから分かったことの列など"),
    ("", "cluster", "同じ値の行がひとまとまりになる列（世帯、支店、担当者など）"),
    ("", "weight", "行の重みの列"),
    (
        "",
        "propensity",
        "既知の割付確率。列、数値、または群ごとの `ARM=P,ARM=P` か `ARM=@COL,ARM=@COL` [既定: 推定します]",
    ),
    ("", "cost", "群の 1 人あたりの費用、または費用の列。群ごとに繰り返し指定できます"),
    ("", "budget", "使える予算 [既定: 上限なし]"),
    ("", "value", "結果 1 単位の価値（費用と同じ単位）"),
    (
        "",
        "allowed_harm",
        "許容する悪影響。区間がこれを超えて悪化し得る人には何も提案しません [調査での既定: 結果の標準偏差の 0.2 倍]",
    ),
    ("", "capacity", "群が受け入れられる人数の上限。群ごとに繰り返し指定できます"),
    ("", "holdout", "検証用に取り分ける行の割合 [既定: 行数で決めます]"),
    (
        "",
        "repeats",
        "学習用と検証用に分ける回数。`auto` は、1 回では結論がきわどいときだけ増やします",
    ),
    ("", "trim", "いずれかの群の割付確率がこれより小さい行を除きます"),
    ("", "require_proof", "判定が「実証」でなければ終了コード 1 で終わります"),
    ("evaluate", "seed", "ブートストラップのシード [既定: 42]"),
    ("plan", "seed", "価値が等しい人の順番を決めるシード [既定: 42]"),
    ("", "seed", "乱数のシード。同じシードなら同じ結果になります [既定: 42]"),
    ("", "trees", "フォレストの木の数。`auto` は、区間が安定するまで増やします"),
    ("", "bins", "特徴量ごとの区分の数（欠損の区分を含みます）"),
    (
        "",
        "nuisances",
        "結果の期待値と割付確率の学習方法: `boosted`（ブースティング）か `forest`（アウトオブバッグ） [既定: boosted]",
    ),
];

const HEADINGS: &[(&str, &str)] = &[
    ("Columns", "列"),
    ("Plan", "計画"),
    ("Proof", "検証"),
    ("Model", "モデル"),
    ("Decision", "判断"),
    ("Results", "結果の書き出し"),
    ("Service", "サービス"),
    ("Demonstration", "見本"),
    ("Everywhere", "共通"),
];

/// Returns the command line with its help in Japanese; what can be said on it stays the same.
pub(crate) fn japanese(command: Command) -> Command {
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
    let command = command
        .disable_version_flag(true)
        // Its own help is English for good; `help COMMAND` is understood as `COMMAND --help`.
        .disable_help_subcommand(true)
        .arg(version)
        .after_help(AFTER_HELP)
        .subcommand_help_heading("コマンド");
    let names: Vec<String> =
        command.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    names.into_iter().fold(told(command), |command, name| command.mut_subcommand(name, told))
}

fn told(command: Command) -> Command {
    let name = command.get_name().to_owned();
    let about = about(&name).unwrap_or_default();
    command
        .about(about)
        .long_about(None::<&str>)
        .help_template(TEMPLATE)
        .disable_help_flag(true)
        .arg(Arg::new("help").short('h').long("help").action(ArgAction::Help))
        .mut_args(|arg| {
            let heading = match arg.get_help_heading() {
                Some(heading) => heading_ja(heading).unwrap_or_default(),
                None if arg.is_positional() => "引数",
                None => "オプション",
            };
            let words = option(&name, arg.get_id().as_str()).unwrap_or_default();
            let takes_values = arg.get_action().takes_values();
            let arg = arg.help(words).long_help(None::<&str>).help_heading(heading);
            // The words name defaults and values; only what takes a value may be asked to hide them.
            arg.hide_default_value(takes_values).hide_possible_values(takes_values)
        })
}

fn about(command: &str) -> Option<&'static str> {
    COMMANDS.iter().find(|(name, _)| *name == command).map(|(_, words)| *words)
}

fn option(command: &str, id: &str) -> Option<&'static str> {
    let of = |command: &str| {
        OPTIONS.iter().find(|(of, own, _)| *of == command && *own == id).map(|(_, _, words)| *words)
    };
    of(command).or_else(|| of(""))
}

fn heading_ja(heading: &str) -> Option<&'static str> {
    HEADINGS.iter().find(|(en, _)| *en == heading).map(|(_, ja)| *ja)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Cli;
    use clap::CommandFactory as _;

    #[test]
    fn every_command_and_option_has_japanese() {
        let root = Cli::command();
        for command in std::iter::once(&root).chain(root.get_subcommands()) {
            let name = command.get_name();
            assert!(about(name).is_some(), "`{name}` has no Japanese");
            for arg in command.get_arguments() {
                let id = arg.get_id().as_str();
                assert!(option(name, id).is_some(), "`{id}` of `{name}` has no Japanese");
                if let Some(heading) = arg.get_help_heading() {
                    assert!(heading_ja(heading).is_some(), "`{heading}` has no Japanese");
                }
            }
        }
    }

    #[test]
    fn the_japanese_command_line_takes_what_the_english_one_takes() {
        japanese(Cli::command()).debug_assert();
        let line = ["yorisoi", "demo", "--seed", "3", "--lang", "ja"];
        assert!(japanese(Cli::command()).try_get_matches_from(line).is_ok());
    }
}
