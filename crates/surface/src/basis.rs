//! What the height of a cell rests on, or why there is none. Values up to [`MOST_VIEWS`] count the views that were compared.

use crate::view_choice::MAX_CELL_VIEWS;

/// Fewer than three views look here.
pub const UNSEEN: u16 = 0;
/// Most views that are compared in a cell.
pub const MOST_VIEWS: u16 = MAX_CELL_VIEWS as u16;
/// Filled in from the rim of a pinhole, not measured.
pub const FILLED: u16 = 10;
/// No height: another fits as well. Featureless or repetitive surfaces, still water.
pub const RIVALS: u16 = 20;
/// No height: the views disagree at every height. Moving water, leaves, things that moved between the photos.
pub const DISAGREEMENT: u16 = 21;
/// No height: a speck that hung above or below its surroundings.
pub const SPECK: u16 = 22;

/// The values and their meanings, for those who open the raster elsewhere.
pub const MEANINGS: &str = "0=seen by fewer than three photos,3-7=measured in so many photos,10=filled in from its rim,\
    20=no height: another fits as well (featureless or repetitive or still water),\
    21=no height: photos disagree (moving water or leaves or things that moved),22=no height: speck";
