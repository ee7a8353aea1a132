//! When the iterations behind eigenvalues and singular values stop. Without a limit, rare matrices - one in a few million samples
//! of a real flight - go round for ever.

/// Relative size below which an off-diagonal element counts as zero.
pub const EPSILON: f64 = 5.0 * f64::EPSILON;
/// Iterations after which a matrix is given up; ten a row is usual.
pub const MAX_ITERATIONS: usize = 1000;
