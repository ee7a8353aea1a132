mod retention;
mod shared;
mod simulate;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use plumbline_plan::{Axes, Unit};
use serde::{Deserialize, Serialize};

pub use retention::{Item, NewHold, PlanDiscs, ReadDisc, Release, Retention, Said, Sweep};
pub use shared::{
    AccountRole, AddAccount, BundleLead, CatalogPlace, FileRun, ImportCard, Serve, Verify, VerifyBundle,
};
pub use simulate::{Preset, Simulate};

/// Plumbline 准绳: from drone photos to what is being built where it was not approved.
///
/// 从无人机照片到未批先建、批建不符的线索。
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 110)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Look at a folder of photos before leaving the site: what is in it, what is wrong, will it georeference?
    ///
    /// 离场前检查照片文件夹：有什么、有什么问题、能否定位。
    Check(Check),
    /// Place the photos of a flight, or of a project's flights, on the map, and say how well; no surface is made.
    ///
    /// 空中三角测量：把照片定位到地图上，并说明精度；不生成地表模型。
    Georeference(Georeference),
    /// Write a placed block for another program to read.
    ///
    /// 导出空三成果，供其他软件读取。
    Export(Export),
    /// List the original photos that show a place best, with the pixel, and those that it is hidden from.
    ///
    /// 按地点查原始照片：哪些照片看得见、像点在哪、哪些被遮挡。
    PhotoAt(PhotoAt),
    /// Look into approved plans before a run depends on them.
    ///
    /// 运行前检查规划图册：读懂了什么、没读懂什么。
    #[command(subcommand)]
    Plan(Plan),
    /// Turn one flight into a surface model and a true orthophoto; no project file needed.
    ///
    /// 处理一个架次：照片生成地表模型与真正射影像。
    Process(Process),
    /// Run a whole project: flights, plan, changes, stages, findings, leads, catalog, report.
    ///
    /// 运行整个项目：架次、规划、变化、施工阶段、疑点、线索、目录、报告。
    Run(Run),
    /// Show the books of a run: findings, construction stages, sites not flown, trends - over all its dates.
    ///
    /// 查看台账：疑点、施工阶段、巡查覆盖、倾向性问题（各期汇总）。
    Ledger(Ledger),
    /// Write the dossier of each lead of a run as a PDF: one map and three photos, measures, draft form, custody.
    ///
    /// 生成线索卷宗（一注三图、量测、立案审批表草稿、证据清单），PDF。
    Dossier(Dossier),
    /// File a run into the shared catalog: items, leads, products, pictures, cited photos; the same run again changes nothing.
    ///
    /// 运行成果归入共享目录：条目、线索、成果、影像、引用的原片；重复归入不产生变更。
    File(FileRun),
    /// Take in a memory card: copy every file into the shared catalog, compare both sides, and say whether the card may be erased.
    ///
    /// 采集站导入存储卡：逐一入库、两侧比对，全部无误后才提示可以清空。
    Import(ImportCard),
    /// See how long things of the shared catalog are kept, hold them, and sweep what no rule keeps any longer.
    ///
    /// 留存管理：查看留存期限、冻结、清理到期内容。
    #[command(subcommand)]
    Retention(Retention),
    /// Make an account of the shared catalog, or give one another role or password; the password is read from the input.
    ///
    /// 设立账号或修改角色、密码；密码从标准输入读取。
    Account(AddAccount),
    /// Serve the shared catalog: the page for pilots, inspectors and supervisors, uploads, the STAC API.
    ///
    /// 启动服务：飞手、执法人员、督查人员的网页，上传，STAC 接口。
    Serve(Serve),
    /// Hold files, items, leads and events of the shared catalog against its custody log, and name everything that was altered.
    ///
    /// 核验共享目录：逐一指出被改动、缺失、调换的文件、条目和流转记录。
    Verify(Verify),
    /// Write all evidence of a lead into a bundle that verifies without the catalog.
    ///
    /// 导出线索的证据包，可脱离系统独立核验。
    Bundle(BundleLead),
    /// Verify a bundle with nothing but itself and, better, the published key of the custody log.
    ///
    /// 核验证据包。
    VerifyBundle(VerifyBundle),
    /// Say how far a run has come.
    ///
    /// 查看运行进度。
    Status(Status),
    /// Write a simulated city with its truth: photos of several dates, plan layers, project file.
    ///
    /// 生成带真值的模拟城市。
    Simulate(Simulate),
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Folder with the photos of one flight.
    pub folder: PathBuf,
    /// Print one JSON document instead of text.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `georeference`.
