//! How are they? A short check-in, and the early warning in it.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{ClientId, TeamId, Words};
use yorisoi_evaluation::proof::{CheckIn, Reading, Sign, Watchfulness, read_check_in};
use yorisoi_ledger::{Body, Client};

use crate::headline::words;
use crate::work::{Work, said};
use crate::{App, AppError, Caller, Reason, Recorded, Right};

/// Up to four answers, 0 to 10 each; `null` was skipped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckInInput {
    /// Who.
    pub client: ClientId,
    /// The answers, in the order in which they are asked.
    pub items: Vec<Option<u8>>,
    /// In the client's own words.
    #[serde(default)]
    pub words: Option<String>,
}

/// A question of the check-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckInQuestion {
    /// The question.
    pub question: Words,
    /// What 0 means.
    pub low: Words,
    /// What 10 means.
    pub high: Words,
}

/// Something in the check-ins asks for a look.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AlertView {
    /// Who.
    pub client: ClientId,
    /// Their name, for those who may know.
    pub name: Option<String>,
    /// The team that looks after them.
    pub team: Option<TeamId>,
    /// When the check-in was.
    pub at: Timestamp,
    /// `low_total`, `low_item`, `fall`, `polite`: why.
    pub reasons: Vec<String>,
    /// What to read.
    pub words: Words,
}

/// It was recorded, and this is what it says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CheckInView {
    /// Where it is in the ledger.
    pub recorded: Recorded,
    /// The alert, if it raises one.
    pub alert: Option<AlertView>,
}

/// Where clients whose last check-in asks for a look stand, the most urgent first.
const ALERTS: &str = "check_in_alert";

/// Alerts that are listed at most.
const ALERTS_MAX: usize = 500;

impl App {
    /// The four questions, in our own wording.
    pub fn check_in_questions(&self) -> Vec<CheckInQuestion> {
        let question = |en: &str, ja: &str| CheckInQuestion {
            question: words(en, ja),
            low: words("not at all", "まったくそう思わない"),
            high: words("very much", "とてもそう思う"),
        };
        vec![
            question("Did the past days feel good to you?", "ここ数日、ご自身の調子はよいですか"),
            question(
                "Are things fine with those close to you?",
                "身近な方々とは、うまくいっていますか",
            ),
            question(
                "Are you getting on with what you set out to do?",
                "やりたいことは、進んでいますか",
            ),
            question(
                "Do we help in the way you wish?",
                "私たちの関わり方は、ご希望に合っていますか",
            ),
        ]
    }

    /// Records a check-in and says whether it asks for a look.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] for more than four answers, or one above 10.
    pub async fn check_in(
        &self,
        caller: &Caller,
        input: CheckInInput,
    ) -> Result<CheckInView, AppError> {
        caller.may(Right::Record)?;
        let items = CheckIn::new(&input.items).map_err(refused)?;
        self.write(caller, "checked_in", move |work| {
            let client = work.client(&input.client)?;
            let id = client.facts.client.clone();
            let words = said("words", input.words)?;
            let recorded =
                work.append(Some(&id), Body::CheckedIn { items: items.into() }, words)?;
            let client = work.client(&id)?;
            let alert = alert_of(work, &client)?;
            keep_alert(work, &client, alert.as_ref())?;
            Ok(CheckInView { recorded, alert })
        })
        .await
    }

    /// The clients whose last check-in asks for a look, the most urgent first.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`].
    pub async fn check_in_alerts(&self, caller: &Caller) -> Result<Vec<AlertView>, AppError> {
        caller.may(Right::ReadPeople)?;
        self.read(caller, |work| alerts(work, ALERTS_MAX)).await
    }
}

/// The most urgent alerts of the caller's people, as many as are wanted.
pub(crate) fn alerts(work: &mut Work<'_, '_>, wanted: usize) -> Result<Vec<AlertView>, AppError> {
    let mut alerts = Vec::new();
    let team = work.caller.team.clone();
    for (id, _) in work.books.notes::<f64>(ALERTS, None, ALERTS_MAX)? {
        if alerts.len() == wanted {
            break;
        }
        let Ok(client) = work.client(&ClientId::new(id)?) else { continue };
        if team.is_none() || client.facts.team == team {
            alerts.extend(alert_of(work, &client)?);
        }
    }
    Ok(alerts)
}

