use std::path::Path;
use std::process::ExitCode;

use crate::commands::{print, print_json};
use crate::config::Project;
use crate::error::Error;
use crate::flow;
use crate::record::Record;

/// `plumbline run` and `plumbline process`.
pub fn run(project: Project, out: &Path, json: bool) -> Result<ExitCode, Error> {
    std::fs::create_dir_all(out).map_err(|source| Error::io("create", out, source))?;
    let out = out.canonicalize().map_err(|source| Error::io("open", out, source))?;
    let record = flow::run(project, &out)?;
    if json {
        print_json(&record)?;
    } else {
        print(&summary(&record, &out));
    }
    Ok(ExitCode::SUCCESS)
}

fn summary(record: &Record, out: &Path) -> String {
    let total: f64 = record.steps.iter().map(|step| step.seconds).sum();
    let mut lines: Vec<String> =
        record.steps.iter().map(|step| format!("{:>12} {:>7.1} s", step.name, step.seconds)).collect();
    lines.push(format!("{:>12} {total:>7.1} s   {:.0} MB", "all 合计", record.peak_memory_mb));
    for (flight, texts) in &record.left_out {
        lines.extend(texts.iter().map(|text| format!("left out 不用  {flight}: {} / {}", text.zh, text.en)));
    }
    lines.extend(record.undecided.iter().map(|text| format!("undecided 未定  {} / {}", text.zh, text.en)));
    lines.push(format!("report 报告: {}", out.join("report.html").display()));
    lines.join("\n")
}
