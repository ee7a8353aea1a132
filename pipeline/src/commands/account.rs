use std::io::{BufRead, stdin};
use std::process::ExitCode;

use plumbline_catalog::{Account, Role};
use plumbline_review::password_hash;

use crate::cli::{AccountRole, AddAccount};
use crate::commands::shared::{act, random, wait};
use crate::commands::{ask, print};
use crate::error::Error;

/// `plumbline account NAME --role ROLE --catalog DIR`: the password is the first line of the input.
pub fn account(arguments: &AddAccount) -> Result<ExitCode, Error> {
    let AddAccount { name, role, cert_no, place } = arguments;
    ask(&format!("password of {name} 密码: "));
    let mut line = String::new();
    stdin().lock().read_line(&mut line).map_err(|source| Error::io("read", "the input".as_ref(), source))?;
    let account = Account {
        name: name.clone(),
        role: tier(*role),
        password_hash: password_hash(line.trim_end_matches(['\r', '\n']), &random::<16>()?)?,
        cert_no: cert_no.clone(),
    };
    wait(async { Ok(place.open().await?.create_account(&act("plumbline"), account).await?) })?;
    print(&format!("account 账号  {name}: {}", tier(*role).code()));
    Ok(ExitCode::SUCCESS)
}

fn tier(role: AccountRole) -> Role {
    match role {
        AccountRole::Ingest => Role::Ingest,
        AccountRole::Curate => Role::Curate,
        AccountRole::Supervise => Role::Supervise,
    }
}
