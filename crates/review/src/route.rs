use axum::http::Method;
use axum::routing::MethodRouter;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use crate::action::{Action, Kind};
use crate::state::State;

/// One line of the table of routes: the router, the API's description and the test of who may do what are made from it.
#[derive(Debug)]
pub(crate) struct Route {
    /// HTTP method.
    pub method: Method,
    /// Path; parts in braces vary.
    pub path: &'static str,
    /// What it does, as the policies call it.
    pub action: Action,
    /// What it acts on.
    pub kind: Kind,
    /// How long it may take.
    pub pace: Pace,
    /// What it is for, in a few words: Chinese, English.
    pub about: (&'static str, &'static str),
    /// What the body must be, where one is taken.
    pub body: Option<fn() -> RefOr<Schema>>,
    /// What does it.
    pub handler: fn() -> MethodRouter<State>,
}

/// How long a route may take, and what its body may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// A small body, an answer within the time of a request.
    Usual,
    /// A body of any length that keeps coming, or an answer that keeps going.
    Flowing,
}

impl Route {
    /// Whether something is different afterwards: such a request must come from the page or a program, not from another site.
    pub fn changes(&self) -> bool {
        let reads = [Method::GET, Method::HEAD, Method::OPTIONS].contains(&self.method);
        !reads && self.action != Action::ReadItems
    }
}
