//! Who has the same list of work? Those who may see the same and ask the same, at the same time.

use std::sync::Arc;

use yorisoi_decision::{ClientId, TeamId};

use crate::ask_together::Together;
use crate::decide_and_commit::DecisionAsk;
use crate::rank_work::{WorkAsk, WorkList, list};
use crate::situation::capacity_of;
use crate::work::Work;
use crate::{App, AppError, Caller, Right, Role, Today};

impl App {
    /// Draws up the list of work.
    ///
    /// # Errors
    ///
    /// [`AppError::NoPolicy`]; [`AppError::OtherTeam`].
    pub async fn work_list(&self, caller: &Caller, ask: WorkAsk) -> Result<WorkList, AppError> {
        caller.may(Right::SeeWork)?;
        let (list, hard) = self.share(&self.drawn.lists, (caller, ask), list).await?;
        let list = WorkList::clone(&list);
        let hard_conversations = hard.unwrap_or(list.hard_conversations);
        Ok(WorkList { hard_conversations, ..list })
    }

    /// Draws up what a list depends on nothing else than, together with all who ask the same; returns the caller's own
    /// hard conversations beside it.
    pub(crate) async fn share<T: Send + Sync + 'static>(
        &self,
        together: &Arc<Together<Asked, Drawn<T>>>,
        (caller, ask): (&Caller, WorkAsk),
        draw: fn(&mut Work<'_, '_>, &Asked) -> Result<T, AppError>,
    ) -> Result<(Arc<T>, Option<u32>), AppError> {
        let asked = Asked::by(caller, ask);
        caller.may_see_team(asked.ask.team.as_ref())?;
        let hard = self.hard_conversations(caller).await?;
        let asked = asked.after(hard);
        let (app, key) = (self.clone(), asked.clone());
        let drawn = together.ask(key, move |turn| {
            app.read_for(asked.caller(), move |work| draw(work, &asked).map(Arc::new), turn);
        });
        let gone = || AppError::Unavailable { why: "the ledger has been closed".to_owned() };
        Ok((drawn.await.ok_or_else(gone)??, hard.map(|(had, _)| had)))
    }

    /// How many hard conversations the caller has had today, and the most there should be.
    async fn hard_conversations(&self, caller: &Caller) -> Result<Option<(u32, u32)>, AppError> {
        if caller.agent.is_none() {
            return Ok(None);
        }
        let nobody = nobody()?;
        self.read(caller, move |work| Ok(capacity_of(work, &nobody)?.hard_conversations)).await
    }
}

/// What was drawn up for all who asked the same.
pub(crate) type Drawn<T> = Result<Arc<T>, AppError>;

/// What is being drawn up, for all who ask the same.
#[derive(Clone, Default)]
pub(crate) struct BeingDrawn {
    pub(crate) lists: Arc<Together<Asked, Drawn<WorkList>>>,
    pub(crate) days: Arc<Together<Asked, Drawn<Today>>>,
}

/// All of caller and question that a list depends on. It is drawn up from this alone, so that whoever asks the same
/// may have the same; their own is only the number of their hard conversations, which is put on it for each.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Asked {
    role: Role,
    /// The caller's own team, whose people they may see.
    team: Option<TeamId>,
    /// Of which team or agent, for how many minutes, how many rows.
    pub(crate) ask: WorkAsk,
    /// The caller's hard conversations as far as a decision tells them apart, and the most there should be: the gate
    /// asks whether there were as many.
    pub(crate) hard: Option<(u32, u32)>,
}

impl Asked {
    /// The question of a caller about their own team, where the ask names none.
    pub(crate) fn by(caller: &Caller, ask: WorkAsk) -> Self {
        let limit = ask.limit.map_or(20, |limit| limit.clamp(1, 200));
        let team = ask.team.or_else(|| caller.team.clone());
        let ask = WorkAsk { team, limit: Some(limit), ..ask };
        Self { role: caller.role, team: caller.team.clone(), ask, hard: None }
    }

    /// The same, of somebody who has had so many hard conversations of the most there should be.
    fn after(self, hard: Option<(u32, u32)>) -> Self {
        let hard = hard.map(|(had, most)| (if had < most { 0 } else { most }, most));
        Self { hard, ..self }
    }

    /// Rows at most.
    pub(crate) fn rows(&self) -> usize {
        self.ask.limit.map_or(0, |limit| limit as usize)
    }

    /// Whoever asks so, none of them by name.
    fn caller(&self) -> Caller {
        Caller { token: "work".to_owned(), role: self.role, team: self.team.clone(), agent: None }
    }
}

/// A question about nobody: what is the same for whomever one asks about.
pub(crate) fn nobody() -> Result<DecisionAsk, AppError> {
    Ok(DecisionAsk::about(ClientId::new("-")?))
}
