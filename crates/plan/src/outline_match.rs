//! Outlines of a drawing found again among outlines on the map.

use std::path::Path;

use geo::{Area, Centroid, Coord, Euclidean, Length, Polygon};
use rstar::RTree;
use rstar::primitives::GeomWithData;

use crate::registration::Tie;
use crate::{Error, LocalGrid};

/// Outlines of the drawing that are tried: the largest, which are the least alike.
const MOST_TRIED: usize = 80;
/// Pairs of like buildings that are tried.
const MOST_PAIRS: usize = 600;
/// Areas and perimeters of one building in two sources agree within this share.
const SIZE: f64 = 0.06;
/// Its middle agrees within this, metres.
const MIDDLE_M: f64 = 1.5;
/// Its corners agree within this, metres.
const CORNER_M: f64 = 1.5;
/// Distances between two buildings agree within this share on top.
const STRETCH: f64 = 0.003;
/// So many buildings must be found again.
const FEWEST: usize = 4;
/// Another placing that finds so large a share of the buildings of the best one makes the match ambiguous.
const RIVAL: f64 = 0.8;
/// Placings that put the drawing's middle closer than this are one placing, metres.
const SAME_M: f64 = 5.0;
/// Rounds of pairing corners and fitting anew.
const ROUNDS: usize = 4;

/// One outline by what does not change when it is moved and turned.
struct Print {
    middle: Coord<f64>,
    area_m2: f64,
    perimeter_m: f64,
}

/// A way to place the drawing, with the number of buildings that it finds again.
struct Placing {
    grid: LocalGrid,
    found: usize,
}

/// Corners of the drawing's outlines paired with those of the map's; both in metres.
pub(crate) fn ties(path: &Path, drawn: &[Polygon<f64>], known: &[Polygon<f64>]) -> Result<Vec<Tie>, Error> {
    let (mut own, others) = (prints(drawn), prints(known));
    own.sort_by(|a, b| b.area_m2.total_cmp(&a.area_m2));
    own.truncate(MOST_TRIED);
    let placings = placings(&own, &others);
    let best = placings.iter().max_by_key(|placing| placing.found).filter(|best| best.found >= FEWEST);
    let best = best.ok_or_else(|| Error::NoMatch { path: path.to_owned(), least: FEWEST })?;
    let middle = own.iter().fold(Coord::zero(), |sum, print| sum + print.middle) / own.len() as f64;
    let rival = placings.iter().find(|placing| {
        placing.found as f64 >= RIVAL * best.found as f64
            && apart(moved(&placing.grid, middle), moved(&best.grid, middle)) > SAME_M
    });
    match rival {
        Some(rival) => {
            Err(Error::AmbiguousMatch { path: path.to_owned(), best: best.found, rival: rival.found })
        }
        None => Ok(corners(best.grid, drawn, known)),
    }
}

fn prints(outlines: &[Polygon<f64>]) -> Vec<Print> {
    let print = |outline: &Polygon<f64>| {
        let middle = outline.centroid()?.0;
        Some(Print {
            middle,
            area_m2: outline.unsigned_area(),
            perimeter_m: Euclidean.length(outline.exterior()),
        })
    };
    outlines.iter().filter_map(print).filter(|print| print.area_m2 > 0.0).collect()
}

fn alike(a: &Print, b: &Print) -> bool {
    let agree = |a: f64, b: f64| (a / b - 1.0).abs() < SIZE;
    agree(a.area_m2, b.area_m2) && agree(a.perimeter_m, b.perimeter_m)
}

/// Pairs of like buildings, those with the fewest likenesses first.
fn pairs<'a>(own: &'a [Print], others: &'a [Print]) -> Vec<(&'a Print, &'a Print)> {
    let likenesses =
        |a: &'a Print| others.iter().filter(|b| alike(a, b)).map(move |b| (a, b)).collect::<Vec<_>>();
    let mut by_print: Vec<Vec<_>> = own.iter().map(likenesses).collect();
    by_print.sort_by_key(Vec::len);
    by_print.into_iter().flatten().take(MOST_PAIRS).collect()
}

