use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{Datelike, Utc};
use plumbline_catalog::{Catalog, Disc, Keep, MANIFEST, Reason, Swept};

use crate::cli::{Item, NewHold, PlanDiscs, ReadDisc, Release, Retention, Said, Sweep};
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
        Retention::Discs(arguments) => discs(arguments),
        Retention::Disc(arguments) => disc(arguments),
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

fn discs(arguments: &PlanDiscs) -> Result<ExitCode, Error> {
    let PlanDiscs { to, place } = arguments;
    let (catalog, planned) = wait(async {
        let catalog = place.open().await?;
        let planned = catalog.plan_discs(Utc::now().year()).await?;
        Ok((catalog, planned))
    })?;
    if let Some(to) = to {
        planned.iter().try_for_each(|disc| write_plan(&catalog, disc, to))?;
    }
    for disc in &planned {
        print(&format!("{}  {} files 文件, {} bytes 字节", disc.volume, disc.files.len(), disc.bytes()));
    }
    print(&match to {
        Some(to) => format!("{} discs 张光盘: {}", planned.len(), to.display()),
        None => format!("{} discs 张光盘; --to DIR writes labels and lists 输出标签与清单", planned.len()),
    });
    Ok(ExitCode::SUCCESS)
}

/// Writes a disc's label, the list of its files, and the paths that `xorriso -as mkisofs -graft-points -path-list` burns.
fn write_plan(catalog: &Catalog, disc: &Disc, to: &Path) -> Result<(), Error> {
    let folder = to.join(&disc.volume);
    let write = |name: &str, text: String| {
        let path = folder.join(name);
        fs::create_dir_all(&folder)
            .and_then(|()| fs::write(&path, text))
            .map_err(|source| Error::io("write", &path, source))
    };
    let mut paths = vec![(MANIFEST.to_owned(), folder.join(MANIFEST))];
    for file in &disc.files {
        let here = catalog.store().file(&file.stored).map_err(plumbline_catalog::Error::from)?;
        paths.push((file.stored.path(), here));
    }
    let line = |(on_disc, here): &(String, PathBuf)| format!("{on_disc}={}", here.display());
    let paths: Vec<String> = paths.iter().map(line).collect();
    write("label.txt", disc.label())?;
    write(MANIFEST, disc.manifest())?;
    write("paths.txt", paths.join("\n") + "\n")
}

fn disc(arguments: &ReadDisc) -> Result<ExitCode, Error> {
    let ReadDisc { volume, disc, cabinet, by, place } = arguments;
    let read = wait(async { Ok(place.open().await?.check_disc(&act(by), volume, disc, cabinet).await?) })?;
    let (files, times) = (read.files.len(), read.checks.len());
    print(&format!("{volume}: {files} files read and right 逐一核验无误, check 第 {times} 次, {cabinet}"));
    Ok(ExitCode::SUCCESS)
}
