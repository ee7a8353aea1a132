use std::process::ExitCode;

use plumbline_catalog::Catalog;

use crate::cli::BundleLead;
use crate::commands::print;
use crate::commands::shared::{act, wait};
use crate::error::Error;

/// `plumbline bundle LEAD --project PROJECT --catalog DIR --out FILE`.
pub fn bundle(arguments: &BundleLead) -> Result<ExitCode, Error> {
    let BundleLead { lead, project, place, out, by } = arguments;
    wait(async {
        let catalog = Catalog::open(&place.place()?).await?;
        Ok(catalog.bundle(&act(by), project, lead, out).await?)
    })?;
    print(&out.display().to_string());
    Ok(ExitCode::SUCCESS)
}
