//! Which page lies at which address?

pub(crate) mod client;
pub(crate) mod clients;
pub(crate) mod conversation;
pub(crate) mod design;
pub(crate) mod entrance;
pub(crate) mod exits;
pub(crate) mod hand_on;
pub(crate) mod landings;
pub(crate) mod let_go;
pub(crate) mod policy;
pub(crate) mod privacy;
pub(crate) mod proof;
pub(crate) mod studies;
pub(crate) mod today;
pub(crate) mod tour;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::Response;
use axum::routing::{get, post};
use yorisoi_app::AppError;
use yorisoi_decision::ClientId;

use crate::Desk;
use crate::answer::{Failure, For, done};
use crate::context::Context;

/// Every address of the desk.
pub(crate) fn routes(upload_bytes_max: usize) -> Router<Desk> {
    Router::new()
        .merge(entrance::routes())
        .merge(people())
        .merge(house())
        .merge(uploads().layer(DefaultBodyLimit::max(upload_bytes_max)))
        .route("/today", get(today::show))
        .route("/exits", get(exits::show))
        .route("/design", get(design::show))
        .route("/tour", get(tour::show))
        .route("/desk/changes", get(crate::live::changes))
}

/// The client whom an address names.
pub(crate) fn client_of(cx: &Context, client: &str) -> Result<ClientId, Failure> {
    client.parse().map_err(AppError::from).before(cx)
}

/// Back to a client's page, which says what was done.
pub(crate) fn back_to(client: &ClientId, said: &str) -> Response {
    done(&crate::parts::client_path(client), said)
}

fn people() -> Router<Desk> {
    Router::new()
        .route("/clients", get(clients::show).post(clients::add))
        .route("/clients/find", get(clients::find))
        .route("/clients/{client}", get(client::show))
        .route("/clients/{client}/consent", post(client::consent))
        .route("/clients/{client}/withdraw", post(client::withdraw))
        .route("/clients/{client}/refuse", post(client::refuse))
        .route("/clients/{client}/no-calls", post(client::no_calls))
        .route("/clients/{client}/reopen", post(client::reopen))
        .route("/clients/{client}/need", post(client::need))
        .route("/clients/{client}/question", post(client::question))
        .route("/clients/{client}/answer", post(client::answer_need))
        .route("/clients/{client}/note", post(client::note))
        .route("/clients/{client}/busy", post(client::busy))
        .route("/clients/{client}/check-in", post(client::check_in))
        .route("/clients/{client}/landing", post(client::landing))
        .route("/clients/{client}/delivered", post(client::delivered))
        .route("/clients/{client}/talk", get(conversation::show))
        .route("/clients/{client}/talk/permission", post(conversation::permission))
        .route("/clients/{client}/talk/provide", post(conversation::provide))
        .route("/clients/{client}/talk/end", post(conversation::end))
        .route("/clients/{client}/talk/no-calls", post(conversation::no_calls))
        .route("/clients/{client}/talk/landing", post(conversation::landing))
        .route("/clients/{client}/talk/not-reached", post(conversation::not_reached))
        .route("/clients/{client}/let-go", get(let_go::show).post(let_go::done))
        .route("/clients/{client}/leaving", post(let_go::request))
        .route("/clients/{client}/stays", post(let_go::abandon))
        .route("/clients/{client}/returns", post(let_go::returns))
        .route("/clients/{client}/receipt", get(let_go::receipt))
        .route("/hand-on", get(hand_on::show))
        .route("/hand-on/release", post(hand_on::release))
        .route("/hand-on/{hand_on}", get(hand_on::one))
        .route("/hand-on/{hand_on}/{step}", post(hand_on::step))
}

/// Where a file may be handed in. Each asks who it is before it reads.
fn uploads() -> Router<Desk> {
    Router::new()
        .route("/clients/import", post(clients::import))
        .route("/studies", post(studies::start))
        .route("/studies/model", post(studies::models::register))
}

fn house() -> Router<Desk> {
    Router::new()
        .route("/landings", get(landings::show))
        .route("/proof", get(proof::show))
        .route("/policy", get(policy::show).post(policy::draft))
        .route("/policy/roll-back", post(policy::roll_back))
        .route("/policy/{fingerprint}", get(policy::one))
        .route("/policy/{fingerprint}/publish", post(policy::publish))
        .route("/studies", get(studies::show))
        .route("/studies/table", get(studies::table))
        .route("/studies/model/{model}/{step}", post(studies::models::step))
        .route("/studies/{study}", get(studies::one))
        .route("/studies/{study}/report", get(studies::report))
        .route("/privacy", get(privacy::show))
        .route("/privacy/tokens", post(privacy::issue))
        .route("/privacy/tokens/revoke", post(privacy::revoke))
        .route("/privacy/audit", get(privacy::audit))
        .route("/privacy/verify", post(privacy::verify))
        .route("/privacy/export", post(privacy::export))
        .route("/privacy/erase", post(privacy::erase))
}
