use std::any::Any;
use std::time::Instant;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State as FromState};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use chrono::Utc;
use tower_http::catch_panic::CatchPanicLayer;

use crate::Problem;
use crate::action::Kind;
use crate::guard::guard;
use crate::problem::Cause;
use crate::route::{Pace, Route};
use crate::routes::ROUTES;
use crate::security::secured;
use crate::state::State;
use crate::upload::named;

/// Every route of the table behind its guard, and around them what holds for all.
pub(crate) fn router(state: State) -> Router {
    let routes = ROUTES.iter().fold(Router::new(), |router, route| mount(router, route, &state));
    routes
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(async || not_allowed())
        .layer(CatchPanicLayer::custom(panicked))
        .layer(map_response(secured))
        .layer(from_fn_with_state(state.clone(), journalled))
        .with_state(state)
}

fn mount(router: Router<State>, route: &'static Route, state: &State) -> Router<State> {
    let mut handler = (route.handler)();
    handler = match route.pace {
        Pace::Usual => handler.route_layer(DefaultBodyLimit::max(state.config.limits.body_bytes)),
        Pace::Flowing => handler.route_layer(DefaultBodyLimit::disable()),
    };
    handler = handler.route_layer(from_fn_with_state((state.clone(), route), guard));
    if route.kind == Kind::Upload {
        handler = handler.route_layer(map_response(named));
    }
    router.route(route.path, handler)
}

/// A handler that panicked fails its own request and no other.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over")]
fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<&str>().copied().map(str::to_owned);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    Problem::internal(format!("panic: {text}")).into_response()
}

/// Writes down what failed inside.
async fn journalled(FromState(state): FromState<State>, request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let begun = Instant::now();
    let response = next.run(request).await;
    if let Some(Cause(cause)) = response.extensions().get() {
        let status = response.status().as_u16();
        state.note(
            Utc::now(),
            &format!("{status} {method} {path} {} ms: {cause}", begun.elapsed().as_millis()),
        );
    }
    response
}

fn not_allowed() -> Problem {
    let (zh, en) = ("该地址不支持此方法", "the method is not one of this address");
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", zh, en)
}
