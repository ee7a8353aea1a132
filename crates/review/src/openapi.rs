use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use utoipa::openapi::path::{OperationBuilder, ParameterBuilder, ParameterIn, PathsBuilder};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, HttpMethod, InfoBuilder, OpenApi, OpenApiBuilder, PathItem, Required,
    ResponseBuilder,
};

use crate::action::Action;
use crate::guard::{COOKIE, OWN_PAGE};
use crate::route::Route;
use crate::routes::ROUTES;

/// Media type of a description (`OpenAPI` 3.1, section 8).
pub(crate) const MEDIA_TYPE: &str = "application/vnd.oai.openapi+json;version=3.1";

/// Actions that ask for no session.
const OPEN: [Action; 4] = [Action::ShowPage, Action::DescribeApi, Action::LogIn, Action::DescribeUploads];

/// `GET /api/openapi.json`: the table of routes as others read it.
pub(crate) async fn show() -> Response {
    ([(header::CONTENT_TYPE, MEDIA_TYPE)], axum::Json(describe())).into_response()
}

/// Describes every route.
pub(crate) fn describe() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Plumbline 准绳")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("线索核查、架次上传与时空目录 / review of leads, upload of flights, STAC API"));
    let session = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(COOKIE)));
    let components = ComponentsBuilder::new().security_scheme("session", session).build();
    let paths = ROUTES.iter().fold(PathsBuilder::new(), |paths, route| {
        let path = route.path.replace("{*", "{");
        paths.path(path, PathItem::new(method(route), operation(route)))
    });
    OpenApiBuilder::new().info(info.build()).components(Some(components)).paths(paths.build()).build()
}

fn operation(route: &Route) -> OperationBuilder {
    let (zh, en) = route.about;
    let mut operation = OperationBuilder::new()
        .operation_id(Some(format!(
            "{}{}",
            route.method.as_str().to_lowercase(),
            route.path.replace('/', "_")
        )))
        .summary(Some(format!("{zh} / {en}")))
        .tag(route.kind.id())
        .response("default", ResponseBuilder::new().description(route.action.id()));
    for name in parameters(route.path) {
        let parameter = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path);
        operation = operation.parameter(parameter.required(Required::True));
    }
    if route.changes() {
        let own = ParameterBuilder::new().name(OWN_PAGE).parameter_in(ParameterIn::Header);
        operation = operation.parameter(own.required(Required::True));
    }
    if let Some(schema) = route.body {
        let content = ContentBuilder::new().schema(Some(schema())).build();
        let body = RequestBodyBuilder::new().content("application/json", content);
        operation = operation.request_body(Some(body.required(Some(Required::True)).build()));
    }
    let open = OPEN.contains(&route.action);
    let needed = if open {
        SecurityRequirement::default()
    } else {
        SecurityRequirement::new("session", [route.action.id()])
    };
    operation.security(needed)
}

/// Names between braces.
fn parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| name.trim_start_matches('*'))
}

fn method(route: &Route) -> HttpMethod {
    match route.method.as_str() {
        "POST" => HttpMethod::Post,
        "PATCH" => HttpMethod::Patch,
        "DELETE" => HttpMethod::Delete,
        "HEAD" => HttpMethod::Head,
        "OPTIONS" => HttpMethod::Options,
        _ => HttpMethod::Get,
    }
}
