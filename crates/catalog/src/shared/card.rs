use std::path::Path;

use plumbline_custody::{Digest, EvidenceStore, Stored, files_under};
use serde_json::json;

use super::{Act, Catalog, blocking};
use crate::Error;

/// What came from a memory card.
#[derive(Debug, Default)]
pub struct Imported {
    /// Files that are in the store and were found equal on both sides.
    pub files: usize,
    /// Their size, bytes.
    pub bytes: u64,
    /// Those of them that the catalog did not have.
    pub new: usize,
    /// What went wrong, a file each.
    pub faults: Vec<Error>,
}

impl Imported {
    /// Whether the card may be erased: it had files, and each of them is safe.
    pub fn may_be_erased(&self) -> bool {
        self.files > 0 && self.faults.is_empty()
    }
}

impl Catalog {
    /// Takes in a memory card of a flight or of another recording (采集站): every file is copied into the store, then read again on the card and
    /// in the store and compared. A file that fails is named and stops no other; the same card again changes nothing.
    pub async fn import_card(&self, act: &Act<'_>, card: &Path, flight: &str) -> Result<Imported, Error> {
        let names = files_under(card).map_err(|source| Error::Read { path: card.to_owned(), source })?;
        let mut imported = Imported::default();
        for name in names {
            let _filing = self.filing().await?;
            let (path, store) = (card.join(&name), self.store().clone());
            match blocking(move || copied(&store, &path)).await {
                Ok(stored) => {
                    let is_new = self.file_original(act, &stored, &format!("{flight}/{name}")).await?;
                    imported.files += 1;
                    imported.bytes += stored.size;
                    imported.new += usize::from(is_new);
                }
                Err(fault) => imported.faults.push(fault),
            }
        }
        let said = json!({
            "files": imported.files, "bytes": imported.bytes, "new": imported.new, "faults": imported.faults.len(),
        });
        self.note(act, "CARD_IMPORTED", &format!("flight:{flight}"), said).await?;
        Ok(imported)
    }
}

/// Copies a file into the store, which reads its copy again, and reads the file again too.
fn copied(store: &EvidenceStore, path: &Path) -> Result<Stored, Error> {
    let stored = store.store_file(path)?;
    let (again, _) = Digest::of_file(path)?;
    if again == stored.sha256 {
        Ok(stored)
    } else {
        Err(Error::Altered { path: path.to_owned(), found: again.to_string() })
    }
}
