//! Words of exits.

use crate::lang::{Text, say};

pub(crate) static TITLE: Text = say("Let go", "お見送り");
pub(crate) static LEAD: Text = say(
    "Decided means done; a good ending is good work.",
    "決まったら、すぐに。よいお見送りも、よい仕事です。",
);
pub(crate) static OPEN: Text = say("Waiting for us", "お待たせしている方");
pub(crate) static NONE: Text = say("Nobody is waiting", "お待たせしている方はいません");
pub(crate) static NONE_TEACH: Text = say(
    "Whoever asks to leave appears here, the longest waiting first, and should wait for minutes, not days.",
    "退会のお申し出があると、長くお待ちの方から順に並びます。お待たせするのは数日ではなく、数分にとどめましょう。",
);
pub(crate) static ASKED: Text = say("asked", "お申し出");
pub(crate) static GO_ON: Text = say("Go on", "手続きへ");
pub(crate) static ENDINGS: Text = say("How goodbyes went", "これまでのお見送り");
pub(crate) static CLEAN: Text =
    say("From asking to receipt (median, minutes)", "お申し出から控えまで（中央値・分）");
pub(crate) static GOOD: Text = say("Good endings", "よいお見送りの割合");
pub(crate) static RETURNED: Text = say("Came back by themselves", "ご自身で戻られた割合");
pub(crate) static COMPLETED: Text = say("Completed", "完了");
pub(crate) static ABANDONED: Text = say("Not pursued", "お取りやめ");
pub(crate) static ABANDONED_NOTE: Text =
    say("never counted as saved", "「引き止め」には数えません");
