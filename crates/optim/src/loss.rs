/// How a squared residual counts: squares near zero, less and less for outliers.
///
/// Residuals are in units of their standard deviation; so are the scales.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Loss {
    /// Least squares.
    Square,
    /// Quadratic up to `scale`, linear beyond (Huber 1964): keeps a pull on outliers.
    Huber {
        /// Where the linear part starts.
        scale: f64,
    },
    /// `scale² ln(1 + s / scale²)` (Cauchy): outliers lose nearly all their pull.
    Cauchy {
        /// Residual at which the weight has fallen to one half.
        scale: f64,
    },
}

impl Loss {
    /// Cost of a squared residual `s`; equal to `s` for small ones.
    pub fn cost(&self, s: f64) -> f64 {
        match *self {
            Self::Square => s,
            Self::Huber { scale } if s <= scale * scale => s,
            Self::Huber { scale } => 2.0 * scale * s.sqrt() - scale * scale,
            Self::Cauchy { scale } => scale * scale * (s / (scale * scale)).ln_1p(),
        }
    }

    /// Derivative of [`Loss::cost`]: the weight of an iteratively reweighted least-squares step.
    pub fn weight(&self, s: f64) -> f64 {
        match *self {
            Self::Square => 1.0,
            Self::Huber { scale } if s <= scale * scale => 1.0,
            Self::Huber { scale } => scale / s.sqrt(),
            Self::Cauchy { scale } => 1.0 / (1.0 + s / (scale * scale)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOSSES: [Loss; 3] = [Loss::Square, Loss::Huber { scale: 1.5 }, Loss::Cauchy { scale: 2.0 }];

    #[test]
    fn the_weight_is_the_slope_of_the_cost() {
        for loss in LOSSES {
            for s in [0.01, 1.0, 3.0, 40.0] {
                let slope = (loss.cost(s + 1e-6) - loss.cost(s - 1e-6)) / 2e-6;
                assert!((slope - loss.weight(s)).abs() < 1e-6, "{loss:?} at {s}");
            }
        }
    }

    #[test]
    fn small_residuals_count_as_squares() {
        for loss in LOSSES {
            assert!((loss.cost(1e-6) - 1e-6).abs() < 1e-11);
        }
    }
}
