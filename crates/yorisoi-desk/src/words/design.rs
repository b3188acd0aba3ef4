//! Words of the page that shows every component.

use crate::lang::{Text, say};

pub(crate) static TITLE: Text = say("How the desk is drawn", "デザインの見本");
pub(crate) static LEAD: Text = say(
    "A few components, one scale of spacing, four meanings.",
    "少数の部品、ひとつの余白の尺度、四つの意味でできています。",
);
pub(crate) static MEANINGS: Text = say("Four meanings", "四つの意味");
pub(crate) static MEANINGS_LEAD: Text = say(
    "Each has a colour, a shape and words, so that none needs the colour.",
    "それぞれに色・形・言葉があり、色だけに頼りません。",
);
pub(crate) static SWATCHES: &[(&str, &Text)] = &[
    ("help", &say("helps", "助けになる")),
    ("harm", &say("harms, or ends", "害になる・終わり")),
    ("unknown", &say("not known yet", "まだ分からない")),
    ("rest", &say("at rest", "見守る")),
];
pub(crate) static TYPE: Text = say("Type", "文字");
pub(crate) static HEADING: Text = say("A heading of a part", "見出し");
pub(crate) static BODY: Text =
    say("Text for reading, at most 68 characters wide.", "本文。読みやすい行の長さに収めます。");
pub(crate) static SMALL: Text = say("What stands beside it.", "補足の文字。");
pub(crate) static TAGS: Text = say("In a word", "ひとことで");
pub(crate) static EFFECTS: Text =
    say("An effect, in words and as an interval", "効果：言葉と区間で");
pub(crate) static BUTTONS: Text =
    say("Buttons, at least 44 pixels tall", "ボタン（高さ44ピクセル以上）");
pub(crate) static MAIN: Text = say("The next step", "次の一手");
pub(crate) static PLAIN: Text = say("Another step", "別の操作");
pub(crate) static END: Text = say("Ends something", "終える操作");
pub(crate) static QUIET: Text = say("Quiet", "控えめな操作");
pub(crate) static DISABLED: Text = say("Not now", "いまは押せません");
pub(crate) static NOTES: Text = say("Notes", "お知らせ");
pub(crate) static EMPTY: Text = say("Nothing here", "まだ何もありません");
pub(crate) static EMPTY_TEACH: Text = say(
    "An empty place says what would stand in it and how that comes about.",
    "空の場所では、何がどのようにしてここに現れるかを伝えます。",
);
