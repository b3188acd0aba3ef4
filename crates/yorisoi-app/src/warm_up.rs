//! Who waits for the first list of a day? Nobody, if what it looks at was read before anybody asked.

use std::collections::BTreeSet;

use tokio::sync::oneshot;
use yorisoi_decision::{AgentId, TeamId};

use crate::rank_work::list;
use crate::share_lists::Asked;
use crate::{App, AppError, Caller, Role, WorkAsk};

/// Whose clients a list is of: everybody's, a team's, an agent's.
type Whose = (Option<AgentId>, Option<TeamId>);

impl App {
    /// Draws up the lists of work of everybody who has a token, for nobody: what they look at is read from the disk then,
    /// and known. Whoever does not want to wait drops it, and what has not begun is left out.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn warm_up(&self) -> Result<(), AppError> {
        let mut under_way = Vec::new();
        for (agent, team) in self.lists_there_are().await? {
            let (answer, answered) = oneshot::channel();
            let caller = Caller { team, ..house() };
            let asked = Asked::by(&caller, WorkAsk { agent, ..WorkAsk::default() });
            self.read_for(caller, move |work| list(work, &asked), answer);
            under_way.push(answered);
        }
        for answered in under_way {
            // A house without a policy has no lists; and what cannot be read is said to whoever asks for it.
            drop(answered.await);
        }
        Ok(())
    }

    /// The lists of those who have a token: first everybody's, then those of teams, then those of single agents.
    async fn lists_there_are(&self) -> Result<BTreeSet<Whose>, AppError> {
        self.read(&house(), |work| {
            let mut lists = BTreeSet::from([(None, None)]);
            for token in work.books.tokens()?.into_iter().filter(|it| it.revoked_at.is_none()) {
                lists.insert((None, token.team.clone()));
                lists.insert((token.agent, token.team));
            }
            Ok(lists)
        })
        .await
    }
}

/// The house itself.
fn house() -> Caller {
    Caller { token: "warm-up".to_owned(), role: Role::Lead, team: None, agent: None }
}
