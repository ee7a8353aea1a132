//! Arguments of the commands that work with a shared catalog.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Where a shared catalog is.
#[derive(Debug, Args)]
pub struct CatalogPlace {
    /// Folder of the shared catalog, or the address of a PostgreSQL database, such as `postgres:///plumbline`.
    ///
    /// 共享目录所在文件夹，或 PostgreSQL 数据库地址。
    #[arg(long, value_name = "DIR|URL")]
    pub catalog: String,
    /// Folder for the files, the custody log and its keys of a catalog whose tables are in PostgreSQL.
    #[arg(long, value_name = "DIR")]
    pub files: Option<PathBuf>,
}

/// Arguments of `file`.
#[derive(Debug, Args)]
pub struct FileRun {
    /// The folder given to `run --out`.
    pub run: PathBuf,
    /// The catalog; it is made where there is none.
    #[command(flatten)]
    pub place: CatalogPlace,
    /// Copy every original photo into the store, not only those that a lead cites.
    ///
    /// 全部原片入库（默认只入库线索引用的原片）。
    #[arg(long)]
    pub originals: bool,
    /// Who files it, as it stands in the custody log [default: the program].
    #[arg(long, value_name = "NAME", default_value = "plumbline")]
    pub by: String,
}

/// Arguments of `import`.
#[derive(Debug, Args)]
pub struct ImportCard {
    /// Folder of the card.
    pub card: PathBuf,
    /// Flight or recording that the card is of: its files are named after it.
    #[arg(long)]
    pub flight: String,
    /// Who brought it, as it stands in the custody log.
    #[arg(long, value_name = "NAME")]
    pub by: String,
    /// The catalog; it is made where there is none.
    #[command(flatten)]
    pub place: CatalogPlace,
}

/// Arguments of `account`.
#[derive(Debug, Args)]
pub struct AddAccount {
    /// Name to sign in with.
    pub name: String,
    /// What they may do.
    #[arg(long, value_enum)]
    pub role: AccountRole,
    /// Number of their enforcement certificate (执法证号), of officers.
    #[arg(long, value_name = "NUMBER")]
    pub cert_no: Option<String>,
    /// The catalog; it is made where there is none.
    #[command(flatten)]
    pub place: CatalogPlace,
}

/// The three tiers (三级平台).
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AccountRole {
    /// Team 队所: brings flights in.
    Ingest,
    /// Detachment 支队: classifies, decides, reviews.
    Curate,
    /// Bureau 局: reads everything and changes nothing.
    Supervise,
}

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// The catalog; it is made where there is none.
    #[command(flatten)]
    pub place: CatalogPlace,
    /// Address to listen on. Put a proxy with HTTPS in front of anything but this machine.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub bind: SocketAddr,
    /// Account that may make accounts on the page; may be given several times.
    #[arg(long = "admin", value_name = "NAME")]
    pub admins: Vec<String>,
    /// Jurisdiction pack whose calendar counts working days: `sample` or the path of one's own.
    #[arg(long, default_value = "sample", value_name = "PACK")]
    pub jurisdiction: String,
    /// File of the terms that run in a case [default: the sample that is built in].
    #[arg(long, value_name = "FILE")]
    pub procedure: Option<PathBuf>,
    /// Browsers reach the server through HTTPS: their sessions are then kept off plain HTTP.
    #[arg(long)]
    pub behind_https: bool,
}

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// The catalog.
    #[command(flatten)]
    pub place: CatalogPlace,
    /// A checkpoint of the custody log that was kept elsewhere: a catalog that was rolled back behind it is found out.
    ///
    /// 另处保存的日志检查点：可发现目录整体回退。
    #[arg(long, value_name = "FILE")]
    pub kept: Option<PathBuf>,
}

/// Arguments of `bundle`.
#[derive(Debug, Args)]
pub struct BundleLead {
    /// Identifier of the lead.
    pub lead: String,
    /// Its project, as the catalog calls it.
    #[arg(long)]
    pub project: String,
    /// The catalog.
    #[command(flatten)]
    pub place: CatalogPlace,
    /// The bundle: a folder, or a file that ends in .zip.
    #[arg(long)]
    pub out: PathBuf,
    /// Who hands it over, as it stands in the custody log.
    #[arg(long, value_name = "NAME", default_value = "plumbline")]
    pub by: String,
}

/// Arguments of `verify-bundle`.
#[derive(Debug, Args)]
pub struct VerifyBundle {
    /// The bundle: a folder or a .zip.
    pub bundle: PathBuf,
    /// The public key of the custody log as its owner published it [default: the key in the bundle].
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
}
