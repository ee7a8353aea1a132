use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};
use plumbline_catalog::{Act, Catalog};
use plumbline_dossier::Fonts;

use crate::access::Access;
use crate::config::Config;
use crate::file::Checked;
use crate::flight::Flights;
use crate::journal::Journal;
use crate::provider::Provider;
use crate::session::Sessions;
use crate::upload::Vault;
use crate::{Error, Problem};

/// What every route works with.
#[derive(Clone)]
pub(crate) struct State(Arc<Parts>);

/// The parts of the state.
pub(crate) struct Parts {
    /// How the server is set up.
    pub config: Config,
    /// The shared catalog.
    pub catalog: Catalog,
    /// Who may do what.
    pub access: Access,
    /// Who is signed in.
    pub sessions: Sessions,
    /// The bureau's identity provider, if it has one.
    pub provider: Option<Provider>,
    /// Uploads under way.
    pub vault: Vault,
    /// Flights and their runs.
    pub flights: Flights,
    /// Stored files whose content was looked at.
    pub checked: Checked,
    /// What went wrong inside.
    pub journal: Journal,
    /// Fonts of dossiers, read when the first is asked for.
    fonts: OnceLock<Fonts>,
}

impl State {
    /// Opens the catalog and what the server keeps beside it.
    pub async fn open(config: Config) -> Result<Self, Error> {
        let catalog = Catalog::open(&config.catalog).await?;
        let folder = config.catalog.path().to_owned();
        Ok(Self(Arc::new(Parts {
            access: Access::load()?,
            sessions: Sessions::new()?,
            provider: Provider::open(&folder)?,
            vault: Vault::open(folder.join("uploads"))?,
            flights: Flights::open(&folder)?,
            checked: Checked::default(),
            journal: Journal::open(&folder)?,
            fonts: OnceLock::new(),
            catalog,
            config,
        })))
    }

    /// Writes an event, unless the same was written before: what was killed in between is done again.
    pub async fn note_once(
        &self,
        by: &str,
        action: &str,
        subject: &str,
        detail: serde_json::Value,
    ) -> Result<(), Problem> {
        let events = self.catalog.events_of(subject).await?;
        if events.iter().any(|event| event.action == action && event.detail == detail) {
            return Ok(());
        }
        Ok(self.catalog.note(&act(by), action, subject, detail).await?)
    }

    /// The fonts of dossiers; looking for them takes a while the first time.
    pub fn fonts(&self) -> Result<&Fonts, Problem> {
        if let Some(fonts) = self.fonts.get() {
            return Ok(fonts);
        }
        let found = Fonts::of_system().map_err(Problem::internal)?;
        Ok(self.fonts.get_or_init(|| found))
    }

    /// Notes a fault of the server.
    pub fn note(&self, at: DateTime<Utc>, text: &str) {
        self.journal.note(at, text);
    }
}

impl Deref for State {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// An act of now.
pub(crate) fn act(by: &str) -> Act<'_> {
    Act { by, at: Utc::now() }
}

/// Does work that waits for the disk on a thread of its own.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)?
}
