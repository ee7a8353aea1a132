use std::path::Path;
use std::process::ExitCode;

use crate::commands::{print, print_json};
use crate::error::Error;
use crate::record::Record;
use crate::workspace::Workspace;

/// `plumbline run`, `plumbline process` and `plumbline georeference`: works into a folder and says what came of it.
pub fn run(
    out: &Path,
    json: bool,
    work: impl FnOnce(&Path) -> Result<Record, Error>,
) -> Result<ExitCode, Error> {
    std::fs::create_dir_all(out).map_err(|source| Error::io("create", out, source))?;
    let out = out.canonicalize().map_err(|source| Error::io("open", out, source))?;
    let record = work(&out)?;
    if json {
        print_json(&record)?;
    } else {
        print(&summary(&record, &out));
    }
    Ok(ExitCode::SUCCESS)
}

fn summary(record: &Record, out: &Path) -> String {
    let spent: Vec<_> = record.steps.iter().filter(|step| step.seconds > 0.0).collect();
    let total: f64 = spent.iter().map(|step| step.seconds).sum();
    let mut lines: Vec<String> =
        spent.iter().map(|step| format!("{:>12} {:>7.1} s", step.name, step.seconds)).collect();
    lines.push(format!("{:>12} {total:>7.1} s   {:.0} MB", "all 合计", record.peak_memory_mb));
    for (flight, texts) in &record.left_out {
        lines.extend(texts.iter().map(|text| format!("left out 不用  {flight}: {} / {}", text.zh, text.en)));
    }
    for (epoch, texts) in &record.placed {
        lines.extend(texts.iter().map(|text| format!("placed 定位  {epoch}: {} / {}", text.zh, text.en)));
    }
    lines.extend(record.undecided.iter().map(|text| format!("undecided 未定  {} / {}", text.zh, text.en)));
    let workspace = Workspace::new(out);
    let pages = record.placed.keys().map(|epoch| workspace.epoch(epoch).block_page());
    lines.extend(pages.map(|page| format!("photos 像片: {}", page.display())));
    let report = workspace.report();
    if report.exists() {
        lines.push(format!("report 报告: {}", report.display()));
    }
    lines.join("\n")
}
