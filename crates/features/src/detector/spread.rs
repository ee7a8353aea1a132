use super::extrema::Blob;

/// Blobs that a cell holds when they are spread evenly.
const BLOBS_PER_CELL: usize = 4;

/// The `most` blobs that cover the photo best, the largest first.
///
/// Cells of equal size take turns: first every cell's blob of highest contrast, then every cell's second, and so on,
/// so that a lawn keeps its few faint blobs and a shingle beach does not take them all.
pub fn spread(mut blobs: Vec<Blob>, most: usize) -> Vec<Blob> {
    if blobs.len() > most {
        blobs.sort_by(|a, b| b.contrast.total_cmp(&a.contrast).then(order(a, b)));
        let mut ranked: Vec<(usize, Blob)> = ranks(&blobs, most).into_iter().zip(blobs).collect();
        ranked.sort_by_key(|&(rank, _)| rank);
        ranked.truncate(most);
        blobs = ranked.into_iter().map(|(_, blob)| blob).collect();
    }
    blobs.sort_by(|a, b| b.octave.cmp(&a.octave).then(b.sigma.total_cmp(&a.sigma)).then(order(a, b)));
    blobs
}

/// Place of each blob among those of its cell, in the given order.
fn ranks(blobs: &[Blob], most: usize) -> Vec<usize> {
    let extent = |axis: usize| blobs.iter().map(|b| b.at_base[axis]).fold(1.0, f32::max);
    let (width, height) = (extent(0), extent(1));
    let cell = (width * height * BLOBS_PER_CELL as f32 / most.max(1) as f32).sqrt();
    let cols = (width / cell) as usize + 1;
    let mut taken = vec![0; cols * ((height / cell) as usize + 1)];
    let rank = |blob: &Blob| {
        let [col, row] = blob.at_base.map(|v| (v / cell) as usize);
        let count: &mut usize = &mut taken[row * cols + col];
        *count += 1;
        *count
    };
    blobs.iter().map(rank).collect()
}

/// Any fixed order.
fn order(a: &Blob, b: &Blob) -> std::cmp::Ordering {
    a.at_base[1].total_cmp(&b.at_base[1]).then(a.at_base[0].total_cmp(&b.at_base[0]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blob(x: f32, y: f32, contrast: f32) -> Blob {
        Blob { octave: 0, x, y, sigma: 2.0, at_base: [x, y], contrast }
    }

    #[test]
    fn faint_blobs_far_from_others_stay_and_the_crowd_is_thinned() {
        let crowd = (0..400).map(|i| blob((i % 20) as f32, (i / 20) as f32, 0.1 + 1e-4 * i as f32));
        let lone = (1..10).map(|i| blob(100.0 * i as f32, 500.0, 0.01));
        let kept = spread(crowd.chain(lone).collect(), 40);
        assert_eq!(kept.len(), 40);
        assert_eq!(kept.iter().filter(|b| b.contrast < 0.05).count(), 9);
        assert!(kept.iter().filter(|b| b.contrast > 0.05).all(|b| b.contrast > 0.13));
    }
}
