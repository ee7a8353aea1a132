//! Whether the photos agree about a cell: where a height is wrong, or something that the DSM lacks stands in the line of sight,
//! they show different things.

use ndarray::Array2;
use plumbline_raster::{Grid, Raster, Rgba, Window};
use rayon::prelude::*;

use crate::NO_SOURCE;
use crate::balance::{Gain, corrected};
use crate::choice::Choice;
use crate::eye::Eye;
use crate::inquiry::{ASKED, Inquiry, Question};

/// Every how many cells, down and across, a second view is held against the source.
const PROBE: usize = 2;

/// Surface heights that differ by more than this within [`REACH`] cells, metres, make the cells between them doubtful.
const STEP_M: f32 = 0.5;

/// How far the edge of a wall may lie from where the DSM has it, cells.
const REACH: f64 = 2.0;

/// Difference of the tangents of two lines of sight from which a wrong height shows in different colours.
const APART: f64 = 0.08;

/// Side of the squares, cells, in which it is found how much photos usually differ.
const AROUND: usize = 48;

/// Times the usual difference from which two looks are not at the same thing, and the bounds of that, grey values.
const UNUSUAL: f32 = 3.0;
const TOLERANCE: (f32, f32) = (6.0, 24.0);

/// Coverage of a cell whose colour no second photo confirms.
pub const UNCONFIRMED: u8 = 128;

/// For single cells all over the orthophoto, the source and a view that shall see the same.
pub(crate) fn probes(choice: &Choice<'_>, source: &Raster<u16>) -> Vec<Question> {
    let is_probe = |(row, col): (usize, usize)| row % PROBE == 0 && col % PROBE == 0;
    questions(choice, source, is_probe, |candidates, cell| {
        let [witness] = witnesses(choice, candidates, cell, source.cells[cell]);
        [source.cells[cell], witness]
    })
}

/// Where photos disagree, and how much they do so all around.
#[derive(Debug)]
pub(crate) struct Disagreement {
    /// Whether source and witness differ in a block of [`PROBE`] x [`PROBE`] cells or in one beside it.
    blocks: Array2<bool>,
    /// Largest difference, grey values, between two looks at the same thing, for each square of [`AROUND`] x [`AROUND`] cells.
    tolerance: Array2<f32>,
}

impl Disagreement {
    /// Of answered probes. Grass and leaves look different from every side, asphalt does not: what differs more than is usual around it is
    /// suspicious.
    pub fn of(probes: &Inquiry, gains: &[Gain], grid: &Grid) -> Self {
        let shape = |side: usize| (grid.rows.div_ceil(side), grid.cols.div_ceil(side));
        let mut around = Array2::from_elem(shape(AROUND), Vec::new());
        let mut differences = Vec::with_capacity(probes.questions.len());
        for (question, answers) in probes.questions.iter().zip(&probes.answers) {
            let [own, other] = balanced(question, *answers, gains);
            let difference = difference(own, other).filter(|_| question.views[1] != NO_SOURCE);
            around[square(question.place())].extend(difference);
            differences.push(difference);
        }
        let tolerance = around.map(|differences: &Vec<f32>| tolerance(differences.clone()));
        let (rows, cols) = shape(PROBE);
        let mut blocks = Array2::from_elem((rows, cols), false);
        for (question, difference) in probes.questions.iter().zip(differences) {
            if difference.is_some_and(|d| d > tolerance[square(question.place())]) {
                let (row, col) = (question.place().0 / PROBE, question.place().1 / PROBE);
                for r in row.saturating_sub(1)..(row + 2).min(rows) {
                    for c in col.saturating_sub(1)..(col + 2).min(cols) {
                        blocks[(r, c)] = true;
                    }
                }
            }
        }
        Self { blocks, tolerance }
    }

    fn alike(&self, cell: (usize, usize), a: Rgba, b: Rgba) -> bool {
        difference(a, b).is_some_and(|d| d <= self.tolerance[square(cell)])
    }
}

fn square((row, col): (usize, usize)) -> (usize, usize) {
    (row / AROUND, col / AROUND)
}

/// Largest difference that is usual among these.
fn tolerance(mut differences: Vec<f32>) -> f32 {
    differences.sort_by(f32::total_cmp);
    let usual = differences.get(differences.len() / 2).copied().unwrap_or(0.0);
    (UNUSUAL * usual).clamp(TOLERANCE.0, TOLERANCE.1)
}

