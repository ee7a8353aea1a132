use std::process::ExitCode;

use plumbline_scene::exchange::{write_colmap, write_geojson, write_opensfm};

use crate::cli::{Export, Format};
use crate::commands::print;
use crate::error::Error;
use crate::steps::adjustment::load;
use crate::workspace::Workspace;

/// `plumbline export FORMAT RUN --out FOLDER`.
pub fn export(arguments: &Export) -> Result<ExitCode, Error> {
    let workspace = Workspace::new(&arguments.run);
    let block = load(&workspace.epoch(&chosen(arguments, &workspace)?))?.block;
    match arguments.format {
        Format::Colmap => write_colmap(&block, &arguments.out),
        Format::Opensfm => write_opensfm(&block, &arguments.out),
        Format::Geojson => write_geojson(&block, &arguments.out),
    }?;
    print(&arguments.out.display().to_string());
    Ok(ExitCode::SUCCESS)
}

/// The epoch that was named, or the only one.
fn chosen(arguments: &Export, workspace: &Workspace) -> Result<String, Error> {
    let epochs = workspace.epochs();
    match (&arguments.epoch, &epochs[..]) {
        (Some(named), _) if epochs.contains(named) => Ok(named.clone()),
        (None, [only]) => Ok(only.clone()),
        _ => Err(Error::WhichEpoch { run: arguments.run.clone(), epochs }),
    }
}
