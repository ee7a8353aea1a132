use std::fs::{File, TryLockError};
use std::future::{Future, IntoFuture as _};
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use axum::Router;
use chrono::Utc;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

use crate::routes::ROUTES;
use crate::state::State;
use crate::{Config, Error, flight, router, upload};

/// How long requests under way may go on after the server was told to stop.
const FAREWELL: Duration = Duration::from_secs(20);

/// How often uploads that lay too long are swept.
const SWEEP: Duration = Duration::from_secs(3600);

/// A server over a catalog, ready to listen.
pub struct Server {
    state: State,
    _alone: File,
}

impl Server {
    /// Opens the catalog and ends what a server before it was killed in.
    pub async fn open(config: Config) -> Result<Self, Error> {
        let folder = config.catalog.path().to_owned();
        std::fs::create_dir_all(&folder).map_err(|source| Error::Folder { path: folder.clone(), source })?;
        let alone = lock(&folder)?;
        let state = State::open(config).await?;
        upload::recover(&state).await?;
        Ok(Self { state, _alone: alone })
    }

    /// The routes, for tests and for whoever puts them behind a listener of their own.
    pub fn router(&self) -> Router {
        router::router(self.state.clone())
    }

    /// What is served: method, path and what the policies call it.
    pub fn routes() -> impl Iterator<Item = (String, &'static str, &'static str)> {
        ROUTES.iter().map(|route| (route.method.to_string(), route.path, route.action.id()))
    }

    /// Checks and runs flights, without listening, until the sender is used or dropped: for tests and for servers that are put together
    /// otherwise.
    pub fn work(&self) -> (oneshot::Sender<()>, JoinHandle<()>) {
        let (tell, told) = watch::channel(false);
        let (stop, stopped) = oneshot::channel();
        tokio::spawn(async move {
            stopped.await.ok();
            tell.send(true).ok();
        });
        (stop, tokio::spawn(flight::work(self.state.clone(), told)))
    }

    /// Listens until `stop` is done, then lets the requests under way end.
    pub async fn run(
        self,
        ready: impl FnOnce(SocketAddr),
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), Error> {
        let bind = self.state.config.bind;
        let refused = |source| Error::Bind { address: bind, source };
        let listener = TcpListener::bind(bind).await.map_err(refused)?;
        ready(listener.local_addr().map_err(refused)?);
        let (tell, told) = watch::channel(false);
        let stopping = told.clone();
        let queue = tokio::spawn(flight::work(self.state.clone(), told.clone()));
        let sweeper = tokio::spawn(sweep(self.state.clone()));
        let farewell = ended(told.clone());
        let serving = axum::serve(listener, self.router())
            .with_graceful_shutdown(async move { ended(stopping).await })
            .into_future();
        tokio::spawn(async move {
            stop.await;
            tell.send(true).ok();
        });
        let served = tokio::select! {
            served = serving => served,
            // Who is still sending then will resume.
            () = async { farewell.await; tokio::time::sleep(FAREWELL).await } => Ok(()),
        };
        sweeper.abort();
        queue.await.ok();
        served.map_err(Error::Serve)
    }
}

/// Serves a catalog until the process is told to end (SIGTERM, SIGINT); prints nothing.
///
/// `ready` is called once with the address that requests are taken at.
pub async fn serve(config: Config, ready: impl FnOnce(SocketAddr)) -> Result<(), Error> {
    let mut terminate = signal(SignalKind::terminate()).map_err(Error::Serve)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Error::Serve)?;
    let stop = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    Server::open(config).await?.run(ready, stop).await
}

/// Done once the server has been told to stop.
async fn ended(mut told: watch::Receiver<bool>) {
    told.wait_for(|stop| *stop).await.ok();
}

async fn sweep(state: State) {
    loop {
        tokio::time::sleep(SWEEP).await;
        if let Err(error) = state.vault.sweep(Utc::now()) {
            state.note(Utc::now(), &format!("uploads could not be swept: {error}"));
        }
    }
}

/// Keeps a second server out of the folder while this one lives.
fn lock(folder: &Path) -> Result<File, Error> {
    let path = folder.join("server.lock");
    let file = File::create(&path).map_err(|source| Error::Folder { path: path.clone(), source })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::Taken { path }),
        Err(TryLockError::Error(source)) => Err(Error::Folder { path, source }),
    }
}