#[derive(Debug, Args)]
pub struct Georeference {
    /// Folder with the photos of one flight, or a project file.
    pub flights: PathBuf,
    /// Where the block goes; a run that was stopped resumes there, and `process` or `run` goes on from it.
    #[arg(long)]
    pub out: PathBuf,
    /// What goes with a folder of photos.
    #[command(flatten)]
    pub options: FolderOptions,
    /// Print the run record as JSON when done.
    #[arg(long)]
    pub json: bool,
}

/// What a folder of photos does not say itself; a project file says it for each of its flights.
#[derive(Debug, Default, Args)]
pub struct FolderOptions {
    /// Surveyed points that hold a folder's block in place: a `gcp_list.txt` or a CSV table.
    #[arg(long)]
    pub control: Option<PathBuf>,
    /// Surveyed points that only tell how far off the block lies, in the same form.
    #[arg(long)]
    pub check: Option<PathBuf>,
    /// Projected coordinate system of a folder's products, such as EPSG:4547 [default: the UTM zone of the photos].
    #[arg(long)]
    pub crs: Option<String>,
    /// How much of what the camera says of its focal length is believed.
    #[arg(long, value_enum, default_value_t)]
    pub focal: Focal,
    /// How the camera exposes the rows of a photo: one that reads them in turn while it flies displaces them.
    ///
    /// 快门类型：卷帘快门在飞行中逐行曝光，像点因此位移。
    #[arg(long, value_enum, default_value_t)]
    pub shutter: Shutter,
    /// Name of the height datum that products shall have, such as "1985 national height datum". Control points are taken
    /// to be in it; GNSS heights get there by --vertical-offset or --vertical-grid, barometric ones never.
    ///
    /// 成果的高程基准名称；像控点按该基准对待，GNSS 椭球高须另给高程异常，气压高不能归算。
    #[arg(long, value_name = "NAME")]
    pub vertical_datum: Option<String>,
    /// Height of the datum above the ellipsoid here, metres: ellipsoidal less national height, such as -16.5.
    ///
    /// 高程异常（常数，米）：椭球高减去该基准高程。
    #[arg(long, value_name = "METRES", allow_negative_numbers = true, requires = "vertical_datum")]
    #[arg(conflicts_with = "vertical_grid")]
    pub vertical_offset: Option<f64>,
    /// The same as a grid on latitude and longitude: GeoTIFF, .gtx or what else GDAL reads.
    ///
    /// 高程异常格网（经纬度）。
    #[arg(long, value_name = "FILE", requires = "vertical_datum")]
    pub vertical_grid: Option<PathBuf>,
}

/// How much of a camera's stated focal length is believed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Focal {
    /// Nothing: the photos alone decide, which a flight at one height over flat ground cannot.
    Free,
    /// As much as its standard uncertainty says.
    #[default]
    Prior,
    /// All of it: only the other parameters of the camera are estimated.
    Fixed,
}

impl From<Focal> for plumbline_adjustment::Focal {
    fn from(focal: Focal) -> Self {
        match focal {
            Focal::Free => Self::Free,
            Focal::Prior => Self::Prior,
            Focal::Fixed => Self::Fixed,
        }
    }
}

/// How a camera exposes the rows of a photo.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shutter {
    /// As the photos say; all at once where they do not.
    #[default]
    Auto,
    /// All at once.
    Global,
    /// One after the other, in a time that the adjustment finds.
    Rolling,
}