/// Every placing that two pairs of like buildings propose.
fn placings(own: &[Print], others: &[Print]) -> Vec<Placing> {
    let pairs = pairs(own, others);
    let middles = RTree::bulk_load(
        others
            .iter()
            .enumerate()
            .map(|(idx, print)| GeomWithData::new([print.middle.x, print.middle.y], idx))
            .collect(),
    );
    let mut placings: Vec<Placing> = Vec::new();
    for (i, (a, a_map)) in pairs.iter().enumerate() {
        for (b, b_map) in &pairs[i + 1..] {
            let (own_m, map_m) = (apart(a.middle, b.middle), apart(a_map.middle, b_map.middle));
            if own_m < 10.0 * MIDDLE_M || (own_m - map_m).abs() > MIDDLE_M + STRETCH * own_m {
                continue;
            }
            let two = [(a.middle, a_map.middle), (b.middle, b_map.middle)];
            let Some(grid) = LocalGrid::fit(two.into_iter()) else { continue };
            let found = own.iter().filter(|print| is_found(&grid, print, others, &middles)).count();
            if found >= FEWEST {
                placings.push(Placing { grid, found });
            }
        }
    }
    placings
}

fn is_found(
    grid: &LocalGrid,
    print: &Print,
    others: &[Print],
    middles: &RTree<GeomWithData<[f64; 2], usize>>,
) -> bool {
    let at = moved(grid, print.middle);
    let mut near = middles.locate_within_distance([at.x, at.y], MIDDLE_M * MIDDLE_M);
    near.any(|other| alike(print, &others[other.data]))
}

/// Corners paired with the nearest on the map, the placing fitted anew to them a few times.
fn corners(mut grid: LocalGrid, drawn: &[Polygon<f64>], known: &[Polygon<f64>]) -> Vec<Tie> {
    let corners_of = |outlines: &[Polygon<f64>]| -> Vec<Coord<f64>> {
        outlines.iter().flat_map(|outline| outline.exterior().0[1..].to_vec()).collect()
    };
    let own = corners_of(drawn);
    let map = RTree::bulk_load(corners_of(known).into_iter().map(|c| [c.x, c.y]).collect());
    let mut ties = Vec::new();
    for _ in 0..ROUNDS {
        ties = own
            .iter()
            .enumerate()
            .filter_map(|(idx, &local)| {
                let at = moved(&grid, local);
                let &[x, y] = map.nearest_neighbor([at.x, at.y])?;
                let map = Coord { x, y };
                (apart(at, map) < CORNER_M).then(|| Tie { name: format!("corner {}", idx + 1), local, map })
            })
            .collect::<Vec<_>>();
        let Some(fitted) = LocalGrid::fit(ties.iter().map(|tie| (tie.local, tie.map))) else { break };
        grid = fitted;
    }
    ties
}

fn moved(grid: &LocalGrid, at: Coord<f64>) -> Coord<f64> {
    let (x, y) = grid.to_map((at.x, at.y));
    Coord { x, y }
}

fn apart(a: Coord<f64>, b: Coord<f64>) -> f64 {
    (a.x - b.x).hypot(a.y - b.y)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRID: LocalGrid = LocalGrid { dx: 544_900.0, dy: 4_104_200.0, rotation_deg: -40.0, scale: 1.0 };

    /// Blocks of differing length along a bent street.
    fn street(lengths: &[f64]) -> Vec<Polygon<f64>> {
        let block = |(i, &length): (usize, &f64)| {
            let (x, y) = (60.0 * i as f64, 7.0 * (i * i) as f64);
            geo::Rect::new((x, y), (x + length, y + 12.0)).to_polygon()
        };
        lengths.iter().enumerate().map(block).collect()
    }

    fn carried(outlines: &[Polygon<f64>]) -> Vec<Polygon<f64>> {
        use geo::MapCoords;
        outlines.iter().map(|outline| outline.map_coords(|c| moved(&GRID, c))).collect()
    }

    #[test]
    fn a_street_is_found_again_wherever_it_was_drawn() {
        let drawn = street(&[20.0, 26.0, 33.0, 41.0, 48.0]);
        let ties = ties(Path::new("a.dxf"), &drawn, &carried(&drawn)).unwrap();
        let grid = LocalGrid::fit(ties.iter().map(|tie| (tie.local, tie.map))).unwrap();
        assert_eq!(ties.len(), 20);
        assert!((grid.rotation_deg + 40.0).abs() < 1e-6 && (grid.dx - 544_900.0).abs() < 1e-4, "{grid:?}");
    }

    #[test]
    fn equal_blocks_in_a_row_can_be_placed_in_two_ways_and_are_refused() {
        let row: Vec<Polygon<f64>> = (0..6)
            .map(|i| {
                geo::Rect::new((30.0 * f64::from(i), 0.0), (30.0 * f64::from(i) + 20.0, 12.0)).to_polygon()
            })
            .collect();
        let refused = ties(Path::new("a.dxf"), &row, &carried(&row));
        assert!(matches!(refused, Err(Error::AmbiguousMatch { .. })), "{refused:?}");
    }
}
