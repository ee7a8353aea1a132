use axum::extract::State as FromState;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use plumbline_catalog::{Account, Role};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::extract::{self, Json};
use crate::password::{LONGEST, password_hash};
use crate::state::{State, act, blocking};
use crate::who::Who;
use crate::{Problem, chance};

/// Shortest password, in characters (NIST SP 800-63B asks for 8 at least; 12 is what one factor alone needs).
const SHORTEST: usize = 12;

/// What `POST /api/accounts` takes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAccount {
    /// Name to sign in with.
    name: String,
    /// INGEST, CURATE or SUPERVISE.
    #[schema(value_type = String)]
    role: Role,
    /// Password.
    password: String,
    /// Number of the enforcement certificate (执法证号), of officers.
    cert_no: Option<String>,
}

/// `GET /api/accounts`: every account, without anything of its password.
pub(crate) async fn list(FromState(state): FromState<State>) -> Result<axum::Json<Value>, Problem> {
    let shown =
        |account: &Account| json!({ "name": account.name, "role": account.role, "cert_no": account.cert_no });
    let accounts = state.catalog.accounts().await?;
    Ok(axum::Json(json!({ "accounts": accounts.iter().map(shown).collect::<Vec<_>>() })))
}

/// `POST /api/accounts`: makes an account, or gives one another role or password.
pub(crate) async fn create(
    FromState(state): FromState<State>,
    who: Who,
    Json(new): Json<NewAccount>,
) -> Result<Response, Problem> {
    let NewAccount { name, role, password, cert_no } = new;
    let name = extract::name("name", &name)?;
    let length = password.chars().count();
    if length < SHORTEST || password.len() > LONGEST {
        let zh = format!("密码至少 {SHORTEST} 个字符");
        return Err(Problem::bad_request(zh, format!("a password needs {SHORTEST} characters at least")));
    }
    let cert_no = cert_no.map(|no| extract::name("cert_no", &no)).transpose()?;
    let salt = chance::bytes::<16>();
    let hash = blocking(move || password_hash(&password, &salt).map_err(Problem::internal)).await?;
    let account = Account { name: name.clone(), role, password_hash: hash, cert_no };
    state.catalog.create_account(&act(&who.name), account).await?;
    Ok((StatusCode::CREATED, axum::Json(json!({ "name": name, "role": role }))).into_response())
}
