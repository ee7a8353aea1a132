use std::process::ExitCode;

use crate::cli::FileRun;
use crate::commands::print;
use crate::commands::shared::{act, wait};
use crate::error::Error;

/// `plumbline file RUN --catalog DIR`.
pub fn file(arguments: &FileRun) -> Result<ExitCode, Error> {
    let FileRun { run, place, originals, by } = arguments;
    let filed = wait(async {
        let catalog = place.open().await?;
        let filed = if *originals {
            catalog.file_run_with_originals(&act(by), run).await
        } else {
            catalog.file_run(&act(by), run).await
        };
        Ok(filed?)
    })?;
    print(&format!(
        "filed 已入库  {}: {} items 条目, {} leads 线索, {} files 文件; {} new or changed 新增或变更",
        filed.project, filed.items, filed.leads, filed.files, filed.changed
    ));
    Ok(ExitCode::SUCCESS)
}
