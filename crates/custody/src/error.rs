use std::io;
use std::path::PathBuf;

/// What can go wrong with evidence and its log.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be read.
    #[error("cannot read {path}: is it there and readable?")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A file or folder could not be written.
    #[error("cannot write {path}: is the disk full or the folder read-only?")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A stored file is no longer what was stored.
    #[error("{path} was altered: its content hashes to {found}; restore it from a backup")]
    Altered {
        /// The file.
        path: PathBuf,
        /// SHA-256 of what lies there now.
        found: String,
    },
    /// A bucket cannot be used.
    #[error(
        "{url} is no bucket that can be used: {why}; it is written s3://bucket/prefix, with the endpoint and keys beside it or in AWS_… variables"
    )]
    NoBucket {
        /// Its address as it was given.
        url: String,
        /// What is wrong.
        why: String,
    },
    /// An object could not be carried to or from its bucket.
    #[error("cannot carry {object}: are the network, the bucket, its endpoint and its keys right?")]
    Bucket {
        /// The object.
        object: PathBuf,
        /// What the network or the bucket said.
        #[source]
        source: io::Error,
    },
    /// A text that should be a digest is none.
    #[error("{text:?} is no digest: 64 hexadecimal digits are needed")]
    NoDigest {
        /// What was given.
        text: String,
    },
    /// An entry is longer than a bundle can hold.
    #[error("entry {number} has {length} bytes: an entry of the log may have 65535; log its digest instead")]
    EntryTooLong {
        /// Number of the entry in the log.
        number: u64,
        /// Its length, bytes.
        length: usize,
    },
    /// A text that should be a key is none.
    #[error("this is no key of a log: {why}; copy it again, whole")]
    NoKey {
        /// What is wrong.
        why: &'static str,
    },
    /// A private key can be read by others than its owner.
    #[error(
        "{path} can be read by others (mode {mode:o}): chmod 600 {path}, and make a new key if anybody else was here"
    )]
    KeyExposed {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// There is a log already.
    #[error("{folder} holds a log already: open it, or choose another folder")]
    Exists {
        /// The folder.
        folder: PathBuf,
    },
    /// A checkpoint is damaged, or that of another log.
    #[error("this is no checkpoint of {log}: {why}; restore it from a backup")]
    BadCheckpoint {
        /// Name of the log.
        log: String,
        /// What is wrong.
        why: &'static str,
    },
    /// A file of the log does not fit its checkpoint.
    #[error(
        "{path} does not fit the log's checkpoint: verify the log and restore what it names from a backup"
    )]
    Damaged {
        /// The file, or the folder of the log.
        path: PathBuf,
    },
    /// Another process has appended to the log.
    #[error("the log has grown from {had} to {has} entries meanwhile: append what is still missing")]
    Grown {
        /// Entries that were known.
        had: u64,
        /// Entries that the log has now.
        has: u64,
    },
    /// An entry or size beyond the end of the log.
    #[error("{number} lies beyond the end of the log, which has {size} entries")]
    BeyondEnd {
        /// What was asked for.
        number: u64,
        /// Number of entries.
        size: u64,
    },
    /// The log does not continue the one that a checkpoint was kept of.
    #[error(
        "the log of {size} entries does not continue the one of {kept} entries that was kept: it was rolled back or rewritten; restore it from a backup"
    )]
    NotContinued {
        /// Entries under the kept checkpoint.
        kept: u64,
        /// Entries of the log.
        size: u64,
    },
    /// A receipt is damaged or proves nothing.
    #[error("this receipt proves nothing: {why}; ask for a new one")]
    BadReceipt {
        /// What is wrong.
        why: &'static str,
    },
}
