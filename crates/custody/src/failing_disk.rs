//! A disk that dies at a chosen step, and forgets what was not flushed.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::disk::Disk;
use crate::log_files::CHECKPOINT;
use crate::walk::files_under;

/// How far the step gets at which the disk dies.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Progress {
    Nothing,
    /// Half of the bytes that were to be written.
    Half,
    /// All, but nobody is told.
    All,
}

/// What becomes of names that were not flushed when the power goes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Loss {
    /// The program was killed and the machine runs on.
    Nothing,
    Everything,
    /// The worst order: the checkpoint is there already, and what it speaks of is not.
    AllButCheckpoint,
}

/// Does what it is told, without flushing anything, until it has done a number of steps.
#[derive(Debug, Clone, Default)]
pub(crate) struct FailingDisk(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    steps: u64,
    death: Option<(u64, Progress)>,
    /// What lay under each name before it was changed without being flushed.
    before: BTreeMap<PathBuf, Option<Vec<u8>>>,
}

impl FailingDisk {
    /// Steps done so far.
    pub fn steps(&self) -> u64 {
        self.state().steps
    }

    /// Lets the disk die after so many more steps.
    pub fn die_after(&self, steps: u64, progress: Progress) {
        let mut state = self.state();
        state.death = Some((state.steps + steps, progress));
    }

    /// Lets the disk work again.
    pub fn revive(&self) {
        self.state().death = None;
    }

    /// Takes back what was not flushed.
    pub fn lose(&self, loss: Loss) {
        for (path, content) in std::mem::take(&mut self.state().before) {
            let is_checkpoint = path.ends_with(CHECKPOINT);
            match loss {
                Loss::Nothing => {}
                Loss::AllButCheckpoint if is_checkpoint => {}
                Loss::Everything | Loss::AllButCheckpoint => match content {
                    Some(bytes) => put(&path, &bytes).unwrap(),
                    None => drop(fs::remove_file(&path)),
                },
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Counts a step, and does it as far as the disk lives; `change` are the names that it changes.
    fn step(&self, change: &[&Path], act: impl FnOnce(Progress) -> io::Result<()>) -> io::Result<()> {
        let mut state = self.state();
        let number = state.steps;
        state.steps += 1;
        let died = state.death.filter(|(death, _)| number >= *death);
        let progress = match died {
            Some((death, progress)) if number == death => progress,
            Some(_) => Progress::Nothing,
            None => Progress::All,
        };
        if !matches!(progress, Progress::Nothing) {
            for path in change {
                let before = fs::read(path).ok();
                state.before.entry((*path).to_owned()).or_insert(before);
            }
            act(progress)?;
        }
        if died.is_some() { Err(io::Error::other("the disk is dead")) } else { Ok(()) }
    }
}

impl Disk for FailingDisk {
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.step(&[path], |progress| match progress {
            Progress::Half => put(path, &bytes[..bytes.len() / 2]),
            _ => put(path, bytes),
        })
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step(&[from, to], |_| fs::rename(from, to))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.step(&[path], |_| if path.exists() { fs::remove_file(path) } else { Ok(()) })
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.step(&[], |_| fs::create_dir_all(path))
    }

    fn remove_empty_folder(&self, path: &Path) -> io::Result<()> {
        self.step(&[], |_| {
            let empty = path.exists() && files_under(path)?.is_empty();
            if empty { fs::remove_dir(path) } else { Ok(()) }
        })
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        let state = self.0.clone();
        self.step(&[], |_| Ok(()))?;
        state.lock().unwrap().before.retain(|name, _| name.parent() != Some(path));
        Ok(())
    }
}

/// Writes a file wherever it lies.
fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::write(path, bytes)
}