/// The statistics refuse an input, and say what would do.
#[expect(clippy::needless_pass_by_value, reason = "it is given to `map_err`")]
pub(crate) fn refused(error: yorisoi_evaluation::EvaluationError) -> AppError {
    AppError::Refused { reason: Reason::of(&error) }
}

/// What the last check-in says against those before it.
fn reading(client: &Client) -> Result<Option<(Reading, Timestamp)>, AppError> {
    let mut check_ins = Vec::with_capacity(client.desk.check_ins.len());
    for it in &client.desk.check_ins {
        check_ins.push(CheckIn::new(&it.items).map_err(refused)?);
    }
    let (Some((today, history)), Some(last)) =
        (check_ins.split_last(), client.desk.check_ins.last())
    else {
        return Ok(None);
    };
    Ok(Some((read_check_in(history, today, &Watchfulness::default()), last.at)))
}

/// The alert a client's last check-in raises. Constant perfect scores are a question and no alarm: they are
/// said, and come last.
pub(crate) fn alert_of(
    work: &mut Work<'_, '_>,
    client: &Client,
) -> Result<Option<AlertView>, AppError> {
    let Some((reading, at)) = reading(client)? else {
        return Ok(None);
    };
    if !reading.is_alert() && !reading.maybe_politeness {
        return Ok(None);
    }
    let name = match work.caller.may(Right::ReadPeople) {
        Ok(()) => work.books.personal(&client.facts.client)?.and_then(|personal| personal.name),
        Err(_) => None,
    };
    let mut reasons: Vec<String> =
        reading.signs.iter().map(|it| sign_name(it).to_owned()).collect();
    let mut said: Vec<Words> = reading.signs.iter().map(sign_words).collect();
    if reading.maybe_politeness {
        reasons.push("polite".to_owned());
        said.push(words(
            "Full marks again and again may be politeness; ask in another way.",
            "満点が続いています。お気遣いかもしれませんので、別の形で伺ってみましょう。",
        ));
    }
    let en: Vec<&str> = said.iter().map(|it| it.en.as_str()).collect();
    let ja: String = said.iter().map(|it| it.ja.as_str()).collect();
    Ok(Some(AlertView {
        client: client.facts.client.clone(),
        name,
        team: client.facts.team.clone(),
        at,
        reasons,
        words: words(en.join(" "), ja),
    }))
}

/// Takes the alert of a record away that is no more: the person was erased, or it was merged into another.
pub(crate) fn forget_alert(work: &mut Work<'_, '_>, client: &ClientId) -> Result<(), AppError> {
    Ok(work.books.forget_note(ALERTS, client.as_str())?)
}

/// Keeps the alert that a client's last check-in raises, or takes it away.
pub(crate) fn renew_alert(work: &mut Work<'_, '_>, client: &Client) -> Result<(), AppError> {
    let alert = alert_of(work, client)?;
    keep_alert(work, client, alert.as_ref())
}

fn keep_alert(
    work: &mut Work<'_, '_>,
    client: &Client,
    alert: Option<&AlertView>,
) -> Result<(), AppError> {
    let id = client.facts.client.as_str();
    let urgency = reading(client)?.map_or(0.0, |it| it.0.urgency(&Watchfulness::default()));
    match alert {
        Some(_) => work.books.note(ALERTS, id, &urgency, Some(-urgency), None)?,
        None => work.books.forget_note(ALERTS, id)?,
    }
    Ok(())
}

fn sign_name(sign: &Sign) -> &'static str {
    match sign {
        Sign::LowTotal { .. } => "low_total",
        Sign::LowItem { .. } => "low_item",
        Sign::Fall { .. } => "fall",
    }
}

fn sign_words(sign: &Sign) -> Words {
    match sign {
        Sign::LowTotal { level } => words(
            format!("The answers are low ({level:.1} of 10 on average)."),
            format!("全体に低めです（平均 {level:.1} / 10）。"),
        ),
        Sign::LowItem { item, score } => words(
            format!("Question {} is very low ({score} of 10).", item + 1),
            format!("{} 番目の質問がとても低くなっています（{score} / 10）。", item + 1),
        ),
        Sign::Fall { level, usual } => words(
            format!("Well below this person's usual level ({level:.1} after {usual:.1})."),
            format!("ふだん（{usual:.1}）より大きく下がっています（{level:.1}）。"),
        ),
    }
}
