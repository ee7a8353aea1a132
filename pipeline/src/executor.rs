//! Runs a step's tasks: in this process, on all cores, each task's result kept under its key.

use rayon::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::progress::Bar;
use crate::store::{Key, Store};

/// One task: what it is called in the store, and the key of its result.
#[derive(Debug)]
pub struct Task<I> {
    /// Digest of everything the result depends on.
    pub key: Key,
    /// What the work is done on.
    pub input: I,
}

/// Runs tasks in parallel; the results come in the order of the tasks whatever the number of threads.
#[derive(Debug)]
pub struct Executor<'a> {
    /// Where results are kept.
    pub store: &'a Store,
}

impl Executor<'_> {
    /// Results of all tasks, taken from the store where they are already there. The first error ends the step.
    pub fn run<I, T, E>(
        &self,
        name: &str,
        bar: &Bar,
        tasks: &[Task<I>],
        work: impl Fn(&I) -> Result<T, E> + Sync,
    ) -> Result<Vec<T>, Error>
    where
        I: Sync,
        T: Serialize + DeserializeOwned + Send,
        Error: From<E>,
    {
        bar.expect(tasks.len());
        tasks
            .par_iter()
            .map(|task| {
                let result = self.store.value(name, &task.key, || work(&task.input));
                bar.advance(1);
                result
            })
            .collect()
    }

    /// Runs tasks in parallel, started in their order, and hands each result to `take` as soon as it is there: for results
    /// that are too large to be held all at once.
    pub fn each<I, T, E>(
        &self,
        name: &str,
        bar: &Bar,
        tasks: &[Task<I>],
        work: impl Fn(&I) -> Result<T, E> + Sync,
        take: impl Fn(&I, T) + Sync,
    ) -> Result<(), Error>
    where
        I: Sync,
        T: Serialize + DeserializeOwned + Send,
        Error: From<E>,
    {
        bar.expect(tasks.len());
        tasks.iter().par_bridge().try_for_each(|task| {
            take(&task.input, self.store.value(name, &task.key, || work(&task.input))?);
            bar.advance(1);
            Ok(())
        })
    }
}
