//! Words of a conversation.

use crate::lang::{Text, say};

pub(crate) static TITLE: Text = say("A conversation", "会話");
pub(crate) static LEAD: Text = say(
    "First listen. Then ask whether you may. Then give. Then listen again.",
    "まず聴く。次に、お伝えしてよいか尋ねる。お伝えする。そしてまた聴く。",
);
pub(crate) static TIMER: Text = say("Time in this conversation", "会話の経過時間");
pub(crate) static END: Text = say("We have talked; end here", "お話を終える");
pub(crate) static WE_BEGAN: Text = say("We reach out:", "こちらからのご連絡：");
pub(crate) static THEY_BEGAN: Text = say("They have contacted us", "お客さまからのご連絡です");
pub(crate) static NOT_CALLING: Text =
    say("Better not call now", "いまは、こちらからのご連絡を控えましょう");
pub(crate) static NOT_CALLING_LEAD: Text = say(
    "Calls of people count like any other contact. If they have contacted us, they are welcome at any time.",
    "担当者からのお電話も、ほかのご連絡と同じように数えます。お客さまからのご連絡は、いつでもお受けください。",
);
pub(crate) static CANCEL: Text = say("Cancel, nothing is recorded", "やめる（何も記録しません）");
pub(crate) static STALLING: Text = say(
    "This has taken a while. If the person has decided, the kind thing is to process it.",
    "少し長くなっています。お気持ちが決まっておられるなら、手続きを進めて差し上げるのが親切です。",
);
pub(crate) static CLOSED: Text =
    say("There is nothing to offer here", "ここでお伝えすることはありません");
pub(crate) static CLOSED_TEACH: Text = say(
    "The person has said no, or has decided. Thank them. Whatever comes next is theirs to begin.",
    "お断り、またはご決定をいただいています。お礼を申し上げて終えましょう。次はご本人からのお声がけをお待ちします。",
);
pub(crate) static BACK: Text = say("Back to the person", "お客さまのページへ");
pub(crate) static ELICIT: Text = say("Listen", "聴く");
pub(crate) static ELICIT_LEAD: Text = say(
    "An open question, then silence: “What would you like to be different?”",
    "開いた問いをひとつ。そして待つ。「どうなるとよいとお考えですか」",
);
pub(crate) static MAY_ASK: Text =
    say("You may ask (not tell)", "お尋ねしてよいこと（決めつけない）");
pub(crate) static SAID_BEFORE: Text = say("Said before", "以前うかがったこと");
pub(crate) static WRITE_DOWN: Text = say("Write down what was said", "うかがったことを書き留める");
pub(crate) static ABOUT: Text = say("It is about", "話題");
pub(crate) static PERMISSION: Text = say("Ask whether you may", "お伝えしてよいか尋ねる");
pub(crate) static PERMISSION_LATER: Text =
    say("First choose what it is about.", "先に話題を選んでください。");
pub(crate) static PERMITTED: Text =
    say("The permission is in the ledger.", "了解をいただいています（記録済み）。");
pub(crate) static YES: Text = say("“Yes, please”", "「はい、お願いします」");
pub(crate) static NOT_NOW: Text = say("“Not now”", "「今はいいです」");
pub(crate) static NO: Text = say("“No”", "「いいえ」");
pub(crate) static PROVIDE: Text = say("Give", "お伝えする");
pub(crate) static PROVIDE_LEAD: Text = say(
    "At most three, the most helpful first. One is enough.",
    "多くても三つ、力になる順です。ひとつで十分です。",
);
pub(crate) static PROVIDED: Text = say("Given, and in the ledger.", "お伝えしました（記録済み）。");
pub(crate) static LOCKED: Text =
    say("Locked until the permission is recorded.", "了解が記録されるまで、内容は表示されません。");
pub(crate) static NOTHING: Text = say(
    "Nothing we have would help more than leaving it there.",
    "いまお伝えできることより、そっと見守るほうがよい状況です。",
);
pub(crate) static GIVEN: Text = say("I gave this", "これをお伝えした");
pub(crate) static LANDED: Text =
    say("Listen again: how did it land?", "また聴く：どのように届きましたか");
pub(crate) static LANDED_LEAD: Text = say(
    "As the person said it, not as it was meant. One tap.",
    "こちらの意図ではなく、ご本人の受け止めのとおりに。ひと押しで記録します。",
);
pub(crate) static LANDED_LATER: Text =
    say("After something was given.", "お伝えした後に記録します。");
pub(crate) static NOT_REACHED: Text = say("Nobody was reached", "つながらなかった");

/// The question that asks for permission.
pub(crate) fn permission_ask(Text { en, ja }: &Text) -> Text {
    Text::new(
        format!("“May I tell you something about {en} that may help?” What did they say?"),
        format!(
            "「{ja}について、お役に立ちそうなことをお伝えしてもよろしいですか」— お返事はいかがでしたか"
        ),
    )
}
