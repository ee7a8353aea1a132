use wide::{i16x16, i32x8};

use crate::Descriptor;

/// Descriptors that are compared with [`WIDTH`] others at a time.
pub const HEIGHT: usize = 4;

/// Descriptors side by side in a block.
pub const WIDTH: usize = 2 * LANES;

/// Descriptors in a register.
const LANES: usize = 8;

/// Two neighbouring entries of a descriptor are multiplied and added in one instruction.
const PAIRS: usize = size_of::<Descriptor>() / 2;

/// Beyond any squared distance of two descriptors; the distance from the empty places of the last block.
pub const FAR: i32 = 1 << 29;

/// Descriptors laid out for comparison with many others: sixteen side by side, entries two by two.
///
/// `|a - b|^2 = |a|^2 + |b|^2 - 2 a b` in whole numbers, so the result is exact.
pub struct Packed {
    blocks: Vec<Block>,
}

struct Block {
    /// Entries `2 k` and `2 k + 1` of sixteen descriptors.
    pairs: [[i16x16; 2]; PAIRS],
    squared_lengths: [i32x8; 2],
}

/// A few descriptors, each spread over all places of a block.
pub struct Queries {
    pairs: [[i16x16; HEIGHT]; PAIRS],
    squared_lengths: [i32; HEIGHT],
}

impl Queries {
    /// At most [`HEIGHT`] descriptors.
    pub fn new(descriptors: &[Descriptor]) -> Self {
        let entry = |q: usize, i: usize| descriptors.get(q).map_or(0, |d| i16::from(d[i]));
        let pairs = std::array::from_fn(|k| {
            std::array::from_fn(|q| {
                let (even, odd) = (entry(q, 2 * k), entry(q, 2 * k + 1));
                i16x16::new(std::array::from_fn(|i| if i % 2 == 0 { even } else { odd }))
            })
        });
        let squared_lengths = std::array::from_fn(|q| descriptors.get(q).map_or(0, squared_length));
        Self { pairs, squared_lengths }
    }
}

impl Packed {
    /// Lays out descriptors, block by block in the given order.
    pub fn new(descriptors: &[Descriptor]) -> Self {
        Self { blocks: descriptors.chunks(WIDTH).map(Block::new).collect() }
    }

    /// Squared distances of the queries from the descriptors of each block, block by block; [`FAR`] and more beyond
    /// the last descriptor.
    pub fn distances(&self, queries: &Queries) -> impl Iterator<Item = [Distances; HEIGHT]> {
        self.blocks.iter().map(|block| block.distances(queries))
    }
}

/// Squared distances of one descriptor from those of a block.
#[derive(Clone, Copy)]
pub struct Distances([i32x8; 2]);

impl Distances {
    /// Whether one of them is less.
    pub fn any_below(&self, bound: i32) -> bool {
        let bound = i32x8::splat(bound);
        (self.0[0].simd_lt(bound) | self.0[1].simd_lt(bound)).any()
    }

    /// One by one.
    pub fn iter(&self) -> impl Iterator<Item = i32> {
        self.0.into_iter().flat_map(i32x8::to_array)
    }
}

impl Block {
    fn new(descriptors: &[Descriptor]) -> Self {
        let entry = |place: usize, i: usize| descriptors.get(place).map_or(0, |d| i16::from(d[i]));
        let pairs = std::array::from_fn(|k| {
            [0, 1]
                .map(|half| i16x16::new(std::array::from_fn(|i| entry(half * LANES + i / 2, 2 * k + i % 2))))
        });
        let squared_lengths = [0, 1].map(|half| {
            i32x8::new(std::array::from_fn(|i| descriptors.get(half * LANES + i).map_or(FAR, squared_length)))
        });
        Self { pairs, squared_lengths }
    }

    fn distances(&self, queries: &Queries) -> [Distances; HEIGHT] {
        let mut dots = [[i32x8::ZERO; 2]; HEIGHT];
        for (own, others) in self.pairs.iter().zip(&queries.pairs) {
            for (sums, other) in dots.iter_mut().zip(others) {
                sums[0] += own[0].dot(*other);
                sums[1] += own[1].dot(*other);
            }
        }
        std::array::from_fn(|q| {
            let length = i32x8::splat(queries.squared_lengths[q]);
            Distances([0, 1].map(|half| self.squared_lengths[half] + length - dots[q][half] - dots[q][half]))
        })
    }
}

fn squared_length(descriptor: &Descriptor) -> i32 {
    descriptor.iter().map(|&v| i32::from(v) * i32::from(v)).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::nearest::distance;

    fn descriptor() -> impl Strategy<Value = Descriptor> {
        proptest::collection::vec(any::<u8>(), 128).prop_map(|v| std::array::from_fn(|i| v[i]))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn packed_distances_are_those_of_the_plain_loop(
            own in proptest::collection::vec(descriptor(), 1..=HEIGHT),
            others in proptest::collection::vec(descriptor(), 1..40),
        ) {
            let blocks: Vec<_> = Packed::new(&others).distances(&Queries::new(&own)).collect();
            for (q, a) in own.iter().enumerate() {
                let found: Vec<i32> = blocks.iter().flat_map(|block| block[q].iter()).collect();
                let plain: Vec<i32> = others.iter().map(|b| distance(a, b)).collect();
                prop_assert_eq!(&found[..others.len()], &plain[..]);
                prop_assert!(found[others.len()..].iter().all(|&d| d >= FAR));
            }
        }
    }
}
