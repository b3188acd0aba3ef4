//! Which step may follow which when a client leaves? One table, and an error for every other step.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{ExitState, Words};

/// A step on the way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExitStep {
    /// The client asks to leave.
    Request,
    /// The one permitted offer is made.
    Offer,
    /// The client has firmly decided.
    Decide,
    /// It is done; the client has a receipt.
    Complete,
    /// The client does not pursue it; not a save.
    Abandon,
    /// The client comes back by themselves.
    Return,
}

impl ExitStep {
    /// Every step.
    pub const ALL: [ExitStep; 6] = [
        ExitStep::Request,
        ExitStep::Offer,
        ExitStep::Decide,
        ExitStep::Complete,
        ExitStep::Abandon,
        ExitStep::Return,
    ];
}

/// Why a step is not possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExitError {
    /// Nothing is offered to, and nothing holds back, who has decided.
    #[error("the client has firmly decided; nothing is offered any more, only complete the exit")]
    Decided,
    /// The one permitted offer was made.
    #[error("the one permitted offer was made already; decide, or leave it open")]
    Offered,
    /// The client did not ask to leave.
    #[error("the client did not ask to leave; record the request first")]
    NotRequested,
    /// The client asked already.
    #[error("the client has asked already; go on with the exit that is open")]
    AlreadyRequested,
    /// The client has not decided yet.
    #[error("the client has not decided yet; record the decision first")]
    NotDecided,
    /// The client is gone.
    #[error("the exit is completed; only a return can follow, and only by the client's own act")]
    Completed,
    /// The client is not gone.
    #[error("the client has not left, so that there is nothing to return from")]
    NotGone,
}

impl ExitError {
    /// The stable name of the reason.
    pub fn code(self) -> &'static str {
        match self {
            Self::Decided => "exit.decided",
            Self::Offered => "exit.offered",
            Self::NotRequested => "exit.not_requested",
            Self::AlreadyRequested => "exit.already_requested",
            Self::NotDecided => "exit.not_decided",
            Self::Completed => "exit.completed",
            Self::NotGone => "exit.not_gone",
        }
    }

    /// What to tell the person at the desk.
    pub fn words(self) -> Words {
        let ja = match self {
            Self::Decided => {
                "ご本人はすでに決めておられます。ご提案は行わず、手続きを完了してください。"
            }
            Self::Offered => "一度だけのご提案はすでに済んでいます。ご本人の判断をお待ちください。",
            Self::NotRequested => "退会のお申し出がまだ記録されていません。先に記録してください。",
            Self::AlreadyRequested => {
                "お申し出はすでに記録されています。その手続きを進めてください。"
            }
            Self::NotDecided => "ご本人の決定がまだ記録されていません。先に記録してください。",
            Self::Completed => "手続きは完了しています。ご本人から戻られる場合だけ記録できます。",
            Self::NotGone => "退会されていないため、復帰の記録はできません。",
        };
        Words { en: self.to_string(), ja: ja.to_owned() }
    }
}

/// Returns the state after a step.
///
/// # Errors
///
/// [`ExitError`] for every step that is not in the table, saying why.
///
/// # Example
///
/// ```
/// # use yorisoi_app::{ExitStep, after};
/// # use yorisoi_decision::ExitState;
/// assert_eq!(after(ExitState::Requested, ExitStep::Decide)?, ExitState::Decided);
/// // Deciding is final: no offer follows.
/// assert!(after(ExitState::Decided, ExitStep::Offer).is_err());
/// # Ok::<(), yorisoi_app::ExitError>(())
/// ```
#[expect(clippy::match_same_arms, reason = "a table: one line a step, legal ones first")]
pub fn after(state: ExitState, step: ExitStep) -> Result<ExitState, ExitError> {
    use ExitState::{Abandoned, Completed, Decided, None, Offered, Requested};
    use ExitStep as Step;
    match (state, step) {
        (None | Abandoned, Step::Request) => Ok(Requested),
        (Requested, Step::Offer) => Ok(Offered),
        (Requested | Offered, Step::Decide) => Ok(Decided),
        (Decided, Step::Complete) => Ok(Completed),
        (Requested | Offered, Step::Abandon) => Ok(Abandoned),
        (Completed, Step::Return) => Ok(None),

        (Decided, Step::Offer | Step::Abandon) => Err(ExitError::Decided),
        (Offered, Step::Offer) => Err(ExitError::Offered),
        (Requested | Offered | Decided, Step::Request) => Err(ExitError::AlreadyRequested),
        (Decided, Step::Decide) => Err(ExitError::Decided),
        (Requested | Offered, Step::Complete) => Err(ExitError::NotDecided),
        (Completed, _) => Err(ExitError::Completed),
        (_, Step::Return) => Err(ExitError::NotGone),
        (None | Abandoned, _) => Err(ExitError::NotRequested),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATES: [ExitState; 6] = [
        ExitState::None,
        ExitState::Requested,
        ExitState::Offered,
        ExitState::Decided,
        ExitState::Completed,
        ExitState::Abandoned,
    ];

    #[test]
    fn exactly_nine_steps_are_legal() {
        use ExitState as S;
        use ExitStep as T;
        let mut legal = Vec::new();
        for state in STATES {
            for step in ExitStep::ALL {
                if let Ok(next) = after(state, step) {
                    legal.push((state, step, next));
                }
            }
        }
        assert_eq!(
            legal,
            [
                (S::None, T::Request, S::Requested),
                (S::Requested, T::Offer, S::Offered),
                (S::Requested, T::Decide, S::Decided),
                (S::Requested, T::Abandon, S::Abandoned),
                (S::Offered, T::Decide, S::Decided),
                (S::Offered, T::Abandon, S::Abandoned),
                (S::Decided, T::Complete, S::Completed),
                (S::Completed, T::Return, S::None),
                (S::Abandoned, T::Request, S::Requested),
            ]
        );
    }

    #[test]
    fn after_the_decision_no_offer_is_possible_and_the_reason_is_exit_decided() {
        let error = after(ExitState::Decided, ExitStep::Offer).unwrap_err();
        assert_eq!(error.code(), "exit.decided");
        assert!(!error.words().ja.is_empty());
    }

    #[test]
    fn a_second_offer_is_refused() {
        assert_eq!(after(ExitState::Offered, ExitStep::Offer), Err(ExitError::Offered));
    }
}
