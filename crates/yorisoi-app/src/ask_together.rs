//! Who asks the same at the same time? One computation answers all who asked before it began.
//!
//! A list of work is the same for everybody of a team, costs a tenth of a second, and every open page asks for it
//! whenever something happens. So for each question one computation is under way at most and one more waits, however
//! many ask. Nobody is told what was so before they asked: who asks once a computation has begun joins the next. Where one
//! follows another at once there are many, and it waits a moment for those who are still on their way.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use yorisoi_ledger::Answer;

/// How long a computation that follows another waits for more who ask: open pages of one team, told of the same change,
/// come within less.
const MOMENT: Duration = Duration::from_millis(15);

/// Those who ask the same, by the question. The question must hold all that its answer depends on, but for what is
/// looked at once the computation has begun.
pub(crate) struct Together<K: Eq + Hash + Clone, A> {
    lines: Mutex<HashMap<K, Line<K, A>>>,
}

/// Who waits for one answer. There is a line as long as there is a turn.
struct Line<K: Eq + Hash + Clone, A> {
    /// They asked before the computation that comes next.
    waiting: Vec<oneshot::Sender<A>>,
    /// Sends that computation on its way, where another one has begun already.
    next: Option<Start<K, A>>,
}

/// Sends a computation on its way; whoever carries it out gives the turn its answer.
type Start<K, A> = Box<dyn FnOnce(Turn<K, A>) + Send>;

/// One computation for a line. When it goes, answered or not, the next one is sent on its way.
pub(crate) struct Turn<K: Eq + Hash + Clone, A> {
    together: Arc<Together<K, A>>,
    key: K,
    /// Whether another one has ended just now.
    follows: bool,
    /// They asked before it began; `None`: it has not begun, and others may join.
    askers: Option<Vec<oneshot::Sender<A>>>,
}

impl<K: Eq + Hash + Clone, A> Default for Together<K, A> {
    fn default() -> Self {
        Self { lines: Mutex::default() }
    }
}

impl<K: Eq + Hash + Clone, A> Together<K, A> {
    /// Asks; `start` is used if nobody sends the computation on its way before. `None`: it went without an answer.
    pub(crate) async fn ask(
        self: &Arc<Self>,
        key: K,
        start: impl FnOnce(Turn<K, A>) + Send + 'static,
    ) -> Option<A> {
        let answered = self.join(key, Box::new(start));
        answered.await.ok()
    }

    fn join(self: &Arc<Self>, key: K, start: Start<K, A>) -> oneshot::Receiver<A> {
        let (asker, answered) = oneshot::channel();
        let mut lines = self.lines();
        if let Some(line) = lines.get_mut(&key) {
            if line.waiting.len() == line.waiting.capacity() {
                line.waiting.retain(|it| !it.is_closed());
            }
            line.waiting.push(asker);
            line.next.get_or_insert(start);
            return answered;
        }
        lines.insert(key.clone(), Line { waiting: vec![asker], next: None });
        drop(lines);
        start(Turn { together: Arc::clone(self), key, follows: false, askers: None });
        answered
    }

    fn lines(&self) -> MutexGuard<'_, HashMap<K, Line<K, A>>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash + Clone + Send, A: Clone + Send> Answer<A> for Turn<K, A> {
    fn begins(&mut self) -> bool {
        if self.askers.is_none() {
            if self.follows {
                std::thread::sleep(MOMENT);
            }
            let mut lines = self.together.lines();
            let waiting = lines.get_mut(&self.key).map(|line| std::mem::take(&mut line.waiting));
            self.askers = Some(waiting.unwrap_or_default());
        }
        self.askers.iter().flatten().any(|asker| !asker.is_closed())
    }

    fn give(mut self, answer: A) {
        self.begins();
        for asker in self.askers.iter_mut().flat_map(|askers| askers.drain(..)) {
            // Whoever has gone needs no answer.
            drop(asker.send(answer.clone()));
        }
    }
}

