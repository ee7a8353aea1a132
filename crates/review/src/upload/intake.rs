//! Bytes come in and are safe before they are acknowledged; a complete file goes into the store once.

use std::io;

use axum::body::Body;
use http_body_util::BodyExt as _;
use plumbline_custody::{Digest, Stored};
use tokio::io::AsyncWriteExt as _;

use crate::state::{State, act, blocking};
use crate::upload::checksum::Checksum;
use crate::upload::kind;
use crate::upload::offer::Offer;
use crate::upload::vault::Held;
use crate::{Error, Problem};

/// One chunk on its way in. It is followed to its end whether or not somebody still waits for the answer.
pub(super) struct Chunk {
    pub offer: Offer,
    pub held: Held,
    pub from: u64,
    pub body: Body,
    pub checksum: Option<Checksum>,
}

impl Chunk {
    /// Takes the chunk in and tells how many bytes of the file are safe; the last one ends the upload.
    pub async fn take(self, state: State) -> Result<(u64, Offer), Problem> {
        let taken = tokio::spawn(async move {
            let Self { offer, held, from, body, checksum } = self;
            let offset = receive(&state, &offer, from, body, checksum).await?;
            let offer = if offset == offer.length { finish(&state, offer).await? } else { offer };
            drop(held);
            Ok((offset, offer))
        });
        taken.await.map_err(Problem::internal)?
    }
}

/// Adds a body to an upload's bytes. Of a chunk without checksum whatever came stays; one with a checksum counts whole or not at all.
async fn receive(
    state: &State,
    offer: &Offer,
    from: u64,
    body: Body,
    mut checksum: Option<Checksum>,
) -> Result<u64, Problem> {
    if checksum.is_some() {
        state.vault.set_mark(offer, from).map_err(disk)?;
    }
    let mut file = tokio::fs::File::from_std(state.vault.append(offer).map_err(disk)?);
    let room = offer.length - from;
    let poured = pour(state, body, &mut file, room, checksum.as_mut()).await;
    file.flush().await.map_err(disk)?;
    file.sync_data().await.map_err(disk)?;
    let Some(checksum) = checksum else { return poured.map(|size| from + size) };
    match poured.and_then(|size| checksum.finish().map(|()| size)) {
        Ok(size) => state.vault.clear_mark(offer).map_err(disk).map(|()| from + size),
        Err(problem) => state.vault.offset(offer).map_err(disk).and(Err(problem)),
    }
}

/// Writes a body down as it comes; returns its size.
async fn pour(
    state: &State,
    mut body: Body,
    file: &mut tokio::fs::File,
    room: u64,
    mut checksum: Option<&mut Checksum>,
) -> Result<u64, Problem> {
    let mut size = 0;
    loop {
        let frame = tokio::time::timeout(state.config.limits.silence, body.frame()).await;
        let Some(frame) = frame.map_err(|_| lost())? else { return Ok(size) };
        let Ok(bytes) = frame.map_err(|_| lost())?.into_data() else { continue };
        if size + bytes.len() as u64 > room {
            return Err(Problem::too_large(size + room));
        }
        file.write_all(&bytes).await.map_err(disk)?;
        checksum.as_deref_mut().into_iter().for_each(|checksum| checksum.update(&bytes));
        size += bytes.len() as u64;
    }
}

/// Ends a complete upload. Every step may be done again, so that a killed server goes on where it was:
/// store, flight, event, and last of all the upload itself.
pub(super) async fn finish(state: &State, offer: Offer) -> Result<Offer, Problem> {
    if offer.stored.is_some() {
        return Ok(offer);
    }
    let _filing = state.catalog.filing().await?;
    let (server, given) = (state.clone(), offer.clone());
    let stored = match blocking(move || store(&server, &given)).await {
        // What can never become part of the flight is not kept.
        Err(problem) if problem.status.is_client_error() => {
            state.vault.forget(&offer).map_err(disk)?;
            return Err(problem);
        }
        stored => stored?,
    };
    let name = format!("{}/{}", offer.flight, offer.name);
    state.catalog.file_original(&act(&offer.owner), &stored, &name).await?;
    let subject = format!("flight:{name}");
    state.note_once(&offer.owner, "UPLOADED", &subject, uploaded(&offer, &stored.sha256)).await?;
    let done = Offer { stored: Some(stored.sha256.to_string()), ..offer };
    state.vault.keep(&done).and_then(|()| state.vault.drop_bytes(&done)).map_err(disk)?;
    Ok(done)
}

/// Checks the file, copies it into the store and gives it its name in the flight.
fn store(state: &State, offer: &Offer) -> Result<Stored, Problem> {
    let part = state.vault.part(offer);
    kind::check(&part, &offer.ending, state.config.limits.photo_pixels)?;
    if let Some(sha256) = &offer.sha256 {
        let (found, _) = Digest::of_file(&part).map_err(Problem::internal)?;
        if found.to_string() != *sha256 {
            let zh = "文件与客户端给出的 SHA-256 不符，请重新上传";
            return Err(Problem::conflict(
                "DigestMismatch",
                zh,
                "the file is not the one that was announced",
            ));
        }
    }
    let store = state.catalog.store();
    let stored = store.store_file(&part).map_err(Problem::internal)?;
    if !offer.is_record {
        state.flights.add(offer, &store.file(&stored).map_err(Problem::internal)?, &stored)?;
    }
    Ok(stored)
}

fn uploaded(offer: &Offer, stored: &Digest) -> serde_json::Value {
    serde_json::json!({ "project": offer.project, "sha256": stored.to_string(), "size": offer.length })
}

/// Ends the uploads that were complete when the server was killed, and forgets those that lay too long.
pub(crate) async fn recover(state: &State) -> Result<(), Error> {
    let folder = |source| Error::Folder { path: state.config.catalog.path().join("uploads"), source };
    state.vault.sweep(chrono::Utc::now()).map_err(folder)?;
    for offer in state.vault.all().map_err(folder)? {
        // Killed after the upload was marked as done, its bytes were left.
        if offer.stored.is_some() {
            state.vault.drop_bytes(&offer).map_err(folder)?;
        }
        let whole = offer.stored.is_none() && state.vault.offset(&offer).map_err(folder)? == offer.length;
        if whole && let Err(problem) = finish(state, offer).await {
            state.note(chrono::Utc::now(), &format!("upload not ended: {problem:?}"));
        }
    }
    Ok(())
}

/// The link broke.
fn lost() -> Problem {
    let (zh, en) = ("连接中断，请续传", "the link broke: ask for the offset and go on from there");
    Problem::new(axum::http::StatusCode::REQUEST_TIMEOUT, "LinkLost", zh, en)
}

/// The disk refused.
fn disk(source: io::Error) -> Problem {
    if source.kind() != io::ErrorKind::StorageFull {
        return Problem::internal(source);
    }
    let (zh, en) = ("服务器磁盘已满", "the server's disk is full");
    Problem::new(axum::http::StatusCode::INSUFFICIENT_STORAGE, "DiskFull", zh, en)
}