/// The cells that are doubtful, because photos disagree there or the surface has a step, and two views besides the source.
pub(crate) fn doubts(
    choice: &Choice<'_>,
    source: &Raster<u16>,
    disagreement: &Disagreement,
) -> Vec<Question> {
    let has_step = |(row, col): (usize, usize)| {
        let (row, col) = choice.on_field(row, col);
        choice.field.range(row, col, REACH) > STEP_M
    };
    let is_doubtful =
        |(row, col): (usize, usize)| disagreement.blocks[(row / PROBE, col / PROBE)] || has_step((row, col));
    questions(choice, source, is_doubtful, |candidates, cell| {
        witnesses(choice, candidates, cell, source.cells[cell])
    })
}

/// Questions about the cells that have a source and are `asked_about`, patch by patch, to the `views` out of a patch's candidates.
fn questions(
    choice: &Choice<'_>,
    source: &Raster<u16>,
    asked_about: impl Fn((usize, usize)) -> bool + Sync,
    views: impl Fn(&[&Eye], (usize, usize)) -> [u16; ASKED] + Sync,
) -> Vec<Question> {
    let of_patch = |patch: &Window| {
        let rows = patch.row..patch.row + patch.rows;
        let cells = rows.flat_map(|r| (patch.col..patch.col + patch.cols).map(move |c| (r, c)));
        let cells: Vec<(usize, usize)> =
            cells.filter(|&cell| source.cells[cell] != NO_SOURCE && asked_about(cell)).collect();
        let candidates = if cells.is_empty() { Vec::new() } else { choice.candidates(patch) };
        let question = |cell: (usize, usize)| Question {
            cell: (cell.0 as u32, cell.1 as u32),
            views: views(&candidates, cell),
        };
        cells.into_iter().map(question).collect::<Vec<_>>()
    };
    choice.grid.tiles(choice.options.patch_cells.max(1)).par_iter().flat_map_iter(of_patch).collect()
}

/// The steepest views that see a cell under other angles than its source and one another.
fn witnesses<const WANTED: usize>(
    choice: &Choice<'_>,
    candidates: &[&Eye],
    (row, col): (usize, usize),
    source: u16,
) -> [u16; WANTED] {
    let mut found = [NO_SOURCE; WANTED];
    let Some(spot) = choice.spot(row, col) else { return found };
    let cell_m = choice.field.grid.cell_m;
    let mut leans = vec![choice.eyes[usize::from(source)].lean(&spot.place, cell_m)];
    for eye in candidates {
        if leans.len() > WANTED {
            break;
        }
        let lean = eye.lean(&spot.place, cell_m);
        let is_apart = leans.iter().all(|other| (lean - other).norm() > APART);
        if is_apart && choice.sight(eye, &spot).is_some() {
            found[leans.len() - 1] = eye.view_idx as u16;
            leans.push(lean);
        }
    }
    found
}

/// Settles the colours of doubtful cells: what two views agree on is shown; where none agree with each other, the source is shown as
/// [`UNCONFIRMED`].
pub(crate) fn settle(
    doubts: &Inquiry,
    disagreement: &Disagreement,
    gains: &[Gain],
    rgba: &mut Raster<Rgba>,
    source: &mut Raster<u16>,
) {
    for (question, answers) in doubts.questions.iter().zip(&doubts.answers) {
        let (cell, own) = (question.place(), rgba.cells[question.place()]);
        let seen = balanced(question, *answers, gains);
        let alike = |a: Rgba, b: Rgba| disagreement.alike(cell, a, b);
        let asked = question.views.iter().filter(|&&view| view != NO_SOURCE).count();
        if asked == 0 || seen[..asked].iter().any(|&other| alike(own, other)) {
            continue;
        }
        if asked == ASKED && alike(seen[0], seen[1]) {
            (rgba.cells[cell], source.cells[cell]) = (seen[0], question.views[0]);
        } else {
            rgba.cells[cell][3] = UNCONFIRMED;
        }
    }
}

/// Answers as they look beside one another in the orthophoto.
fn balanced(question: &Question, answers: [Rgba; ASKED], gains: &[Gain]) -> [Rgba; ASKED] {
    std::array::from_fn(|k| match (question.views[k], answers[k]) {
        (NO_SOURCE, _) | (_, [.., 0]) => [0; 4],
        (view, [r, g, b, _]) => corrected([r, g, b].map(f32::from), &gains[usize::from(view)]),
    })
}

/// Mean difference of the channels, grey values; `None` where one of them saw nothing.
fn difference(a: Rgba, b: Rgba) -> Option<f32> {
    let channels = a[..3].iter().zip(&b[..3]).map(|(x, y)| f32::from(x.abs_diff(*y)));
    (a[3] > 0 && b[3] > 0).then(|| channels.sum::<f32>() / 3.0)
}