/// Arguments of `export`.
#[derive(Debug, Args)]
pub struct Export {
    /// Who shall read it.
    #[arg(value_enum)]
    pub format: Format,
    /// The folder given to `georeference --out`, `process --out` or `run --out`.
    pub run: PathBuf,
    /// Folder to write.
    #[arg(long)]
    pub out: PathBuf,
    /// Which epoch [default: the only one].
    #[arg(long)]
    pub epoch: Option<String>,
}

/// Forms of an exported block.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Format {
    /// COLMAP text model: `cameras.txt`, `images.txt`, `points3D.txt`.
    Colmap,
    /// `OpenSfM`: `reconstruction.json`, `reference_lla.json`.
    Opensfm,
    /// Positions and footprints of the photos for a GIS, WGS 84: `block.geojson`.
    Geojson,
}

/// Arguments of `photo-at`.
#[derive(Debug, Args)]
pub struct PhotoAt {
    /// The folder given to `georeference --out`, `process --out` or `run --out`.
    pub run: PathBuf,
    /// EASTING,NORTHING on the run's map, metres; with --wgs84 LONGITUDE,LATITUDE, degrees.
    #[arg(value_name = "X,Y", allow_hyphen_values = true, value_parser = pair)]
    pub at: (f64, f64),
    /// The place is given as longitude and latitude on WGS 84 / CGCS2000.
    ///
    /// 地点以经度、纬度给出。
    #[arg(long)]
    pub wgs84: bool,
    /// Height of the place in the run's heights, metres [default: that of the surface there].
    ///
    /// 该点高程（米）；不给出时取地表模型的高程。
    #[arg(long, value_name = "METRES", allow_negative_numbers = true)]
    pub height: Option<f64>,
    /// Which epoch [default: all].
    #[arg(long)]
    pub epoch: Option<String>,
    /// Folder for pieces of the photos that show the place, marked with a cross: `EPOCH/PHOTO_COL_ROW.jpg`.
    ///
    /// 把各照片中该点周围的原始像素裁出，并以十字标明。
    #[arg(long, value_name = "FOLDER")]
    pub crop: Option<PathBuf>,
    /// Print one JSON document instead of text.
    #[arg(long)]
    pub json: bool,
}

/// What to do with plans.
#[derive(Debug, Subcommand)]
pub enum Plan {
    /// Show what is in a plan file, what was understood of it, and how its coordinates may be meant where that is in doubt.
    ///
    /// 显示图册文件内容、读取结果，坐标存疑时列出可能的读法（须人工确认）。
    Inspect(InspectPlan),
}

/// Arguments of `plan inspect`. What they declare is what a `[[plan]]` of a project file declares.
#[derive(Debug, Args)]
pub struct InspectPlan {
    /// The plan: GeoPackage, Shapefile, file geodatabase, DXF, GeoJSON, or a table of coordinates (.csv, .txt).
    pub file: PathBuf,
    /// Layer map.
    #[arg(long)]
    pub layers: Option<PathBuf>,
    /// Its coordinate system, such as EPSG:4547 or GCJ-02 [default: what the file states].
    #[arg(long)]
    pub crs: Option<String>,
    /// Order of its coordinates: `east_north`, or `north_east` as surveyors write X and Y.
    #[arg(long, value_parser = axes)]
    pub axes: Option<Axes>,
    /// Unit of its coordinates: m, cm or mm.
    #[arg(long, value_parser = unit)]
    pub unit: Option<Unit>,
    /// Encoding of its texts where it states none, such as GBK.
    #[arg(long)]
    pub encoding: Option<String>,
    /// Standard uncertainty of its place, metres.
    #[arg(long, default_value_t = 0.02)]
    pub u_m: f64,
    /// Control points that place it: a line each, `name, x, y, east, north`.
    #[arg(long, conflicts_with = "register_outlines")]
    pub register_control: Option<PathBuf>,
    /// A file of outlines with a coordinate system, some of which it draws too, that place it.
    #[arg(long)]
    pub register_outlines: Option<PathBuf>,
    /// The map of the survey [default: the plan's own, or the UTM zone of its degrees].
    #[arg(long)]
    pub survey_crs: Option<String>,
    /// EAST,NORTH of the survey on its map: a plan far from it is refused.
    #[arg(long, value_name = "X,Y", allow_hyphen_values = true, value_parser = pair)]
    pub near: Option<(f64, f64)>,
    /// A file of outlines that are where they are: readings of the coordinates are measured against their corners.
    #[arg(long)]
    pub against: Option<PathBuf>,
    /// Draw what was understood: an .svg.
    #[arg(long, value_name = "FILE")]
    pub picture: Option<PathBuf>,
    /// Print one JSON document instead of text.
    #[arg(long)]
    pub json: bool,
}

