use std::process::ExitCode;

use plumbline_case::Procedure;
use plumbline_finding::JurisdictionPack;
use plumbline_review::{Config, Limits};

use crate::cli::Serve;
use crate::commands::print;
use crate::commands::shared::wait;
use crate::error::Error;

/// `plumbline serve --catalog DIR --bind ADDR`: until it is told to end.
pub fn serve(arguments: &Serve) -> Result<ExitCode, Error> {
    let program = std::env::current_exe();
    let program = program.map_err(|source| Error::io("find", "this program's own file".as_ref(), source))?;
    let procedure = arguments.procedure.as_deref().map_or_else(Procedure::sample, Procedure::open)?;
    let calendar = JurisdictionPack::open(&arguments.jurisdiction)?.calendar;
    wait(async {
        let catalog = arguments.place.open().await?;
        if catalog.accounts().await?.is_empty() {
            print("no accounts yet 尚无账号: plumbline account NAME --role curate --catalog …");
        }
        catalog.close().await;
        let config = Config {
            catalog: arguments.place.place()?,
            bind: arguments.bind,
            program,
            administrators: arguments.admins.clone(),
            behind_https: arguments.behind_https,
            calendar,
            procedure,
            limits: Limits::default(),
        };
        let ready = |address| print(&format!("http://{address}/"));
        Ok(plumbline_review::serve(config, ready).await?)
    })?;
    Ok(ExitCode::SUCCESS)
}
