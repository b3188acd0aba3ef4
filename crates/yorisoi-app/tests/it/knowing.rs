//! Is a list of work ever anything but one that is drawn from scratch? Over histories without a pattern, each list of a
//! house that has known its clients all along is, byte for byte, that of a house which has just been opened.

use std::sync::Arc;

use yorisoi_app::{
    App, AppError, AttemptInput, Caller, ClientInput, CountedIds, DecisionAsk, EffectsInput,
    FixedClock, LandingInput, MergeInput, OutcomeInput, RefusalInput, Settings, SupplyInput,
    SystemIds, WithdrawalInput, WorkAsk,
};
use yorisoi_decision::{Attribute, ConsentKind, EffectFact};
use yorisoi_ledger::{Landing, Ledger, Place, Source};

use crate::common::{
    NOW, action, agent, consent, friend, id, lead, policy, privacy, publish, service,
};

/// Numbers without a pattern, the same at every run.
struct Draws(u64);

impl Draws {
    fn below(&mut self, n: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize].clone()
    }
}

const PEOPLE: [&str; 10] = ["c-1", "c-2", "c-3", "c-4", "c-5", "c-6", "c-7", "c-8", "c-9", "c-10"];
const HELP: [&str; 2] = ["plan_review", "points"];

struct House {
    app: App,
    clock: Arc<FixedClock>,
    place: Place,
    draws: Draws,
}

impl House {
    async fn new(folder: &std::path::Path, seed: u64) -> Self {
        let place = Place::Folder(folder.to_owned());
        let clock = Arc::new(FixedClock::at(NOW.parse().unwrap()));
        let ledger = Ledger::open(&place).unwrap();
        let app =
            App::new(ledger, clock.clone(), Arc::new(SystemIds::default()), Settings::default());
        let house = Self { app, clock, place, draws: Draws(seed) };
        let mut policy = policy();
        policy.minutes_per_day = Some(60);
        publish(&house.app, &policy).await;
        house
    }

    fn profile(&mut self) -> ClientInput {
        let draws = &mut self.draws;
        let some = |name: Option<&str>| name.map(str::to_owned);
        ClientInput {
            household: draws.one(&[None, Some("h-1"), Some("h-2")]).map(|it| it.parse().unwrap()),
            team: draws.one(&[None, Some("osaka"), Some("tokyo")]).map(|it| it.parse().unwrap()),
            agent: draws.one(&[None, Some("mei")]).map(|it| it.parse().unwrap()),
            name: some(draws.one(&[None, Some("花子"), Some("太郎")])),
            attributes: [("age".to_owned(), Attribute::Number(draws.below(90) as f64))].into(),
            ..ClientInput::default()
        }
    }

    /// Something happens; what is refused has not happened.
    async fn happen(&mut self) -> Result<bool, AppError> {
        let (app, client) = (self.app.clone(), id(self.draws.one(&PEOPLE)));
        let (machine, help) = (service(), action(self.draws.one(&HELP)));
        match self.draws.below(20) {
            0..3 => {
                let input = ClientInput { client: Some(client), ..self.profile() };
                let zone = Some("Asia/Tokyo".to_owned());
                app.add_client(&machine, ClientInput { zone, ..input }).await?;
            }
            3 => drop(app.change_client(&machine, &client, self.profile(), None).await?),
            4..7 => {
                for kind in [ConsentKind::Talk, ConsentKind::Advise] {
                    app.record_consent(&machine, consent(client.as_str(), kind)).await?;
                }
            }
            7 => {
                let (consent, source) = (ConsentKind::Advise, Source::Words);
                let input = WithdrawalInput { client, consent, topic: None, channel: None, source };
                app.withdraw_consent(&machine, input).await?;
            }
            8 => {
                let channel = self.draws.one(&[None, Some("call")]).map(|it| it.parse().unwrap());
                let source = Source::Words;
                let input = RefusalInput { client, topic: None, channel, source, words: None };
                app.refuse(&machine, input.clone()).await?;
                if self.draws.below(4) > 0 {
                    app.reopen(&machine, input).await?;
                }
            }
            9..12 => {
                let benefit = 0.01 * self.draws.below(40) as f64;
                let fact = EffectFact { benefit, low: benefit - 0.01, high: benefit + 0.01 };
                let effects = [(help, fact)].into();
                app.give_effects(&machine, EffectsInput { client, effects }).await?;
            }
            12..14 => drop(app.decide_and_commit(&machine, DecisionAsk::about(client)).await?),
            14 => {
                let reached = self.draws.below(2) == 0;
                let (decision, channel) = (None, None);
                let input = AttemptInput { client, decision, action: help, channel, reached };
                app.record_attempt(&machine, input).await?;
            }
            15 => {
                let landing = self.draws.one(&[Landing::Helped, Landing::Nuisance]);
                let (decision, action, words) = (None, Some(help), None);
                app.record_landing(
                    &machine,
                    LandingInput { client, decision, action, landing, words },
                )
                .await?;
            }
            16 => {
                let (outcome, value, at) = (None, self.draws.below(2) as f64, None);
                app.record_outcome(&machine, OutcomeInput { client, outcome, value, at }).await?;
            }
            17 => return self.happen_rarely().await,
            18 => drop(app.request_exit(&agent("osaka", "mei"), &client).await?),
            _ => self.clock.pass_minutes(self.draws.one(&[5, 70, 700, 1_440, 2_880, 20_160])),
        }
        Ok(true)
    }