fn axes(text: &str) -> Result<Axes, String> {
    let known = [Axes::EastNorth, Axes::NorthEast].into_iter().find(|axes| axes.name() == text);
    known.ok_or_else(|| "give east_north or north_east".to_owned())
}

fn unit(text: &str) -> Result<Unit, String> {
    let known =
        [Unit::Metre, Unit::Centimetre, Unit::Millimetre].into_iter().find(|unit| unit.symbol() == text);
    known.ok_or_else(|| "give m, cm or mm".to_owned())
}

/// Two numbers with a comma between them.
fn pair(text: &str) -> Result<(f64, f64), String> {
    let finite = |number: &str| number.trim().parse().ok().filter(|number: &f64| number.is_finite());
    let numbers = text.split_once(',').and_then(|(x, y)| finite(x).zip(finite(y)));
    numbers.ok_or_else(|| {
        "two numbers with a comma between them are wanted, such as 544893.1,4104198.9".to_owned()
    })
}

/// Arguments of `process`.
#[derive(Debug, Args)]
pub struct Process {
    /// Folder with the photos of one flight.
    pub folder: PathBuf,
    /// Where the products go; a run that was stopped resumes there.
    #[arg(long)]
    pub out: PathBuf,
    /// What goes with the folder.
    #[command(flatten)]
    pub options: FolderOptions,
    /// Only a first look, for use on site: surface model and orthophoto in cells four times as large, in
    /// `epochs/ID/quick`; the same command without this goes on from there.
    ///
    /// 现场速览：只生成粗格网的地表模型与正射影像；以后不带该选项再运行，即得全分辨率成果。
    #[arg(long)]
    pub quick: bool,
    /// Print the run record as JSON when done.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `run`.
#[derive(Debug, Args)]
pub struct Run {
    /// The project file.
    pub project: PathBuf,
    /// Where the products go; a run that was stopped resumes there.
    #[arg(long)]
    pub out: PathBuf,
    /// Print the run record as JSON when done.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `ledger`.
#[derive(Debug, Args)]
pub struct Ledger {
    /// The folder given to `run --out`.
    pub run: PathBuf,
    /// Which book.
    #[arg(long, value_enum, default_value_t = Book::Findings)]
    pub book: Book,
    /// How it is printed: a table of its main columns for people, or every column for other programs.
    #[arg(long, value_enum, default_value_t = Printed::Text)]
    pub format: Printed,
}

/// The books of a run.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Book {
    /// What does not fit the plan, with its lead, its dates and whether it still holds: 疑点.
    Findings,
    /// The stage of every approved building at every date, with the quantities behind it: 施工阶段.
    Stages,
    /// How much of every approved site each flight covered, and for how long it was not flown: 巡查覆盖.
    Coverage,
    /// Mismatches by area, kind and month - opened, closed, open, confirmed: 倾向性问题.
    Trends,
}

/// Ways to print a table.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Printed {
    /// For people.
    Text,
    /// Comma-separated values with a line of names (RFC 4180).
    Csv,
    /// A list of objects.
    Json,
}

/// Arguments of `dossier`.
#[derive(Debug, Args)]
pub struct Dossier {
    /// The folder given to `run --out`.
    pub run: PathBuf,
    /// Identifier of a lead [default: every lead of the run].
    pub lead: Option<String>,
    /// Folder to write the PDFs into.
    #[arg(long)]
    pub out: PathBuf,
}

/// Arguments of `status`.
#[derive(Debug, Args)]
pub struct Status {
    /// The folder given to `run --out` or `process --out`.
    pub out: PathBuf,
    /// Print JSON instead of text.
    #[arg(long)]
    pub json: bool,
}
