//! What is an endpoint? One row: method, path, right, shapes and the handler.
//!
//! The same rows make the router, the rights that are checked, the limits and the document of the API,
//! so that none of the four can say something else than the others.

pub(crate) mod act;
pub(crate) mod extract;
pub(crate) mod gate;
pub(crate) mod openapi;
pub(crate) mod outer;
pub(crate) mod refusals;
pub(crate) mod reply;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::StatusCode;
use axum::routing::MethodRouter;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use yorisoi_app::Right;

use crate::house::Shared;
use crate::problem::Problem;

/// Makes the schema of a type.
type Shape = fn(&mut SchemaGenerator) -> Schema;

/// The methods that are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    /// Reads.
    Get,
    /// Adds or acts.
    Post,
    /// Changes.
    Patch,
    /// Takes away.
    Delete,
}

impl Verb {
    /// As the document writes it.
    pub(crate) fn lower(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Post => "post",
            Self::Patch => "patch",
            Self::Delete => "delete",
        }
    }
}

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Everybody, without a token.
    Open,
    /// Any valid token.
    Anyone,
    /// Tokens whose role has the right.
    With(Right),
}

/// How large a body may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    /// As large as a request may be.
    Request,
    /// As large as an import may be.
    Upload,
}

/// What an endpoint takes as its body.
#[derive(Clone, Copy)]
pub(crate) enum Body {
    /// Nothing.
    None,
    /// JSON of a shape.
    Json(Shape),
    /// Bytes of a media type.
    Raw(&'static str),
}

/// What it answers.
#[derive(Clone, Copy)]
pub(crate) enum Answer {
    /// JSON of a shape.
    Json(Shape),
    /// Nothing.
    Empty,
    /// Bytes of a media type.
    Raw(&'static str),
}

/// What becomes of a request while the ledger is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Away {
    /// It is refused.
    Refuse,
    /// It is answered with nothing done: hold.
    Hold,
}

/// One endpoint.
pub(crate) struct Endpoint {
    pub(crate) verb: Verb,
    pub(crate) path: &'static str,
    /// Its name in the document, the metrics and the log.
    pub(crate) operation: &'static str,
    /// One sentence.
    pub(crate) summary: &'static str,
    pub(crate) access: Access,
    pub(crate) size: Size,
    pub(crate) query: Option<Shape>,
    pub(crate) body: Body,
    pub(crate) answer: Answer,
    /// Status of the answer when all is well.
    pub(crate) status: u16,
    /// Whether it takes an `Idempotency-Key`.
    pub(crate) keyed: bool,
    /// Whether it answers with an `ETag`.
    pub(crate) tagged: bool,
    /// Whether it takes an `If-Match`.
    pub(crate) matched: bool,
    pub(crate) away: Away,
    /// Statuses by which its use case refuses, beside those that follow from the rest of the row.
    pub(crate) refuses: &'static [u16],
    router: MethodRouter<Shared>,
}

/// Begins a row.
fn row(verb: Verb, path: &'static str, operation: &'static str) -> Endpoint {
    Endpoint {
        verb,
        path,
        operation,
        summary: "",
        access: Access::Anyone,
        size: Size::Request,
        query: None,
        body: Body::None,
        answer: Answer::Empty,
        status: 200,
        keyed: false,
        tagged: false,
        matched: false,
        away: Away::Refuse,
        refuses: &[],
        router: MethodRouter::new(),
    }
}

/// Begins the row of a reading endpoint.
pub(crate) fn get(path: &'static str, operation: &'static str) -> Endpoint {
    row(Verb::Get, path, operation)
}

/// Begins the row of an adding or acting endpoint.
pub(crate) fn post(path: &'static str, operation: &'static str) -> Endpoint {
    row(Verb::Post, path, operation)
}

/// Begins the row of a changing endpoint.
pub(crate) fn patch(path: &'static str, operation: &'static str) -> Endpoint {
    row(Verb::Patch, path, operation)
}

/// Begins the row of an endpoint that takes away.
pub(crate) fn delete(path: &'static str, operation: &'static str) -> Endpoint {
    row(Verb::Delete, path, operation)
}

impl Endpoint {
    /// What it does, in one sentence.
    pub(crate) fn summary(mut self, summary: &'static str) -> Self {
        self.summary = summary;
        self
    }

