use std::fmt::Display;
use std::fs;
use std::process::ExitCode;

use plumbline_catalog::{Catalog, verify_bundle};
use plumbline_custody::{Checkpoint, Verifier};

use crate::cli::{Verify, VerifyBundle};
use crate::commands::print;
use crate::commands::shared::wait;
use crate::error::Error;

/// `plumbline verify --catalog DIR`: what no longer is as it was filed, a line each.
pub fn catalog(arguments: &Verify) -> Result<ExitCode, Error> {
    let (faults, checkpoint) = wait(async {
        let catalog = Catalog::open(&arguments.place.place()?).await?;
        let kept = arguments.kept.as_ref().map(|path| {
            let text = fs::read(path).map_err(|source| Error::io("read", path, source))?;
            Ok::<_, Error>(Checkpoint::parse(&text, &catalog.verifier()?)?)
        });
        let faults = catalog.verify(kept.transpose()?.as_ref()).await?;
        Ok((faults, catalog.checkpoint()))
    })?;
    Ok(told(&faults, &format!("{} events 条流转记录", checkpoint.size())))
}

/// `plumbline verify-bundle BUNDLE`: the same of a bundle, without any catalog.
pub fn bundle(arguments: &VerifyBundle) -> Result<ExitCode, Error> {
    let key = arguments.key.as_ref().map(|path| Verifier::load(path)).transpose()?;
    Ok(told(&verify_bundle(&arguments.bundle, key.as_ref())?, "bundle 证据包"))
}

fn told(faults: &[impl Display], whole: &str) -> ExitCode {
    if faults.is_empty() {
        print(&format!("whole 完好: {whole}"));
        return ExitCode::SUCCESS;
    }
    faults.iter().for_each(|fault| print(&fault.to_string()));
    ExitCode::FAILURE
}
