use std::fs::File;

use super::{Catalog, blocking};
use crate::{Error, Place};

/// While a file is in the store and not in the tables yet, whoever files it holds one; dropped, or its program killed, it ends.
#[derive(Debug)]
pub struct Filing {
    _lock: File,
}

impl Filing {
    async fn locked(place: &Place, lock: fn(&File) -> std::io::Result<()>) -> Result<Self, Error> {
        let path = place.path().join("filing");
        blocking(move || {
            let open = || File::options().create(true).append(true).open(&path);
            let locked = open().and_then(|file| lock(&file).map(|()| Self { _lock: file }));
            locked.map_err(|source| Error::Write { path, source })
        })
        .await
    }
}

impl Catalog {
    /// To be held from before a file is stored until it is filed: a file that is in the store alone is one that somebody has slipped in.
    /// Waits while somebody looks through the store; any number may file at the same time, programs too.
    pub async fn filing(&self) -> Result<Filing, Error> {
        Filing::locked(self.place(), File::lock_shared).await
    }

    /// Waits until nothing is being filed, and lets nobody begin.
    pub(crate) async fn nothing_being_filed(&self) -> Result<Filing, Error> {
        Filing::locked(self.place(), File::lock).await
    }
}
