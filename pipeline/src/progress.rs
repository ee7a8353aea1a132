//! What a person sees while a run works, and what `plumbline status` reads.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::{Deserialize, Serialize};

use crate::store::write_whole;

/// Share of a run's time that a step takes, from runs on two cores; only the estimate of the time left uses it.
const SHARES: [(&str, u64); 14] = [
    ("import", 20),
    ("photo", 40),
    ("features", 200),
    ("adjustment", 100),
    ("surface", 450),
    ("ortho", 150),
    ("terrain", 10),
    ("plan", 5),
    ("change", 30),
    ("stage", 5),
    ("finding", 5),
    ("case", 10),
    ("ledger", 1),
    ("catalog", 10),
];

fn share(step: &str) -> u64 {
    SHARES.iter().find(|(name, _)| *name == step).map_or(0, |(_, share)| *share)
}

/// How often the status file is renewed at most.
const STATUS_EVERY: Duration = Duration::from_millis(500);

/// How far a run has come, as others read it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Status {
    /// Process that works on it.
    pub pid: u32,
    /// Seconds since 1970 when the run started.
    pub started_at: u64,
    /// Seconds since 1970 when this was written.
    pub updated_at: u64,
    /// Working, finished or failed.
    pub state: State,
    /// Step under way.
    pub step: String,
    /// Epoch under way; empty for steps of the whole project.
    pub epoch: String,
    /// Tasks of the step that are done.
    pub done: usize,
    /// Tasks of the step.
    pub of: usize,
}

/// Whether a run is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Under way, or killed; the process tells which.
    Working,
    /// Done.
    Finished,
    /// Ended with an error.
    Failed,
}

/// The bars of one run.
#[derive(Debug)]
pub struct Progress {
    bars: MultiProgress,
    whole: ProgressBar,
    status_path: PathBuf,
    status: Mutex<(Status, Instant)>,
}

/// The bar of one step.
#[derive(Debug)]
pub struct Bar<'a> {
    progress: &'a Progress,
    bar: ProgressBar,
    share: u64,
    tasks: AtomicUsize,
    done: AtomicUsize,
    credited: AtomicU64,
}

impl Progress {
    /// Bars on the terminal (none where there is no terminal) for a run of these steps, one that comes twice named twice.
    pub fn start<'s>(status_path: &Path, steps: impl Iterator<Item = &'s str>) -> Self {
        let bars = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
        let whole = bars.add(ProgressBar::new(steps.map(share).sum()));
        whole.set_style(style("{prefix:>24} {wide_bar} {percent:>3} %  {elapsed} + {eta}"));
        whole.set_prefix("all 总进度");
        let status = Status {
            pid: std::process::id(),
            started_at: now(),
            updated_at: now(),
            state: State::Working,
            step: String::new(),
            epoch: String::new(),
            done: 0,
            of: 0,
        };
        let progress = Self {
            bars,
            whole,
            status_path: status_path.to_owned(),
            status: Mutex::new((status, Instant::now())),
        };
        progress.tell(true, |_| ());
        progress
    }

    /// The bar of a step that begins now; `epoch` is empty for steps of the whole project.
    pub fn step(&self, step: &str, epoch: &str) -> Bar<'_> {
        let bar = self.bars.insert_before(&self.whole, ProgressBar::new(1));
        bar.set_style(style("{prefix:>24} {wide_bar} {pos:>5}/{len}  {elapsed} + {eta}"));
        bar.set_prefix(format!("{epoch} {step}").trim().to_owned());
        self.tell(true, |status| {
            (status.step, status.epoch, status.done, status.of) = (step.to_owned(), epoch.to_owned(), 0, 1);
        });
        let (tasks, done, credited) = Default::default();
        Bar { progress: self, bar, share: share(step), tasks, done, credited }
    }

    /// Says something above the bars.
    pub fn say(&self, line: &str) {
        if self.bars.is_hidden() {
            eprint_line(line);
        } else {
            // A line lost on a broken terminal is no reason to stop a run.
            let _ = self.bars.println(line);
        }
    }

    /// The end of the run.
    pub fn finish(&self, state: State) {
        self.whole.finish_and_clear();
        self.tell(true, |status| status.state = state);
    }

    fn tell(&self, at_once: bool, change: impl FnOnce(&mut Status)) {
        let Ok(mut guard) = self.status.lock() else { return };
        let (status, written) = &mut *guard;
        change(status);
        if at_once || written.elapsed() > STATUS_EVERY {
            status.updated_at = now();
            *written = Instant::now();
            if let Ok(text) = serde_json::to_vec_pretty(status) {
                // The status file is a courtesy: the run goes on without it.
                let _ = write_whole(&self.status_path, &text);
            }
        }
    }
}

impl Bar<'_> {
    /// How many tasks the step has.
    pub fn expect(&self, tasks: usize) {
        self.tasks.store(tasks, Ordering::Relaxed);
        self.bar.set_length(tasks as u64);
    }

    /// So many more tasks are done.
    pub fn advance(&self, tasks: usize) {
        self.reach(self.done.fetch_add(tasks, Ordering::Relaxed) + tasks);
    }

    /// So many tasks are done in all.
    pub fn reach(&self, done: usize) {
        self.done.fetch_max(done, Ordering::Relaxed);
        let of = self.tasks.load(Ordering::Relaxed).max(1);
        self.bar.set_position(done as u64);
        self.credit(self.share * done.min(of) as u64 / of as u64);
        self.progress.tell(false, |status| (status.done, status.of) = (done, of));
    }

    fn credit(&self, share: u64) {
        let before = self.credited.fetch_max(share, Ordering::Relaxed);
        self.progress.whole.inc(share.saturating_sub(before));
    }
}

impl Drop for Bar<'_> {
    fn drop(&mut self) {
        self.credit(self.share);
        self.bar.finish_and_clear();
        if self.progress.bars.is_hidden() {
            eprint_line(&format!("{} {:.1} s", self.bar.prefix(), self.bar.elapsed().as_secs_f64()));
        } else {
            let line = format!("{:>24} {:.1} s", self.bar.prefix(), self.bar.elapsed().as_secs_f64());
            let _ = self.progress.bars.println(line);
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[expect(clippy::print_stderr, reason = "progress goes to the terminal, data to stdout")]
fn eprint_line(line: &str) {
    eprintln!("{line}");
}

/// Seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs())
}
