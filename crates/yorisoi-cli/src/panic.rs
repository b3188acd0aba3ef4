//! How does the command own up to a mistake of its own?

use crate::lang::Lang;
use crate::output;

/// Replaces the trace of a panic by words a person can act on.
///
/// What a developer needs, message and place, stands in the last line. The user's data stand in none.
pub(crate) fn apologise_in(lang: Lang) {
    std::panic::set_hook(Box::new(move |info| {
        let place = info.location().map_or_else(String::new, |at| format!(" ({at})"));
        let message = info.payload_as_str().unwrap_or("no message");
        output::say(&format!(
            "{}\n  {message}{place}\n",
            lang.pick(
                "error: this is a mistake in Yorisoi, not in your data; nothing was written\n\
                 hint: please report it with the command line and the line below",
                "エラー: Yorisoi の不具合です。データの問題ではありません。何も書き出していません\n\
                 ヒント: 実行したコマンドと次の行を添えてお知らせください",
            )
        ));
    }));
}
