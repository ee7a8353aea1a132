use std::collections::BTreeMap;
use std::ops::Range;

use crate::merkle::root_of_edge;
use crate::seen::{Difference, Right, Seen};
use crate::tile::{Row, Tile, WIDTH};
use crate::{Digest, LogFault};

/// Says which files are to blame where tiles and what lies below them differ.
///
/// The checkpoint vouches for the unfinished tiles, each of these and each full tile for the tiles below it. What is vouched for is
/// right, and what differs from it was altered.
pub(crate) struct Judge<'a> {
    size: u64,
    levels: &'a [Vec<Seen>],
    /// Whether a checkpoint vouches for the tree.
    rooted: bool,
    faults: Vec<LogFault>,
    /// Entries that are not as logged: number, hash as logged, hash as found.
    altered: Vec<(u64, Digest, Digest)>,
}

impl<'a> Judge<'a> {
    /// All faults of tiles that were read, the lowest level first. `root` is what the checkpoint says; none where it is not to be believed.
    pub fn faults(size: u64, levels: &'a [Vec<Seen>], root: Option<Digest>) -> Vec<LogFault> {
        let mut judge =
            Self { size, levels, rooted: root.is_some(), faults: Vec::new(), altered: Vec::new() };
        let mut unfinished = judge.unfinished(root);
        let mut vouched: Vec<Option<Digest>> = Vec::new();
        for level in (0..levels.len()).rev() {
            let mut below = Vec::new();
            for seen in &levels[level] {
                let hash = vouched.get(seen.tile.index as usize).copied().flatten();
                let full = seen.tile.is_full();
                let right = if full { seen.right(hash) } else { unfinished.pop().unwrap_or(Right::Neither) };
                judge.report(seen, right, hash);
                below.extend((0..seen.tile.width).map(|position| judge.vouch(level, seen, right, position)));
            }
            vouched = below;
        }
        judge.name_entries();
        judge.faults
    }

    /// Which of the unfinished tiles are right, the lowest level first: those that together have the root.
    fn unfinished(&mut self, root: Option<Digest>) -> Vec<Right> {
        let tiles = self.levels.iter().filter_map(|level| level.last().filter(|seen| !seen.tile.is_full()));
        let versions: Vec<_> = tiles.map(Seen::versions).collect();
        let Some(root) = root else { return vec![Right::Neither; versions.len()] };
        let mut choices = vec![Vec::new()];
        for versions in &versions {
            let with = |chosen: &Vec<_>| {
                versions.iter().map(|v| [chosen.as_slice(), &[*v]].concat()).collect::<Vec<_>>()
            };
            choices = choices.iter().flat_map(with).collect();
        }
        let fits = |choice: &Vec<(Right, &[Digest])>| root_of_edge(choice.iter().map(|(_, h)| *h)) == root;
        if let Some(choice) = choices.into_iter().find(fits) {
            return choice.into_iter().map(|(right, _)| right).collect();
        }
        self.faults.push(LogFault::Root);
        vec![Right::Neither; versions.len()]
    }

    /// The hash that a tile vouches for at one of its positions.
    fn vouch(&self, level: usize, seen: &Seen, right: Right, position: u64) -> Option<Digest> {
        let below = self.levels[level.checked_sub(1)?].get((seen.tile.index * WIDTH + position) as usize)?;
        let difference = seen.differences.iter().find(|difference| difference.position == position);
        match (right, difference) {
            (Right::Neither, _) => None,
            (Right::Tile, Some(difference)) => Some(difference.stored),
            _ => below.claim(),
        }
    }

    fn report(&mut self, seen: &Seen, right: Right, vouched: Option<Digest>) {
        let blame_tile = right != Right::Tile;
        if blame_tile {
            for hashes in ranges(seen.differences.iter().map(|difference| difference.position)) {
                let entries = seen.first_entry(hashes.start)..seen.first_entry(hashes.end).min(self.size);
                self.faults.push(LogFault::Hashes { path: seen.tile.path(), hashes, entries });
            }
        }
        if seen.is_lowest() && right != Right::Below {
            let entry = |d: &Difference| (seen.first_entry(d.position), d.stored, d.below);
            self.altered.extend(seen.differences.iter().map(entry));
        }
        if right == Right::Neither && seen.differences.is_empty() && seen.claim().is_some() {
            self.report_unvouched(seen, vouched);
        }
    }

    /// Names a tile that nothing contradicts but the tree above it; and one of which a side is lost, where nothing vouches for the other.
    fn report_unvouched(&mut self, seen: &Seen, vouched: Option<Digest>) {
        let entries = seen.first_entry(0)..seen.first_entry(seen.tile.width).min(self.size);
        let half_lost = self.rooted && !seen.has_both_sides();
        if half_lost && seen.is_lowest() && !seen.is_readable() {
            self.faults.push(LogFault::Entries { path: self.bundle(entries.start), entries });
        } else if half_lost || vouched.is_some() {
            self.faults.push(LogFault::Rewritten { path: seen.tile.path(), entries });
        }
    }

    /// Names the entries that are not as logged, and tells those that only stand in another place.
    fn name_entries(&mut self) {
        let logged: BTreeMap<Digest, u64> =
            self.altered.iter().map(|(entry, hash, _)| (*hash, *entry)).collect();
        let altered = std::mem::take(&mut self.altered);
        let (moved, lost): (Vec<_>, Vec<_>) =
            altered.into_iter().partition(|(_, _, found)| logged.contains_key(found));
        for (entry, _, found) in moved {
            self.faults.push(LogFault::Moved { path: self.bundle(entry), entry, logged: logged[&found] });
        }
        for entries in ranges(lost.into_iter().map(|(entry, ..)| entry)) {
            self.faults.push(LogFault::Entries { path: self.bundle(entries.start), entries });
        }
    }

    /// Path of the bundle with an entry.
    fn bundle(&self, entry: u64) -> String {
        Tile::of(Row::Entries, entry / WIDTH, self.size).map(|tile| tile.path()).unwrap_or_default()
    }
}

/// Rising numbers as ranges, none of which leaves a tile.
fn ranges(numbers: impl Iterator<Item = u64>) -> Vec<Range<u64>> {
    let mut ranges: Vec<Range<u64>> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some(range) if range.end == number && number % WIDTH != 0 => range.end += 1,
            _ => ranges.push(number..number + 1),
        }
    }
    ranges
}