impl<K: Eq + Hash + Clone, A> Drop for Turn<K, A> {
    fn drop(&mut self) {
        let mut lines = self.together.lines();
        let next = lines.get_mut(&self.key).filter(|_| self.askers.is_some()).and_then(|line| {
            line.waiting.retain(|it| !it.is_closed());
            line.next.take().filter(|_| !line.waiting.is_empty())
        });
        // Of a turn that never began, the askers hear by the end of their line.
        let ended = if next.is_none() { lines.remove(&self.key) } else { None };
        drop(lines);
        // With a line may go the last handle of the house: never while the lines are held.
        drop(ended);
        if let Some(start) = next {
            let (together, key) = (Arc::clone(&self.together), self.key.clone());
            start(Turn { together, key, follows: true, askers: None });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    type Asked = Arc<Together<&'static str, u32>>;
    type Turns = mpsc::Receiver<Turn<&'static str, u32>>;

    /// Nobody asks yet; computations are carried out by the test, one step after another.
    fn house() -> (Asked, mpsc::Sender<Turn<&'static str, u32>>, Turns) {
        let (sent, turns) = mpsc::channel();
        (Asked::default(), sent, turns)
    }

    fn ask(
        together: &Asked,
        key: &'static str,
        sent: &mpsc::Sender<Turn<&'static str, u32>>,
    ) -> oneshot::Receiver<u32> {
        let sent = sent.clone();
        together.join(key, Box::new(move |turn| sent.send(turn).unwrap()))
    }

    #[test]
    fn however_many_ask_two_computations_answer_and_nobody_hears_what_was_before_they_asked() {
        let (together, sent, turns) = house();
        let mut early: Vec<_> = (0..100).map(|_| ask(&together, "a", &sent)).collect();
        let mut first = turns.try_recv().unwrap();
        assert!(first.begins());
        let mut late: Vec<_> = (0..100).map(|_| ask(&together, "a", &sent)).collect();
        assert!(turns.try_recv().is_err(), "one at a time");
        first.give(1);
        assert!(early.iter_mut().all(|it| it.try_recv() == Ok(1)));
        assert!(late.iter_mut().all(|it| it.try_recv().is_err()), "it began before they asked");
        let second = turns.try_recv().unwrap();
        late.push(ask(&together, "a", &sent));
        second.give(2);
        assert!(late.iter_mut().all(|it| it.try_recv() == Ok(2)));
        assert!(turns.try_recv().is_err());
        assert!(together.lines().is_empty(), "nothing is kept of questions that were answered");
    }

    #[test]
    fn another_question_waits_for_nobody_and_shares_with_nobody() {
        let (together, sent, turns) = house();
        let (mut a, mut b) = (ask(&together, "a", &sent), ask(&together, "b", &sent));
        let (of_a, of_b) = (turns.try_recv().unwrap(), turns.try_recv().unwrap());
        of_b.give(2);
        assert_eq!((a.try_recv().ok(), b.try_recv()), (None, Ok(2)));
        of_a.give(1);
        assert_eq!(a.try_recv(), Ok(1));
    }

    #[test]
    fn whoever_goes_takes_nothing_from_the_others_and_for_nobody_nothing_is_computed() {
        let (together, sent, turns) = house();
        let (gone, mut stays) = (ask(&together, "a", &sent), ask(&together, "a", &sent));
        drop(gone);
        let mut first = turns.try_recv().unwrap();
        assert!(first.begins(), "the one who asked first has gone, another waits");
        drop(ask(&together, "a", &sent));
        first.give(1);
        assert_eq!(stays.try_recv(), Ok(1));
        assert!(turns.try_recv().is_err(), "nobody waits for the next");
        drop(ask(&together, "a", &sent));
        assert!(!turns.try_recv().unwrap().begins());
        assert!(together.lines().is_empty());
    }

    #[test]
    fn those_who_have_gone_are_not_kept_while_a_computation_takes_its_time() {
        let (together, sent, turns) = house();
        let _asks = ask(&together, "a", &sent);
        let mut first = turns.try_recv().unwrap();
        first.begins();
        (0..10_000).for_each(|_| drop(ask(&together, "a", &sent)));
        assert!(together.lines()["a"].waiting.len() < 10);
    }

    #[test]
    fn a_computation_that_comes_to_nothing_leaves_nobody_waiting() {
        let (together, sent, turns) = house();
        let mut never_began = ask(&together, "a", &sent);
        drop(turns.try_recv().unwrap());
        assert!(never_began.try_recv().is_err_and(|it| it == oneshot::error::TryRecvError::Closed));
        let mut failed = ask(&together, "a", &sent);
        let mut turn = turns.try_recv().unwrap();
        turn.begins();
        let mut next = ask(&together, "a", &sent);
        drop(turn);
        assert!(failed.try_recv().is_err_and(|it| it == oneshot::error::TryRecvError::Closed));
        turns.try_recv().unwrap().give(2);
        assert_eq!(next.try_recv(), Ok(2), "what failed before is no reason to fail again");
        assert!(together.lines().is_empty());
    }
}
