use std::process::ExitCode;

use plumbline_catalog::{Keep, Reason, Swept};

use crate::cli::{Item, NewHold, Release, Retention, Said, Sweep};
use crate::commands::print;
use crate::commands::shared::{act, wait};
use crate::error::Error;

/// `plumbline retention …`.
pub fn retention(command: &Retention) -> Result<ExitCode, Error> {
    match command {
        Retention::Keep(arguments) => keep(arguments),
        Retention::Hold(arguments) => hold(arguments),
        Retention::Release(arguments) => release(arguments),
        Retention::Sweep(arguments) => sweep(arguments),
    }
}

fn keep(arguments: &Item) -> Result<ExitCode, Error> {
    let Item { item: (collection, id), place } = arguments;
    let keep = wait(async { Ok(place.open().await?.keep(collection, id).await?) })?;
    let Some(keep) = keep else {
        print(&format!("there is no {collection}/{id} 没有该条目"));
        return Ok(ExitCode::FAILURE);
    };
    print(&format!("{collection}/{id}: {}", kept(&keep)));
    Ok(ExitCode::SUCCESS)
}

/// Until when something is kept, and why.
fn kept(keep: &Keep) -> String {
    let until = keep
        .until
        .map_or_else(|| "for good 长期".to_owned(), |until| format!("until 至 {}", until.date_naive()));
    let why = match &keep.reason {
        Reason::Grade { grade } => format!("grade 等级 {}", grade.code()),
        Reason::Cited { lead } => format!("cited by lead 线索引用 {lead}"),
        Reason::Closed { lead } => format!("of closed lead 已结线索 {lead}"),
        Reason::Held { hold } => format!("hold 冻结 {hold}"),
        Reason::Baseline { epoch } => format!("baseline 基准期 {epoch}"),
    };
    format!("{until} ({why})")
}

fn hold(arguments: &NewHold) -> Result<ExitCode, Error> {
    let NewHold { subject, said: Said { reason, by, place } } = arguments;
    let number = wait(async { Ok(place.open().await?.hold(&act(by), subject, reason).await?) })?;
    print(&format!("hold 冻结 {number}: {subject}"));
    Ok(ExitCode::SUCCESS)
}

fn release(arguments: &Release) -> Result<ExitCode, Error> {
    let Release { hold, said: Said { reason, by, place } } = arguments;
    wait(async { Ok(place.open().await?.release(&act(by), *hold, reason).await?) })?;
    print(&format!("released 已解除 {hold}"));
    Ok(ExitCode::SUCCESS)
}

fn sweep(arguments: &Sweep) -> Result<ExitCode, Error> {
    let Sweep { apply, by, place } = arguments;
    let swept = wait(async { Ok(place.open().await?.sweep(&act(by), !apply).await?) })?;
    for Swept { collection, id, grade, until, files, bytes } in &swept {
        let (day, count) = (until.date_naive(), files.len());
        print(&format!(
            "{collection}/{id}  {} until 至 {day}, {count} files 文件, {bytes} bytes 字节",
            grade.code()
        ));
    }
    let (count, bytes) = (swept.len(), swept.iter().map(|swept| swept.bytes).sum::<u64>());
    print(&if *apply {
        format!("swept 已清理  {count} items 条目, {bytes} bytes 字节")
    } else {
        format!(
            "would sweep 将清理  {count} items 条目, {bytes} bytes 字节; nothing was changed 未作更改: --apply"
        )
    });
    Ok(ExitCode::SUCCESS)
}
