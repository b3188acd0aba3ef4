//! Words at the entrance.

use crate::lang::{Text, say};

pub(crate) static TITLE: Text = say("Sign in", "サインイン");
pub(crate) static LEAD: Text =
    say("For people who look after others.", "誰かに寄り添う人のための机です。");
pub(crate) static TOKEN: Text = say("Your token", "トークン");
pub(crate) static TOKEN_HINT: Text = say(
    "The first one was printed where the service was started; your privacy officer gives out the others.",
    "最初のトークンはサービスを起動した画面に表示されています。それ以外は個人情報保護の担当者から受け取ってください。",
);
pub(crate) static ENTER: Text = say("Come in", "サインインする");
pub(crate) static TOO_OFTEN: Text = say("A moment, please", "少しお待ちください");
pub(crate) static TOO_OFTEN_LEAD: Text = say(
    "Somebody at your address has knocked too often. Please try again in a few seconds.",
    "お使いの接続元からのアクセスが続いています。数秒おいて、もう一度お試しください。",
);
pub(crate) static WRONG: Text = say(
    "This token opens nothing here. Please look again.",
    "このトークンではサインインできません。もう一度お確かめください。",
);
