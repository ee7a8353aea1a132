use super::layer::Layer;

/// Steps of scale in an octave.
pub const STEPS: usize = 3;

/// Differences of neighbouring layers in an octave.
pub const DIFFERENCES: usize = STEPS + 2;

/// Blur of an octave's first layer, in its own pixels.
const BASE_SIGMA: f32 = 1.6;

/// Blur that a photo is held to have of itself, pixels.
const PHOTO_SIGMA: f32 = 0.5;

/// Standard deviation of the blob that answers strongest, per blur of the finer of the two layers compared:
/// `2^(1/(2 STEPS))`.
pub const BLOB_PER_SIGMA: f32 = 1.122_462;

/// Layers of one resolution, each blurred by `2^(1/STEPS)` more than the one before.
pub struct Octave {
    /// Size of its pixel in pixels of the worked photo.
    pub step: f32,
    /// `STEPS + 3` layers.
    pub layers: Vec<Layer>,
}

impl Octave {
    fn new(first: Layer, step: f32) -> Self {
        let mut layers = vec![first];
        for level in 1..STEPS + 3 {
            let (before, after) = (sigma(level as f32 - 1.0), sigma(level as f32));
            layers.push(layers[level - 1].blurred((after * after - before * before).sqrt()));
        }
        Self { step, layers }
    }

    /// Pixels in a row.
    pub fn width(&self) -> usize {
        self.layers[0].width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.layers[0].height
    }

    /// How much brighter layer `level + 1` is than layer `level` at a pixel: `[column, row, level]`.
    pub fn difference(&self, [x, y, level]: [usize; 3]) -> f32 {
        self.layers[level + 1].at(x, y) - self.layers[level].at(x, y)
    }

    /// The layer whose blur is nearest to `sigma` octave pixels.
    pub fn nearest(&self, sigma: f32) -> &Layer {
        let level = (sigma / BASE_SIGMA).log2() * STEPS as f32;
        &self.layers[(level.round() as usize).min(self.layers.len() - 1)]
    }
}

/// Blur of a level of an octave, octave pixels.
pub fn sigma(level: f32) -> f32 {
    BASE_SIGMA * (level / STEPS as f32).exp2()
}

/// Builds the octaves of a photo from fine to coarse; `doubled` says that the photo was enlarged to twice its size.
pub fn for_each_octave(photo: &Layer, doubled: bool, mut use_octave: impl FnMut(Octave)) {
    if photo.width.min(photo.height) < Layer::MIN_SIDE {
        return;
    }
    let photo_sigma = if doubled { 2.0 * PHOTO_SIGMA } else { PHOTO_SIGMA };
    let mut first = photo.blurred((BASE_SIGMA * BASE_SIGMA - photo_sigma * photo_sigma).sqrt());
    let mut step = 1.0;
    loop {
        let octave = Octave::new(first, step);
        first = octave.layers[STEPS].halved();
        step *= 2.0;
        use_octave(octave);
        if first.width.min(first.height) < Layer::MIN_SIDE {
            return;
        }
    }
}
