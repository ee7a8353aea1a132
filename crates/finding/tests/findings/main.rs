//! Findings from hand-made towns, and the files that they become.

mod files;
mod kinds;
mod town;
