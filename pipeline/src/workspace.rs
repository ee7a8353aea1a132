//! Where a run keeps what.

use std::path::{Path, PathBuf};

use crate::error::Error;

/// The folder given to `--out`.
#[derive(Debug, Clone)]
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Paths below a folder.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path as it reads below the folder.
    pub fn below<'a>(&self, path: &'a Path) -> &'a Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }

    /// Results of tasks, found by key; may be deleted when a run is done.
    pub fn store(&self) -> PathBuf {
        self.root.join("work")
    }

    /// How far the run has come.
    pub fn status(&self) -> PathBuf {
        self.root.join("work").join("status.json")
    }

    /// Products of one epoch.
    pub fn epoch(&self, id: &str) -> EpochFiles {
        EpochFiles { folder: self.root.join("epochs").join(id) }
    }

    /// Names of the epochs that are there, in order.
    pub fn epochs(&self) -> Vec<String> {
        let folders = std::fs::read_dir(self.root.join("epochs")).into_iter().flatten().flatten();
        let mut names: Vec<String> =
            folders.map(|folder| folder.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// Findings for maps.
    pub fn findings_geojson(&self) -> PathBuf {
        self.root.join("findings.geojson")
    }

    /// Findings for tables.
    pub fn findings_parquet(&self) -> PathBuf {
        self.root.join("findings.parquet")
    }

    /// The construction stages of the approved buildings.
    pub fn stages(&self) -> PathBuf {
        self.root.join("stages.parquet")
    }

    /// Outlines of the approved plan, GeoJSON.
    pub fn plan(&self) -> PathBuf {
        self.root.join("plan.geojson")
    }

    /// When which site was flown.
    pub fn coverage(&self) -> PathBuf {
        self.root.join("coverage.parquet")
    }

    /// Mismatches by area, kind and month.
    pub fn trends(&self) -> PathBuf {
        self.root.join("trends.parquet")
    }

    /// Pictures of findings.
    pub fn pictures(&self) -> PathBuf {
        self.root.join("pictures")
    }

    /// The shared catalog.
    pub fn catalog(&self) -> PathBuf {
        self.root.join("catalog")
    }

    /// The page for people.
    pub fn report(&self) -> PathBuf {
        self.root.join("report.html")
    }

    /// What the run did.
    pub fn record(&self) -> PathBuf {
        self.root.join("run.json")
    }
}

/// Products of one epoch.
#[derive(Debug, Clone)]
pub struct EpochFiles {
    folder: PathBuf,
}

impl EpochFiles {
    /// The same products in coarse cells, for a first look on site.
    pub fn quick(&self) -> Self {
        Self { folder: self.folder.join("quick") }
    }

    /// Makes the folder that holds them.
    pub fn make_folder(&self) -> Result<(), Error> {
        std::fs::create_dir_all(&self.folder).map_err(|source| Error::io("create", &self.folder, source))
    }

    /// Heights of the surface.
    pub fn dsm(&self) -> PathBuf {
        self.folder.join("dsm.tif")
    }

    /// Their standard uncertainty.
    pub fn dsm_sigma(&self) -> PathBuf {
        self.folder.join("dsm_sigma.tif")
    }

    /// What they rest on, or why there is none.
    pub fn dsm_basis(&self) -> PathBuf {
        self.folder.join("dsm_basis.tif")
    }

    /// Heights of the bare earth.
    pub fn dtm(&self) -> PathBuf {
        self.folder.join("dtm.tif")
    }

    /// Heights of the surface above the bare earth.
    pub fn ndsm(&self) -> PathBuf {
        self.folder.join("ndsm.tif")
    }

    /// By how much the surface is higher than that of the epoch it was compared with.
    pub fn rise(&self) -> PathBuf {
        self.folder.join("rise.tif")
    }

    /// True orthophoto.
    pub fn ortho(&self) -> PathBuf {
        self.folder.join("ortho.tif")
    }

    /// Which photo each cell of the orthophoto comes from.
    pub fn ortho_source(&self) -> PathBuf {
        self.folder.join("ortho_source.tif")
    }

    /// How the photos were placed.
    pub fn block(&self) -> PathBuf {
        self.folder.join("block.json")
    }

    /// The same, for people.
    pub fn block_page(&self) -> PathBuf {
        self.folder.join("block.html")
    }

    /// The sparse points of the block and the pixels that saw them.
    pub fn tracks(&self) -> PathBuf {
        self.folder.join("tracks.parquet")
    }
}