    async fn happen_rarely(&mut self) -> Result<bool, AppError> {
        let (app, client) = (self.app.clone(), id(self.draws.one(&PEOPLE)));
        match self.draws.below(4) {
            0 => {
                let from = id(self.draws.one(&PEOPLE));
                app.merge_clients(&service(), MergeInput { keep: client, from }).await?;
            }
            1 => drop(app.erase_person(&privacy(), &client).await?),
            2 => {
                let input = SupplyInput { action: action("peaches"), by: 1 };
                app.change_supply(&lead(), input).await?;
            }
            _ => {
                let mut policy = policy();
                policy.minutes_per_day = Some(self.draws.one(&[30, 60, 90]));
                publish(&app, &policy).await;
            }
        }
        Ok(true)
    }

    /// Lists of everybody who may ask, from the house as it is and from one that is opened now.
    async fn compare(&self, step: usize) -> usize {
        let ledger = Ledger::open(&self.place).unwrap();
        let ids = Arc::new(CountedIds::default());
        let fresh = App::new(ledger, self.clock.clone(), ids, Settings::default());
        let mut shown = 0;
        let own = WorkAsk { agent: Some("mei".parse().unwrap()), ..WorkAsk::default() };
        for (caller, ask) in [
            (lead(), WorkAsk::default()),
            (lead(), own),
            (agent("osaka", "mei"), WorkAsk::default()),
            (agent("tokyo", "jun"), WorkAsk { limit: Some(2), ..WorkAsk::default() }),
        ] {
            let (known, scratch) =
                (text(&self.app, &caller, &ask).await, text(&fresh, &caller, &ask).await);
            assert_eq!(known.0, scratch.0, "step {step}: {caller:?} asks {ask:?}");
            shown += known.1;
        }
        shown
    }
}

async fn text(app: &App, caller: &Caller, ask: &WorkAsk) -> (String, usize) {
    let list = app.work_list(caller, ask.clone()).await.unwrap();
    (serde_json::to_string(&list).unwrap(), list.rows.len())
}

#[tokio::test]
async fn a_list_is_what_it_would_be_if_the_house_had_just_been_opened() {
    let (mut happened, mut shown) = (0, 0);
    for seed in 0..4 {
        let folder = tempfile::tempdir().unwrap();
        let mut house = House::new(folder.path(), seed).await;
        for name in PEOPLE {
            friend(&house.app, name).await;
        }
        for step in 0..120 {
            happened += usize::from(house.happen().await.is_ok_and(|it| it));
            shown += house.compare(step).await;
        }
    }
    // Keys differ from run to run, and with them what is drawn.
    assert!(happened > 240, "{happened} of 480 were taken");
    assert!(shown > 40, "{shown} rows were compared");
}
