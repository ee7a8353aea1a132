//! Arguments of `retention`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::CatalogPlace;

/// What to do about what is kept.
#[derive(Debug, Subcommand)]
pub enum Retention {
    /// Say until when an item is kept, and why.
    ///
    /// 查看条目的留存期限与理由。
    Keep(Item),
    /// Keep an item, everything that a lead cites, or a project, until the hold is released.
    ///
    /// 冻结：在解除前不得清理。
    Hold(NewHold),
    /// End a hold by its number.
    ///
    /// 解除冻结。
    Release(Release),
    /// List what no rule keeps any longer; with --apply, remove it and leave a tombstone of each.
    ///
    /// 列出到期内容；加 --apply 才会清理，并留下注销记录。
    Sweep(Sweep),
    /// Plan the discs of what is kept for good and is on no disc yet; with --to, write for each its label, its list and what to burn.
    ///
    /// 高等级证据刻录计划：卷号、标签、校验清单。
    Discs(PlanDiscs),
    /// Read a burned disc from end to end and register it, after burning and every year.
    ///
    /// 光盘逐字节核验并登记（刻录后及每年一次）。
    Disc(ReadDisc),
}

/// Arguments of `retention discs`.
#[derive(Debug, Args)]
pub struct PlanDiscs {
    /// Folder for the labels, the lists and the paths to burn.
    #[arg(long, value_name = "DIR")]
    pub to: Option<PathBuf>,
    /// The catalog.
    #[command(flatten)]
    pub place: CatalogPlace,
}

/// Arguments of `retention disc`.
#[derive(Debug, Args)]
pub struct ReadDisc {
    /// Name of the disc, as its label has it.
    pub volume: String,
    /// Where it is mounted.
    #[arg(long, value_name = "DIR")]
    pub disc: PathBuf,
    /// Cabinet and slot where it is kept.
    #[arg(long)]
    pub cabinet: String,
    /// Who read it, as it stands in the custody log.
    #[arg(long, value_name = "NAME")]
    pub by: String,
    /// The catalog.
    #[command(flatten)]
    pub place: CatalogPlace,
}

/// An item of the catalog.
#[derive(Debug, Args)]
pub struct Item {
    /// The item: COLLECTION/ID.
    #[arg(value_parser = named)]
    pub item: (String, String),
    /// The catalog.
    #[command(flatten)]
    pub place: CatalogPlace,
}

/// Arguments of `retention hold`.
#[derive(Debug, Args)]
pub struct NewHold {
    /// What is held: `item:COLLECTION/ID`, `lead:PROJECT/ID` or `project:PROJECT`.
    pub subject: String,
    /// Why, by whom, where.
    #[command(flatten)]
    pub said: Said,
}

/// Arguments of `retention release`.
#[derive(Debug, Args)]
pub struct Release {
    /// Number of the hold.
    pub hold: u64,
    /// Why, by whom, where.
    #[command(flatten)]
    pub said: Said,
}

/// What goes with every change of a hold.
#[derive(Debug, Args)]
pub struct Said {
    /// Why.
    #[arg(long)]
    pub reason: String,
    /// Who does it, as it stands in the custody log.
    #[arg(long, value_name = "NAME")]
    pub by: String,
    /// The catalog.
    #[command(flatten)]
    pub place: CatalogPlace,
}

/// Arguments of `retention sweep`.
#[derive(Debug, Args)]
pub struct Sweep {
    /// Remove what is listed; without it nothing is changed.
    #[arg(long)]
    pub apply: bool,
    /// Who approved it, as it stands in the custody log.
    #[arg(long, value_name = "NAME")]
    pub by: String,
    /// The catalog.
    #[command(flatten)]
    pub place: CatalogPlace,
}

/// Collection and name of an item.
fn named(text: &str) -> Result<(String, String), String> {
    let (collection, id) =
        text.split_once('/').ok_or("an item is COLLECTION/ID, such as epochs/site~2025-06-12")?;
    Ok((collection.to_owned(), id.to_owned()))
}