    /// The right it takes. The use case checks it again: this only refuses sooner.
    pub(crate) fn right(mut self, right: Right) -> Self {
        self.access = Access::With(right);
        self
    }

    /// No token is needed.
    pub(crate) fn open(mut self) -> Self {
        self.access = Access::Open;
        self
    }

    /// Its parameters.
    pub(crate) fn query<T: JsonSchema>(mut self) -> Self {
        self.query = Some(T::json_schema);
        self
    }

    /// Its body.
    pub(crate) fn takes<T: JsonSchema>(mut self) -> Self {
        self.body = Body::Json(SchemaGenerator::subschema_for::<T>);
        self
    }

    /// Its body, if it is no JSON.
    pub(crate) fn takes_raw(mut self, media_type: &'static str) -> Self {
        self.body = Body::Raw(media_type);
        self
    }

    /// Its body may be as large as an upload.
    pub(crate) fn large(mut self) -> Self {
        self.size = Size::Upload;
        self
    }

    /// What it answers.
    pub(crate) fn answers<T: JsonSchema>(mut self, status: u16) -> Self {
        self.answer = Answer::Json(SchemaGenerator::subschema_for::<T>);
        self.status = status;
        self
    }

    /// What it answers, if it is no JSON.
    pub(crate) fn answers_raw(mut self, status: u16, media_type: &'static str) -> Self {
        self.answer = Answer::Raw(media_type);
        self.status = status;
        self
    }

    /// It answers nothing but that it is done.
    pub(crate) fn answers_nothing(mut self) -> Self {
        self.answer = Answer::Empty;
        self.status = 204;
        self
    }

    /// It takes an `Idempotency-Key`.
    pub(crate) fn keyed(mut self) -> Self {
        self.keyed = true;
        self
    }

    /// It answers with an `ETag`.
    pub(crate) fn tagged(mut self) -> Self {
        self.tagged = true;
        self
    }

    /// It takes an `If-Match`.
    pub(crate) fn matched(mut self) -> Self {
        self.matched = true;
        self
    }

    /// While the ledger is away it answers all the same, by [`extract::LookedUp`], that nothing is done.
    pub(crate) fn holds(mut self) -> Self {
        self.away = Away::Hold;
        self
    }

    /// By which statuses its use case refuses.
    pub(crate) fn refuses(mut self, statuses: &'static [u16]) -> Self {
        self.refuses = statuses;
        self
    }

    /// What runs.
    pub(crate) fn runs<H, T>(mut self, handler: H) -> Self
    where
        H: Handler<T, Shared>,
        T: 'static,
    {
        self.router = match self.verb {
            Verb::Get => axum::routing::get(handler),
            Verb::Post => axum::routing::post(handler),
            Verb::Patch => axum::routing::patch(handler),
            Verb::Delete => axum::routing::delete(handler),
        };
        self
    }
}

/// The router of all rows, each behind its own gate and limit.
pub(crate) fn router(house: &Shared, endpoints: Vec<Endpoint>) -> Router<Shared> {
    let mut router = Router::new();
    for endpoint in endpoints {
        let gate = gate::Gate {
            house: house.clone(),
            operation: endpoint.operation,
            access: endpoint.access,
            away: endpoint.away,
        };
        let bytes_max = match endpoint.size {
            Size::Request => house.settings.body_bytes_max,
            Size::Upload => house.settings.upload_bytes_max,
        };
        let guarded = endpoint
            .router
            .layer(DefaultBodyLimit::max(bytes_max as usize))
            .layer(axum::middleware::from_fn_with_state(gate, gate::pass));
        router = router.route(endpoint.path, guarded);
    }
    // The desk answers what it does not know with a page; below `/v1` it is a problem.
    router.route("/v1/{*nothing}", axum::routing::any(nothing))
}

async fn nothing() -> Problem {
    Problem::of_status(StatusCode::NOT_FOUND)
}
