use plumbline_custody::{Checkpoint, LogCheck, LogFault, StoreFault};
use sqlx::Row;

use super::expected::Expected;
use crate::shared::blocking;
use crate::{Catalog, Error, Event, Fault, StoredFile};

/// Entries of a bundle of the log: one that is damaged does not hide the next.
const BUNDLE: u64 = 256;

impl Catalog {
    /// Hashes every stored file, document and event again, and follows the custody log from end to end; against a checkpoint that was kept
    /// elsewhere, also whether the catalog was rolled back or rewritten since. Returns everything that does not fit, by name.
    pub async fn verify(&self, kept: Option<&Checkpoint>) -> Result<Vec<Fault>, Error> {
        let turn = self.turn().await;
        let (folder, verifier, kept) = (self.place().log(), self.verifier()?, kept.cloned());
        let check = move || Ok(LogCheck::of(&folder, &verifier, kept.as_ref()));
        // An append that was interrupted left parts beyond the checkpoint: they belong to nothing, and the next append removes them.
        let matters = |fault: &LogFault| !matches!(fault, LogFault::Unfinished { .. });
        let mut faults: Vec<Fault> =
            blocking(check).await?.into_iter().filter(matters).map(Fault::Log).collect();
        let mut expected = self.follow(&mut faults).await?;
        self.check_tables(&mut expected, &mut faults).await?;
        drop(turn);
        faults.extend(expected.left().map(|subject| Fault::Gone { subject }));
        faults.extend(self.check_store().await?);
        Ok(faults)
    }

    /// Follows the history as the log has it, and holds the table of events against it.
    async fn follow(&self, faults: &mut Vec<Fault>) -> Result<Expected, Error> {
        let mut expected = Expected::default();
        let logged = self.log().size();
        let mut first = 0;
        loop {
            let rows = self.entries(first, first + BUNDLE).await?;
            let entries = self.logged(first..(first + BUNDLE).min(logged));
            if rows.is_empty() && first >= logged {
                return Ok(expected);
            }
            for seq in first..first + BUNDLE {
                let row = rows.iter().find(|(own, _)| *own == seq).map(|(_, entry)| entry.as_str());
                let entry = entries.as_ref().and_then(|all| all.get((seq - first) as usize));
                let entry = entry.and_then(|entry| std::str::from_utf8(entry).ok());
                match (row, entry) {
                    (Some(row), Some(entry)) if row != entry => faults.push(Fault::Event { seq }),
                    (Some(_), None) if seq >= logged => faults.push(Fault::Event { seq }),
                    (None, _) if seq < logged => faults.push(Fault::EventGone { seq }),
                    _ => {}
                }
                if let Some(Ok(event)) = entry.or(row).map(serde_json::from_str::<Event>) {
                    expected.follow(&event);
                }
            }
            first += BUNDLE;
        }
    }

    /// Rows of the table of events, with their numbers.
    async fn entries(&self, from: u64, to: u64) -> Result<Vec<(u64, String)>, Error> {
        let rows = sqlx::query("SELECT seq, entry FROM events WHERE seq >= $1 AND seq < $2 ORDER BY seq")
            .bind(from as i64)
            .bind(to as i64)
            .fetch_all(&self.tables().readers)
            .await
            .map_err(|source| self.refused(source))?;
        let read = |row: &sqlx::any::AnyRow| Ok((row.try_get::<i64, _>(0)? as u64, row.try_get(1)?));
        rows.iter().map(read).collect::<Result<_, _>>().map_err(|source| self.refused(source))
    }

    /// Entries of the log; none where they cannot be read, which the check of the log has named.
    fn logged(&self, range: std::ops::Range<u64>) -> Option<Vec<Vec<u8>>> {
        self.log().entries(range).collect::<Result<_, _>>().ok()
    }

    /// Hashes every stored file again. What lies in the store and what should are told at one moment, at which nothing is being filed.
    async fn check_store(&self) -> Result<Vec<Fault>, Error> {
        let moment = self.nothing_being_filed().await?;
        let files: Vec<StoredFile> = self.documents("file", None).await?;
        let store = self.store().clone();
        let listing = blocking(move || Ok(store.list()?)).await?;
        drop(moment);
        let store = self.store().clone();
        let check = move || {
            let known = files.iter().filter_map(|file| file.stored().ok());
            let faults = store.check_all(known, listing);
            let name = |fault: &StoreFault| {
                let file = files.iter().find(|file| fault.path().contains(&file.sha256));
                file.map(|file| file.name.clone())
            };
            Ok(faults.into_iter().map(|fault| Fault::File { name: name(&fault), fault }).collect())
        };
        blocking(check).await
    }
}
