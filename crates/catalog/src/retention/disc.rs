use chrono::{DateTime, Utc};
use plumbline_custody::Stored;
use serde::{Deserialize, Serialize};

/// Name of the list of files on a disc; it is of the form that `sha256sum --check` reads.
pub const MANIFEST: &str = "MANIFEST.sha256";

/// Bytes of a Blu-ray disc of one layer, less what its file system takes.
const BLU_RAY_BYTES: u64 = 24_500_000_000;

/// How discs are named, and what they hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiscRules {
    /// What their names begin with.
    pub label: String,
    /// Bytes that one holds.
    pub bytes: u64,
}

/// A disc that is to be burned (刻录计划).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disc {
    /// Its name, which stands on its label and in its file system, such as `PL-2025-001`.
    pub volume: String,
    /// Its files.
    pub files: Vec<DiscFile>,
}

/// A file that is to be on a disc.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscFile {
    /// The file; it lies on the disc as it lies in the store.
    pub stored: Stored,
    /// The item that is kept for good: `COLLECTION/ID`.
    pub item: String,
}

/// A disc that was burned and read again (光盘登记).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BurnedDisc {
    /// Its name.
    pub volume: String,
    /// SHA-256 of its list of files, in hexadecimal.
    pub manifest_sha256: String,
    /// SHA-256 of each of its files.
    pub files: Vec<String>,
    /// Cabinet and slot.
    pub place: String,
    /// Each time that it was read from end to end and every byte was right: after burning, and every year (档案法实施条例 41).
    pub checks: Vec<DiscCheck>,
}

/// Who read a disc from end to end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiscCheck {
    /// Who.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Default for DiscRules {
    fn default() -> Self {
        Self { label: "PL".to_owned(), bytes: BLU_RAY_BYTES }
    }
}

impl Disc {
    /// Size of its files, bytes.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.stored.size).sum()
    }

    /// The list of its files.
    pub fn manifest(&self) -> String {
        let line = |file: &DiscFile| [file.stored.sha256.to_string(), file.stored.path()].join("  ") + "\n";
        self.files.iter().map(line).collect()
    }

    /// What stands on its label and on the sheet in its box.
    pub fn label(&self) -> String {
        let item = |file: Option<&DiscFile>| file.map(|file| file.item.clone()).unwrap_or_default();
        format!(
            "卷号 volume: {}\n文件 files: {}, {} 字节 bytes\n首件 first: {}\n末件 last: {}\n刻录人 burned by: ________  日期 date: ________\n\
             柜号 cabinet and slot: ________\n校验 verify: sha256sum --check {MANIFEST}\n",
            self.volume,
            self.files.len(),
            self.bytes(),
            item(self.files.first()),
            item(self.files.last()),
        )
    }
}
