use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use plumbline_custody::durable::{remove, sync_folder};
use tokio::sync::OwnedMutexGuard;

use crate::durable::{read_json, write_json};
use crate::upload::offer::Offer;
use crate::{Error, Problem};

/// Uploads under way, three files each: the offer `ID.json`, the bytes `ID.part.jpg`, and while a chunk with a checksum comes in
/// the length before it, `ID.mark`.
#[derive(Debug)]
pub(crate) struct Vault {
    folder: PathBuf,
    locks: Mutex<BTreeMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

/// Held by the one request that works on an upload.
pub(super) type Held = OwnedMutexGuard<()>;

impl Vault {
    /// The uploads in a folder, which is made.
    pub fn open(folder: PathBuf) -> Result<Self, Error> {
        let made = fs::create_dir_all(&folder);
        made.map_err(|source| Error::Folder { path: folder.clone(), source })?;
        Ok(Self { folder, locks: Mutex::default() })
    }

    /// Begins an upload: empty bytes first, then the offer, so that whatever is known has bytes.
    pub fn begin(&self, offer: &Offer) -> io::Result<()> {
        File::create_new(self.part(offer))?.sync_all()?;
        write_json(&self.record(&offer.id), offer)
    }

    /// Keeps what has become of an upload.
    pub fn keep(&self, offer: &Offer) -> io::Result<()> {
        write_json(&self.record(&offer.id), offer)
    }

    /// An upload by its identifier, whatever that is.
    pub fn find(&self, id: &str) -> Result<Option<Offer>, Problem> {
        let fits = id.len() == 32 && id.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'));
        let found = if fits { read_json(&self.record(id)) } else { Ok(None) };
        found.map_err(Problem::internal)
    }

    /// Every upload, oldest name first.
    pub fn all(&self) -> io::Result<Vec<Offer>> {
        let mut names: Vec<PathBuf> =
            fs::read_dir(&self.folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
        names.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
        names.sort();
        names.iter().filter_map(|path| read_json(path).transpose()).collect()
    }

    /// Takes an upload for one request; a second one at the same time is refused.
    pub fn hold(&self, id: &str) -> Result<Held, Problem> {
        let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
        locks.retain(|_, lock| Arc::strong_count(lock) > 1);
        let lock = locks.entry(id.to_owned()).or_default().clone();
        lock.try_lock_owned().map_err(|_| {
            let (zh, en) = ("该文件正在上传", "another request is sending this file");
            Problem::new(StatusCode::LOCKED, "UploadInUse", zh, en)
        })
    }

    /// How many bytes are there for good: the length of the file itself, whatever the server remembers. A chunk whose checksum could
    /// not be looked at any more is cut off.
    pub fn offset(&self, offer: &Offer) -> io::Result<u64> {
        if offer.stored.is_some() {
            return Ok(offer.length);
        }
        let file = OpenOptions::new().write(true).open(self.part(offer))?;
        if let Some(before) = read_json::<u64>(&self.mark(&offer.id))? {
            file.set_len(before.min(file.metadata()?.len()))?;
        }
        file.sync_all()?;
        remove(&self.mark(&offer.id))?;
        Ok(file.metadata()?.len())
    }

    /// Opens the bytes to add to them.
    pub fn append(&self, offer: &Offer) -> io::Result<File> {
        OpenOptions::new().append(true).open(self.part(offer))
    }

    /// Notes the length before a chunk that counts only as a whole.
    pub fn set_mark(&self, offer: &Offer, before: u64) -> io::Result<()> {
        write_json(&self.mark(&offer.id), &before)
    }

    /// The chunk counts.
    pub fn clear_mark(&self, offer: &Offer) -> io::Result<()> {
        remove(&self.mark(&offer.id)).and_then(|()| sync_folder(&self.folder))
    }

    /// Removes the bytes, which are in the store now.
    pub fn drop_bytes(&self, offer: &Offer) -> io::Result<()> {
        remove(&self.part(offer))
    }

    /// Forgets an upload: the offer first, so that what is known always has bytes.
    pub fn forget(&self, offer: &Offer) -> io::Result<()> {
        remove(&self.record(&offer.id))?;
        sync_folder(&self.folder)?;
        remove(&self.mark(&offer.id))?;
        remove(&self.part(offer))
    }

    /// Forgets what lay too long, and bytes that no offer knows; returns how many there were.
    pub fn sweep(&self, now: DateTime<Utc>) -> io::Result<usize> {
        let all = self.all()?;
        let (lapsed, kept): (Vec<Offer>, Vec<Offer>) = all.into_iter().partition(|offer| offer.until < now);
        let mut swept = 0;
        for offer in &lapsed {
            if let Ok(_held) = self.hold(&offer.id) {
                self.forget(offer)?;
                swept += 1;
            }
        }
        for path in self.strays(&kept)? {
            remove(&path)?;
            swept += 1;
        }
        Ok(swept)
    }

    /// Bytes without an offer: the server was killed between the two. Younger ones may have an offer in a moment.
    fn strays(&self, kept: &[Offer]) -> io::Result<Vec<PathBuf>> {
        let known = |path: &Path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            kept.iter().any(|offer| name.starts_with(&offer.id))
        };
        let old = |path: &Path| {
            let age = path.metadata().and_then(|m| m.modified()).map(|time| time.elapsed());
            age.is_ok_and(|age| age.is_ok_and(|age| age.as_secs() > 3600))
        };
        let paths = fs::read_dir(&self.folder)?.map(|entry| Ok(entry?.path()));
        paths.filter(|path| path.as_ref().map_or(true, |path| !known(path) && old(path))).collect()
    }

    /// Where the bytes lie.
    pub fn part(&self, offer: &Offer) -> PathBuf {
        self.folder.join(format!("{}.part.{}", offer.id, offer.ending))
    }

    fn record(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.json"))
    }

    fn mark(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.mark"))
    }
}
