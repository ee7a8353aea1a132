use std::fs;
use std::path::Path;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use plumbline_case::{Evidence, FilingForm, Lead};
use plumbline_catalog::RunCatalog;
use plumbline_custody::Digest;
use plumbline_dossier::{Dossier, Fonts};
use plumbline_raster::cog::read_grid;

use crate::cli;
use crate::commands::print;
use crate::error::Error;
use crate::record::Record;
use crate::store::write_whole;
use crate::workspace::Workspace;

/// `plumbline dossier RUN [LEAD] --out FOLDER`.
pub fn dossier(arguments: &cli::Dossier) -> Result<ExitCode, Error> {
    let workspace = Workspace::new(&arguments.run);
    let mut leads = RunCatalog::open(workspace.root())?.leads()?;
    if let Some(wanted) = &arguments.lead {
        leads.retain(|lead| &lead.id == wanted);
        if leads.is_empty() {
            return Err(Error::NoLead { run: arguments.run.clone(), lead: wanted.clone() });
        }
    }
    let project = Record::read(&workspace)?.project;
    fs::create_dir_all(&arguments.out).map_err(|source| Error::io("create", &arguments.out, source))?;
    let (fonts, now) = (Fonts::of_system()?, Utc::now());
    for lead in &leads {
        let path = arguments.out.join(format!("{}.pdf", lead.id.replace('/', "_")));
        write_whole(&path, &pdf(&workspace, &project, lead, &fonts, now)?)?;
        print(&path.display().to_string());
    }
    Ok(ExitCode::SUCCESS)
}

fn pdf(
    workspace: &Workspace,
    project: &str,
    lead: &Lead,
    fonts: &Fonts,
    made_at: DateTime<Utc>,
) -> Result<Vec<u8>, Error> {
    let crs = map_of(workspace, lead)?;
    let dossier = Dossier {
        project,
        crs: &crs,
        software: concat!("plumbline ", env!("CARGO_PKG_VERSION")),
        made_at,
        checkpoint: None,
        lead,
        form: &FilingForm::draft(lead, &crs),
        remarks: &[],
        file: &|sha256| evidence_bytes(workspace.root(), &lead.evidence, sha256),
    };
    Ok(dossier.pdf(fonts)?)
}

/// The map of the lead's coordinates: that of the products which show it.
fn map_of(workspace: &Workspace, lead: &Lead) -> Result<String, Error> {
    let Some(finding) = lead.findings.first() else { return Ok(String::new()) };
    let grid = read_grid(&workspace.epoch(&finding.epoch).dsm())?;
    Ok(grid.crs.definition().to_owned())
}

/// The bytes of a piece of evidence, if its file still is what the lead says.
fn evidence_bytes(run: &Path, evidence: &[Evidence], sha256: &str) -> Option<Vec<u8>> {
    let file = &evidence.iter().find(|evidence| evidence.sha256 == sha256)?.file;
    let bytes = fs::read(run.join(file)).ok()?;
    (Digest::of(&bytes).to_string() == sha256).then_some(bytes)
}
