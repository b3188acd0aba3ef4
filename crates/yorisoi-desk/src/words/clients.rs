//! Words of the list of people.

use crate::lang::{Text, say};

pub(crate) static TITLE: Text = say("Clients", "お客さま");
pub(crate) static LEAD: Text = say("Everybody you look after.", "担当しているお客さまの一覧です。");
pub(crate) static FIND: Text = say("Name or number", "お名前または番号");
pub(crate) static SEARCH: Text = say("Search", "検索");
pub(crate) static NONE: Text = say("Nobody here", "該当する方はいません");
pub(crate) static NONE_TEACH: Text = say(
    "Try a part of the name, or add somebody below.",
    "お名前の一部でお試しいただくか、下から登録してください。",
);
pub(crate) static NAME: Text = say("Name", "お名前");
pub(crate) static NAME_LONG: Text =
    say("Family name and given name, as the client writes them", "氏名（ご本人の表記のとおり）");
pub(crate) static CONSENT: Text = say("What we may do", "了解の状況");
pub(crate) static AGENT: Text = say("Looked after by", "担当者");
pub(crate) static LAST: Text = say("Last contact", "直近のご連絡");
pub(crate) static NEVER: Text = say("never", "なし");
pub(crate) static MORE: Text = say("More", "続きを見る");
pub(crate) static ADD: Text = say("Add somebody", "お客さまを登録する");
pub(crate) static ADD_DO: Text = say("Add", "登録する");
pub(crate) static ALIAS: Text = say("Number in another system", "ほかのシステムでの番号");
pub(crate) static ALIAS_HINT: Text = say(
    "Matched by a keyed hash; shown only to those who may see people.",
    "鍵付きハッシュで照合し、お客さまの情報を見られる方にだけ表示します。",
);
pub(crate) static HOUSEHOLD: Text = say("Household", "世帯");
pub(crate) static ZONE: Text = say("Time zone", "タイムゾーン");
pub(crate) static ZONE_HINT: Text =
    say("Such as Asia/Tokyo; empty if unknown.", "例：Asia/Tokyo。不明なら空欄。");
pub(crate) static IMPORT: Text = say("Import a list", "一覧を取り込む");
pub(crate) static IMPORT_LEAD: Text = say(
    "A CSV file with a column “client” or “alias”. Refusals and erasures stay as they are.",
    "「client」または「alias」列のあるCSVファイルです。お断りや消去の記録はそのまま守られます。",
);
pub(crate) static FILE: Text = say("File", "ファイル");
pub(crate) static IMPORT_DO: Text = say("Import", "取り込む");
pub(crate) static IMPORTED: Text = say("Imported", "取り込みました");
pub(crate) static IMPORTED_LEAD: Text =
    say("What was read, and what could not be used.", "読み込んだ内容と、使えなかった行です。");
pub(crate) static ROWS: Text = say("Rows read", "読み込んだ行");
pub(crate) static ADDED: Text = say("New clients", "新しく登録");
pub(crate) static CHANGED: Text = say("Changed", "変更");
pub(crate) static SAME: Text = say("Already the same", "変更なし");
pub(crate) static KEPT_ERASED: Text =
    say("Erased at their own wish, and left so", "ご希望により消去済み（そのまま）");
pub(crate) static QUIETED: Text = say(
    "Ways left in peace: the new address was somebody's who was erased",
    "ご連絡を控える連絡先（消去された方のものだったため）",
);
pub(crate) static FAULTS: Text = say("Rows that could not be used", "使えなかった行");

/// The place of a fault.
pub(crate) fn line(line: u64) -> Text {
    Text::new(format!("line {line}"), format!("{line}行目"))
}
