//! Census transform (Zabih & Woodfill 1994): each pixel as the signs of its differences to its neighbours.

/// Spacings of the two 5 x 5 windows of a word, pixels: the narrow one finds edges, the wide one tells grass from gravel.
const SPACINGS: [usize; 2] = [1, 3];

/// Taps from the centre of a window to its edge.
const TAPS: usize = 2;

/// Side of a window, taps.
const SIDE: usize = 2 * TAPS + 1;

/// Pixels from the centre of the wider window to its edge.
pub(crate) const RADIUS: usize = TAPS * SPACINGS[1];

/// Bits of a census word: both windows without their centre.
pub(crate) const BITS: u32 = (SPACINGS.len() * (SIDE * SIDE - 1)) as u32;

/// Bits that are set side by side, in lanes of as many bits.
const GROUP: usize = 16;

/// Census words of a picture of `cols` columns; zero within [`RADIUS`] of its edge.
pub(crate) fn census(pixels: &[u16], cols: usize) -> Vec<u64> {
    let rows = pixels.len() / cols.max(1);
    if cols <= 2 * RADIUS || rows <= 2 * RADIUS {
        return vec![0; pixels.len()];
    }
    let width = cols - 2 * RADIUS;
    let mut words = Vec::with_capacity(pixels.len());
    let mut groups = [const { Vec::new() }; BITS as usize / GROUP];
    words.resize(RADIUS * cols, 0);
    for row in RADIUS..rows - RADIUS {
        let centers = &pixels[row * cols + RADIUS..][..width];
        for (bits, taps) in groups.iter_mut().zip(taps().chunks(GROUP)) {
            bits.clear();
            bits.resize(width, 0_u16);
            for (bit, &(down, right)) in taps.iter().enumerate() {
                let neighbours = &pixels[(row + down - RADIUS) * cols + right..][..width];
                for ((bits, &n), &c) in bits.iter_mut().zip(neighbours).zip(centers) {
                    *bits |= u16::from(n < c) << bit;
                }
            }
        }
        let [low, middle, high] = &groups;
        let together = low.iter().zip(middle).zip(high);
        words.resize(words.len() + RADIUS, 0);
        words.extend(together.map(|((&low, &middle), &high)| {
            u64::from(low) | u64::from(middle) << GROUP | u64::from(high) << (2 * GROUP)
        }));
        words.resize(words.len() + RADIUS, 0);
    }
    words.resize(pixels.len(), 0);
    words
}

/// Offsets (down, right) of the taps from the corner of the wider window.
fn taps() -> [(usize, usize); BITS as usize] {
    let window = SIDE * SIDE - 1;
    std::array::from_fn(|i| {
        let (spacing, i) = (SPACINGS[i / window], i % window);
        let i = if i < window / 2 { i } else { i + 1 };
        let offset = |tap: usize| RADIUS - TAPS * spacing + tap * spacing;
        (offset(i / SIDE), offset(i % SIDE))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_one_bit_for_each_darker_neighbour() {
        let side = 2 * RADIUS + 1;
        let mut pixels = vec![9_u16; side * side];
        let center = RADIUS * side + RADIUS;
        assert_eq!(census(&pixels, side)[center], 0);
        pixels[0] = 1;
        assert_eq!(census(&pixels, side)[center], 1 << (BITS / 2));
        pixels[0] = 9;
        pixels[center - TAPS * (side + 1)] = 1;
        assert_eq!(census(&pixels, side)[center], 1);
        pixels[side * side - 1] = 1;
        assert_eq!(census(&pixels, side)[center], 1 | 1 << (BITS - 1));
    }

    #[test]
    fn brightness_and_contrast_do_not_change_a_word() {
        let pixels: Vec<u16> = (0..20_u32 * 20).map(|i| (i * 7919 % 251) as u16).collect();
        let brighter: Vec<u16> = pixels.iter().map(|p| 3 * p + 40).collect();
        assert_eq!(census(&pixels, 20), census(&brighter, 20));
    }
}
