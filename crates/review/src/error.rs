use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// What can keep the server from starting or end it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The catalog could not be opened.
    #[error("cannot open the catalog")]
    Catalog(#[from] Box<plumbline_catalog::Error>),
    /// The address is taken or not of this machine.
    #[error("cannot listen on {address}: is another program using it? Choose another with --bind")]
    Bind {
        /// The address wanted.
        address: SocketAddr,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A folder or file of the server's own could not be used.
    #[error("cannot use {path}: is the disk full or the folder read-only?")]
    Folder {
        /// The path.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Another server works in the same catalog.
    #[error("{path} is held by another server: stop it first, two servers must not share a catalog folder")]
    Taken {
        /// The lock.
        path: PathBuf,
    },
    /// The policies of this build do not fit their schema.
    #[error("the access policies are faulty, and nobody may do anything: {reason}")]
    Policies {
        /// What Cedar said.
        reason: String,
    },
    /// The identity provider's settings cannot be used.
    #[error("{path} does not describe an identity provider: {reason}; see the README of plumbline-review")]
    Provider {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A password cannot be hashed.
    #[error("cannot hash a password: {reason}; the salt needs at least 8 bytes")]
    Password {
        /// What the library said.
        reason: String,
    },
    /// The server stopped.
    #[error("the server stopped serving")]
    Serve(#[source] io::Error),
}

impl From<plumbline_catalog::Error> for Error {
    fn from(source: plumbline_catalog::Error) -> Self {
        Self::Catalog(Box::new(source))
    }
}
