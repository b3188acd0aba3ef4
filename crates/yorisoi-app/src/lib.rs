//! The use cases, once for every interface: decide and commit, record, refuse, let go, hand on, publish,
//! prove.
//!
//! Every method of [`App`] is one use case. It takes the [`Caller`] first and checks their right, is carried
//! out in one transaction of the ledger, returns plain data, and fails with one [`AppError`] that has a
//! stable code, an HTTP status and words in two languages. Clock and names come from outside.

mod app;
mod ask_together;
mod caller;
mod change_capacity;
mod change_policy;
mod check_in;
mod client_view;
mod clock;
mod credit_agents;
mod decide_and_commit;
mod decision_log;
mod doorkeeper;
mod draws;
mod end_refused;
mod end_reservation;
mod endings;
mod error;
mod exit_steps;
mod export_study;
mod find_clients;
mod fit_of_model;
mod give_effects;
mod give_help;
mod hand_on;
mod headline;
mod ids;
mod import_clients;
mod import_rows;
mod keep_client;
mod keep_evaluations;
mod keep_ledger;
mod keep_models;
mod keep_tokens;
mod landing_counts;
mod let_go;
mod looks;
mod model_files;
mod page;
mod person_rights;
mod plan_prices;
mod prove_effect;
mod quiet_address;
mod rank_work;
mod read_audit;
mod read_ruptures;
mod reason;
mod record_consent;
mod record_contact;
mod record_delivery;
mod rehearse_policy;
mod report_landings;
mod sample_world;
mod scope;
mod segment_events;
mod settings;
mod share_lists;
mod show_client;
mod show_today;
mod shown_name;
mod situation;
mod sweep;
mod take_segment;
mod tend_needs;
mod typed;
mod value_policy;
mod warm_up;
mod webhooks;
mod work;

pub use app::{App, Once};
pub use caller::{Caller, Right, Role};
pub use change_capacity::{CapacityView, SupplyInput, SupplyRow};
pub use change_policy::{LiveMustBe, PolicyInput, PolicyView};
pub use check_in::{AlertView, CheckInInput, CheckInQuestion, CheckInView};
pub use client_view::{ClientView, Ladder};
pub use clock::{Clock, ClockState, FixedClock, SetClock, SystemClock};
pub use decide_and_commit::{BatchItem, DecisionAnswer, DecisionAsk};
pub use end_reservation::DecisionView;
pub use error::AppError;
pub use exit_steps::{ExitError, ExitStep, after};
pub use export_study::{StudyAsk, StudyTable};
pub use fit_of_model::ModelWarning;
pub use give_effects::EffectsInput;
pub use give_help::{EndedView, GivenView};
pub use hand_on::{DelightView, HandOnView, MatchView, ReleaseInput};
pub use headline::channel_words;
pub use ids::{CountedIds, Ids, SystemIds};
pub use import_clients::{ImportFault, ImportReport};
pub use keep_client::{ClientFind, ClientInput, MergeInput};
pub use keep_evaluations::{Evaluation, LiveModel};
pub use keep_ledger::VerifyView;
pub use keep_models::{ModelView, ScoreReport, ShadowReport};
pub use keep_tokens::{IssuedToken, Session, TokenInput, TokenView};
pub use let_go::{ExitView, LetGoInput};
pub use page::{Page, PageAsk, Recorded};
pub use person_rights::{OpenedEntry, PersonExport};
pub use plan_prices::{PlanAsk, PlanView};
pub use prove_effect::{ProofPoint, ProofView, Proven, RatioView};
pub use rank_work::{HoldRow, WorkAsk, WorkList, WorkRow};
pub use read_audit::{AuditAsk, AuditOrder, AuditRow};
pub use read_ruptures::{RuptureStep, RuptureView};
pub use reason::Reason;
pub use record_consent::{ConsentInput, RefusalInput, WithdrawalInput};
pub use record_contact::{AttemptInput, LandingInput, OutcomeInput};
pub use record_delivery::DeliveryInput;
pub use rehearse_policy::{Difference, Differences, Ranged, Rehearsal, Replayed};
pub use report_landings::{
    CreditReport, CreditRow, EndingsReport, LandingCounts, LandingRow, LandingsReport, TeamRow,
    TopicRow, WeekRow,
};
pub use sample_world::{SAMPLE_POLICY, SampleWorld, sample_world};
pub use settings::Settings;
pub use show_client::{
    CheckInRow, ClientPage, ConsentView, LandingView, NeedView, PersonalView, TimelineRow,
};
pub use show_today::Today;
pub use sweep::Swept;
pub use take_segment::{SegmentEvent, SegmentFault, SegmentReport};
pub use tend_needs::{BusyInput, InferredNeed, NeedAnswer, NoteInput, StatedNeed};
pub use typed::{narrow, narrow_day};
pub use webhooks::{Delivery, EndpointInput, EndpointView, SignedHeaders};
