use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use plumbline_custody::{Digest, Digests, Hashing, Receipt, Verifier};
use zip::ZipArchive;

use super::parts::{DOCUMENTS, FILES, KEY, LIST, PAGE, RECEIPTS};
use crate::verify::Expected;
use crate::{Error, Event, StoredFile};

/// Largest part that is read into memory, bytes: receipts and documents are small.
const LARGEST: u64 = 16 << 20;

/// Something in a bundle that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BundleFault {
    /// The key in the bundle is not the one that was expected.
    Key,
    /// A part that every bundle has, or that a document speaks of, is missing.
    Missing {
        /// Its path.
        path: String,
    },
    /// A receipt is not one of the log.
    Receipt {
        /// Its path.
        path: String,
        /// What is wrong with it.
        why: String,
    },
    /// A document is not as the newest receipt of its subject says, or has no receipt.
    Document {
        /// Its path.
        path: String,
        /// What it is of.
        subject: String,
    },
    /// A file is not what its document says.
    File {
        /// Its path.
        path: String,
    },
    /// A part that belongs to nothing.
    Stray {
        /// Its path.
        path: String,
    },
}

/// The parts of a bundle: texts by path, digests of all others.
#[derive(Default)]
struct Bundle {
    texts: BTreeMap<String, String>,
    files: BTreeMap<String, Digests>,
}

/// Checks a bundle, a folder or a zip, with nothing but itself: every document and file against its receipts, every receipt against the log's
/// signature. Whose log it is only the key tells: give the one that was published, or compare `log.pub` with it.
pub fn verify_bundle(bundle: &Path, published: Option<&Verifier>) -> Result<Vec<BundleFault>, Error> {
    let read = if bundle.is_dir() { Bundle::folder(bundle) } else { Bundle::zip(bundle) };
    let read = read.map_err(|source| Error::Read { path: bundle.to_owned(), source })?;
    let mut faults = Vec::new();
    let key: Option<Verifier> = read.texts.get(KEY).and_then(|text| text.trim().parse().ok());
    let Some(key) = key else { return Ok(vec![BundleFault::Missing { path: KEY.to_owned() }]) };
    if published.is_some_and(|published| *published != key) {
        faults.push(BundleFault::Key);
    }
    let expected = read.receipts(&key, &mut faults);
    read.check(expected, &mut faults);
    Ok(faults)
}

impl Bundle {
    fn folder(folder: &Path) -> io::Result<Self> {
        let mut read = Self::default();
        let mut open = vec![folder.to_owned()];
        while let Some(next) = open.pop() {
            for entry in fs::read_dir(next)? {
                let path = entry?.path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().into_owned();
                    read.take(&name, File::open(&path)?)?;
                }
            }
        }
        Ok(read)
    }

    /// Nothing is unpacked: whatever a name in the zip says, no file is written.
    fn zip(path: &Path) -> io::Result<Self> {
        let mut read = Self::default();
        let mut zip = ZipArchive::new(File::open(path)?)?;
        for i in 0..zip.len() {
            let part = zip.by_index(i)?;
            let name = part.name()?.into_owned();
            read.take(&name, part)?;
        }
        Ok(read)
    }

    fn take(&mut self, name: &str, part: impl Read) -> io::Result<()> {
        if name.starts_with(&format!("{FILES}/")) {
            let mut hashing = Hashing::into(io::sink());
            io::copy(&mut { part }, &mut hashing)?;
            self.files.insert(name.to_owned(), hashing.finish().1);
        } else {
            let mut text = String::new();
            part.take(LARGEST).read_to_string(&mut text)?;
            self.texts.insert(name.to_owned(), text);
        }
        Ok(())
    }

    /// Follows the events that receipts prove.
    fn receipts(&self, key: &Verifier, faults: &mut Vec<BundleFault>) -> Expected {
        let mut events: Vec<Event> = Vec::new();
        for (path, text) in self.texts.iter().filter(|(path, _)| path.starts_with(&format!("{RECEIPTS}/"))) {
            let event = Receipt::parse(text, key).map_err(|error| error.to_string()).and_then(|receipt| {
                serde_json::from_slice(receipt.entry()).map_err(|error| error.to_string())
            });
            match event {
                Ok(event) => events.push(event),
                Err(why) => faults.push(BundleFault::Receipt { path: path.clone(), why }),
            }
        }
        events.sort_by_key(|event| event.seq);
        let mut expected = Expected::default();
        for event in &events {
            expected.follow(event);
        }
        expected
    }

    /// Holds documents against events, and files against documents.
    fn check(&self, mut expected: Expected, faults: &mut Vec<BundleFault>) {
        let list = self.texts.get(LIST).and_then(|text| serde_json::from_str(text).ok());
        let Some(list): Option<BTreeMap<String, String>> = list else {
            return faults.push(BundleFault::Missing { path: LIST.to_owned() });
        };
        let mut known: BTreeSet<String> = [KEY, LIST, PAGE].map(str::to_owned).into();
        for (path, subject) in list {
            let Some(text) = self.texts.get(&path) else {
                faults.push(BundleFault::Missing { path });
                continue;
            };
            if expected.take(&subject) != Some(Digest::of(text.as_bytes()).to_string()) {
                faults.push(BundleFault::Document { path: path.clone(), subject: subject.clone() });
            }
            if subject.starts_with("file:")
                && let Ok(file) = serde_json::from_str::<StoredFile>(text)
            {
                known.insert(self.check_file(&file, faults));
            }
            known.insert(path);
        }
        faults.extend(expected.left().map(|subject| BundleFault::Missing { path: subject }));
        let strays = self.texts.keys().chain(self.files.keys());
        let strays =
            strays.filter(|path| !known.contains(*path) && !path.starts_with(&format!("{RECEIPTS}/")));
        faults.extend(strays.map(|path| BundleFault::Stray { path: path.clone() }));
        if !self.texts.keys().any(|path| path.starts_with(&format!("{DOCUMENTS}/"))) {
            faults.push(BundleFault::Missing { path: DOCUMENTS.to_owned() });
        }
    }

    /// Holds a file against its document; returns its path.
    fn check_file(&self, file: &StoredFile, faults: &mut Vec<BundleFault>) -> String {
        let path = format!("{FILES}/{}.{}", file.sha256, file.extension);
        match self.files.get(&path) {
            None => faults.push(BundleFault::Missing { path: path.clone() }),
            Some(found) if found.sha256.to_string() != file.sha256 || found.sm3.to_string() != file.sm3 => {
                faults.push(BundleFault::File { path: path.clone() });
            }
            Some(_) => {}
        }
        path
    }
}

impl fmt::Display for BundleFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key => write!(f, "{KEY} is not the key that was published"),
            Self::Missing { path } => write!(f, "{path} is missing"),
            Self::Receipt { path, why } => write!(f, "{path} proves nothing: {why}"),
            Self::Document { path, subject } => write!(f, "{path} is not {subject} as it was logged last"),
            Self::File { path } => write!(f, "{path} was altered"),
            Self::Stray { path } => write!(f, "{path} does not belong to the bundle"),
        }
    }
}