#[cfg(test)]
mod tests {
    use plumbline_geodesy::Crs;
    use plumbline_raster::Grid;

    use super::*;

    const GRASS: Rgba = [80, 120, 60, 255];
    const ROOF: Rgba = [180, 60, 50, 255];
    const ROAD: Rgba = [90, 90, 95, 255];

    /// Colour and source of one cell, from view 0, after two other views had their say.
    fn settled(own: Rgba, seen: [Option<Rgba>; ASKED]) -> (Rgba, u16) {
        let grid = Grid::covering(Crs::new("EPSG:4547").unwrap(), (0.0, 0.0, 1.0, 1.0), 1.0);
        let (mut rgba, mut source) = (Raster::filled(grid.clone(), own), Raster::filled(grid, 0));
        let views = std::array::from_fn(|k| seen[k].map_or(NO_SOURCE, |_| k as u16 + 1));
        let mut doubts = Inquiry::new(vec![Question { cell: (0, 0), views }], 3);
        (1..3).for_each(|view| doubts.take_in(view, seen[view - 1].into_iter().collect()));
        let disagreement = Disagreement {
            blocks: Array2::from_elem((1, 1), true),
            tolerance: Array2::from_elem((1, 1), 8.0),
        };
        settle(&doubts, &disagreement, &[[1.0; 3]; 3], &mut rgba, &mut source);
        (rgba.cells[(0, 0)], source.cells[(0, 0)])
    }

    #[test]
    fn a_colour_that_one_witness_confirms_stays() {
        assert_eq!(settled(GRASS, [Some(ROOF), Some([82, 118, 66, 255])]), (GRASS, 0));
    }

    #[test]
    fn witnesses_who_agree_with_each_other_overrule_the_source() {
        assert_eq!(settled(GRASS, [Some(ROOF), Some(ROOF)]), (ROOF, 1));
    }

    #[test]
    fn where_all_disagree_the_source_is_unconfirmed_and_without_witnesses_it_is_believed() {
        let unconfirmed = [GRASS[0], GRASS[1], GRASS[2], UNCONFIRMED];
        assert_eq!(settled(GRASS, [Some(ROOF), Some(ROAD)]), (unconfirmed, 0));
        assert_eq!(settled(GRASS, [Some(ROOF), None]), (unconfirmed, 0));
        assert_eq!(settled(GRASS, [None, None]), (GRASS, 0));
    }

    #[test]
    fn a_bush_is_suspicious_on_asphalt_and_not_among_leaves() {
        let grid = Grid::covering(Crs::new("EPSG:4547").unwrap(), (0.0, 0.0, 96.0, 48.0), 1.0);
        let cells = (0..48).step_by(PROBE).flat_map(|row| (0..96).step_by(PROBE).map(move |col| (row, col)));
        let question =
            |cell: (usize, usize)| Question { cell: (cell.0 as u32, cell.1 as u32), views: [0, 1] };
        let mut probes = Inquiry::new(cells.map(question).collect(), 2);
        let bushes = [(20, 20), (20, 70)];
        // Asphalt in the west, where looks differ by up to 2 grey values; leaves in the east, where they differ by up to 14.
        let look = |(row, col): (usize, usize), view: usize| {
            let differs = if col < AROUND { 2 } else { 14 };
            let noise = (row * 31 + col * 17) % (differs + 1);
            let bush = if bushes.contains(&(row, col)) { 12 } else { noise };
            let level = 100 + (view * bush) as u8;
            [level, level, level, 255]
        };
        for view in 0..2 {
            let answers = probes.questions.iter().map(|question| look(question.place(), view)).collect();
            probes.take_in(view, answers);
        }
        let found = Disagreement::of(&probes, &[[1.0; 3]; 2], &grid);
        let suspicious: Vec<(usize, usize)> = found
            .blocks
            .indexed_iter()
            .filter(|(_, suspicious)| **suspicious)
            .map(|(block, _)| block)
            .collect();
        let around_the_first = |&(row, col): &(usize, usize)| row.abs_diff(10) <= 1 && col.abs_diff(10) <= 1;
        assert!(suspicious.len() == 9 && suspicious.iter().all(around_the_first), "{suspicious:?}");
        assert!(!found.alike((20, 20), [100, 100, 100, 255], [112, 112, 112, 255]));
        assert!(found.alike((20, 70), [100, 100, 100, 255], [112, 112, 112, 255]));
    }
}
