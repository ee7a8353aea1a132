use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use futures_util::TryStreamExt as _;
use object_store::aws::AmazonS3Builder;
use object_store::buffered::BufWriter;
use object_store::path::Path as Name;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt as _, ObjectStoreScheme};
use tokio::io::{AsyncWriteExt as _, BufReader};
use tokio::runtime::Runtime;
use url::Url;

use crate::{Digests, Error, Hashing};

/// Bytes that are read from the disk at once on their way into the bucket.
const PIECE: usize = 1 << 20;

/// A bucket of object storage (S3 and what speaks like it), or a part of one. Whoever calls waits for the network.
#[derive(Debug, Clone)]
pub(crate) struct Bucket {
    url: String,
    objects: Arc<dyn ObjectStore>,
    network: &'static Runtime,
}

impl Bucket {
    /// The bucket at `s3://bucket/prefix`. Settings are those of `object_store`, such as `aws_endpoint`; what they leave open the
    /// environment says (`AWS_…`).
    pub fn at(url: &str, settings: impl IntoIterator<Item = (String, String)>) -> Result<Self, Error> {
        let refused = |why: String| Error::NoBucket { url: url.to_owned(), why };
        let objects = objects(url, settings).map_err(refused)?;
        let network = network().map_err(|error| refused(error.to_string()))?;
        Ok(Self { url: url.trim_end_matches('/').to_owned(), objects, network })
    }

    /// Where an object is, for messages.
    pub fn place(&self, name: &str) -> PathBuf {
        PathBuf::from(format!("{}/{name}", self.url))
    }

    /// Copies a file of this machine into the bucket; cut off half-way, there is no object.
    pub fn write(&self, file: &Path, name: &str) -> Result<(), Error> {
        let copied = self.network.block_on(async {
            let file = tokio::fs::File::open(file).await?;
            let mut object = BufWriter::new(Arc::clone(&self.objects), Name::from(name));
            let copied = tokio::io::copy_buf(&mut BufReader::with_capacity(PIECE, file), &mut object).await;
            if copied.is_err() {
                object.abort().await?;
            }
            copied?;
            object.shutdown().await
        });
        copied.map_err(|source| self.failed(name, source))
    }

    /// Copies an object into a writer and hashes it on the way; none where there is no such object.
    pub fn read<W: Write>(&self, name: &str, into: W) -> Result<Option<(W, Digests)>, Error> {
        let read = self.network.block_on(async {
            let mut pieces = self.objects.get(&Name::from(name)).await?.into_stream();
            let mut hashing = Hashing::into(into);
            while let Some(piece) = pieces.try_next().await? {
                hashing.write_all(&piece)?;
            }
            Ok(hashing.finish())
        });
        match read {
            Ok(read) => Ok(Some(read)),
            Err(source) if is_missing(&source) => Ok(None),
            Err(source) => Err(self.failed(name, source)),
        }
    }

    /// Digests of an object; none where there is no such object.
    pub fn digests(&self, name: &str) -> Result<Option<Digests>, Error> {
        Ok(self.read(name, io::sink())?.map(|(_, digests)| digests))
    }

    /// Names of all objects.
    pub fn list(&self) -> Result<Vec<String>, Error> {
        let objects = self.objects.list(None).map_ok(|object| object.location.to_string());
        self.network.block_on(objects.try_collect()).map_err(|error| self.failed("", error.into()))
    }

    /// Removes an object; one that has gone already is fine.
    pub fn remove(&self, name: &str) -> Result<(), Error> {
        let removed = self.network.block_on(self.objects.delete(&Name::from(name))).map_err(io::Error::from);
        match removed {
            Err(source) if !is_missing(&source) => Err(self.failed(name, source)),
            _ => Ok(()),
        }
    }

    fn failed(&self, name: &str, source: io::Error) -> Error {
        Error::Bucket { object: self.place(name), source }
    }
}

/// The objects at an address; why there are none.
fn objects(
    url: &str,
    settings: impl IntoIterator<Item = (String, String)>,
) -> Result<Arc<dyn ObjectStore>, String> {
    let address = Url::parse(url).map_err(|error| error.to_string())?;
    let (_, prefix) = ObjectStoreScheme::parse(&address).map_err(|error| error.to_string())?;
    let mut builder = AmazonS3Builder::from_env().with_url(url);
    for (name, value) in settings {
        builder =
            builder.with_config(name.parse().map_err(|_| format!("it has no setting {name:?}"))?, value);
    }
    let bucket = builder.build().map_err(|error| error.to_string())?;
    Ok(Arc::new(PrefixStore::new(bucket, prefix)))
}

/// What waits for the network: one for the process, as a program that ends cannot take it down from within another.
fn network() -> io::Result<&'static Runtime> {
    static NETWORK: OnceLock<Runtime> = OnceLock::new();
    if let Some(network) = NETWORK.get() {
        return Ok(network);
    }
    let network = Runtime::new()?;
    Ok(NETWORK.get_or_init(|| network))
}

fn is_missing(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}
