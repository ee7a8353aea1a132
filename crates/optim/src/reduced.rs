use std::sync::Arc;

use faer::Mat;
use nalgebra::{DMatrix, DVector, Matrix3, SMatrix, SVector, Vector3};
use rayon::prelude::*;

use crate::linear::Linear;
use crate::symmetric::{Fill, Symmetric};
use crate::{Error, Step};

/// Points summed by one task; fixed, so that sums do not depend on the number of threads.
const POINTS_PER_TASK: usize = 1024;

/// The normal equations of frame and shared blocks after the points are eliminated (the Schur complement):
/// `matrix * step = right`. Only blocks of frames that share a point are formed.
pub(crate) struct Reduced<const F: usize, const S: usize> {
    frames: usize,
    shared: usize,
    pub matrix: Symmetric,
    right: Mat<f64>,
}

/// The part of the reduced equations that belongs to one frame.
struct FrameRow<const F: usize, const S: usize> {
    /// Blocks on and right of the diagonal, ascending.
    by_frame: Vec<(usize, SMatrix<f64, F, F>)>,
    by_shared: Vec<SMatrix<f64, F, S>>,
    right: SVector<f64, F>,
}

impl<const F: usize, const S: usize> Reduced<F, S> {
    pub fn new(linear: &Linear<F, S>, point_inverses: &[Matrix3<f64>], damping: f64) -> Self {
        let (frames, shared) = (linear.frame_priors.len(), linear.shared_priors.len());
        let rows: Vec<_> =
            (0..frames).into_par_iter().map(|f| frame_row(linear, point_inverses, damping, f)).collect();
        let (corner, corner_right) = shared_corner(linear, point_inverses, damping);
        let n = F * frames + S * shared;
        let entries = rows.iter().map(FrameRow::entries).sum::<usize>() + corner.len();
        let mut matrix = Symmetric::new(n, entries);
        let mut right = Mat::zeros(n, 1);
        for (i, row) in rows.iter().enumerate() {
            row.write(i, frames, &mut matrix);
            for r in 0..F {
                right[(F * i + r, 0)] = row.right[r];
            }
        }
        for c in 0..S * shared {
            right[(F * frames + c, 0)] = corner_right[c];
            for r in c..S * shared {
                matrix.push(F * frames + r, corner[(r, c)]);
            }
            matrix.end_column();
        }
        Self { frames, shared, matrix, right }
    }

    /// Number of unknowns.
    pub fn size(&self) -> usize {
        F * self.frames + S * self.shared
    }

    /// The step of all parameters that solves the equations.
    pub fn solve(
        self,
        linear: &Linear<F, S>,
        point_inverses: &[Matrix3<f64>],
        fill: &mut Option<Arc<Fill>>,
    ) -> Result<Step<F, S>, Error> {
        let solution = self.matrix.factor(fill)?.solve(&self.right);
        let block = |at: usize| solution[(at, 0)];
        let frames: Vec<_> = (0..self.frames).map(|f| SVector::from_fn(|r, _| block(F * f + r))).collect();
        let start = F * self.frames;
        let shared: Vec<_> =
            (0..self.shared).map(|s| SVector::from_fn(|r, _| block(start + S * s + r))).collect();
        let points = back_substituted(linear, point_inverses, &frames, &shared);
        Ok(Step { frames, shared, points })
    }
}

impl<const F: usize, const S: usize> FrameRow<F, S> {
    /// An upper bound of the entries that it writes.
    fn entries(&self) -> usize {
        F * (F * self.by_frame.len() + S * self.by_shared.len())
    }

    /// The row, which is also a column of the lower triangle.
    fn write(&self, frame: usize, frames: usize, matrix: &mut Symmetric) {
        for c in 0..F {
            for (j, block) in &self.by_frame {
                let first = if *j == frame { c } else { 0 };
                for r in first..F {
                    matrix.push(F * j + r, block[(c, r)]);
                }
            }
            for (s, block) in self.by_shared.iter().enumerate() {
                for r in 0..S {
                    matrix.push(F * frames + S * s + r, block[(c, r)]);
                }
            }
            matrix.end_column();
        }
    }
}

/// Blocks of a row that has few of many.
struct Blocks<const F: usize> {
    /// For every frame, where its block is in the list.
    places: Vec<Option<u32>>,
    blocks: Vec<(usize, SMatrix<f64, F, F>)>,
}

impl<const F: usize> Blocks<F> {
    fn new(frames: usize) -> Self {
        Self { places: vec![None; frames], blocks: Vec::new() }
    }

    /// The block of a frame; zero at first.
    fn block(&mut self, frame: usize) -> &mut SMatrix<f64, F, F> {
        let next = self.blocks.len();
        let place = *self.places[frame].get_or_insert(next as u32) as usize;
        if place == next {
            self.blocks.push((frame, SMatrix::zeros()));
        }
        &mut self.blocks[place].1
    }

    fn ascending(mut self) -> Vec<(usize, SMatrix<f64, F, F>)> {
        self.blocks.sort_by_key(|(frame, _)| *frame);
        self.blocks
    }
}

fn frame_row<const F: usize, const S: usize>(
    linear: &Linear<F, S>,
    point_inverses: &[Matrix3<f64>],
    damping: f64,
    frame: usize,
) -> FrameRow<F, S> {
    let prior = &linear.frame_priors[frame];
    let mut own = prior.hessian;
    let mut right = -prior.gradient;
    let mut by_frame = Blocks::new(linear.frame_priors.len());
    let mut by_shared = vec![SMatrix::zeros(); linear.shared_priors.len()];
    for &(p, e) in &linear.rows_of_frame[frame] {
        let rows = &linear.points[p];
        let equation = &rows.equations[e];
        own += equation.by_frame.transpose() * equation.by_frame;
        right -= equation.by_frame.transpose() * equation.residual;
        if let Some(s) = equation.shared {
            by_shared[s] += equation.by_frame.transpose() * equation.by_shared;
        }
        let Some((_, coupling)) = &rows.to_frames[e] else { continue };
        let through = coupling * point_inverses[p];
        right += through * rows.gradient;
        for (j, other) in rows.to_frames.iter().flatten().filter(|(j, _)| *j >= frame) {
            subtract_product(by_frame.block(*j), &through, other);
        }
        for (s, coupling) in &rows.to_shared {
            by_shared[*s] -= through * coupling;
        }
    }
    *by_frame.block(frame) += own + damping * SMatrix::from_diagonal(&own.diagonal());
    let by_frame = by_frame.ascending();
    FrameRow { by_frame, by_shared, right }
}

/// `block -= a * b^T`, where nearly all time goes: unrolled, unlike the general product of nalgebra.
fn subtract_product<const F: usize>(
    block: &mut SMatrix<f64, F, F>,
    a: &SMatrix<f64, F, 3>,
    b: &SMatrix<f64, F, 3>,
) {
    let ([a0, a1, a2], [b0, b1, b2]) = (&a.data.0, &b.data.0);
    for (c, column) in block.data.0.iter_mut().enumerate() {
        for (r, value) in column.iter_mut().enumerate() {
            *value -= a0[r] * b0[c] + a1[r] * b1[c] + a2[r] * b2[c];
        }
    }
}

/// The lower right corner of the reduced matrix, and its right side.
fn shared_corner<const F: usize, const S: usize>(
    linear: &Linear<F, S>,
    point_inverses: &[Matrix3<f64>],
    damping: f64,
) -> (DMatrix<f64>, DVector<f64>) {
    let n = S * linear.shared_priors.len();
    let zero = || (DMatrix::zeros(n, n), DMatrix::zeros(n, n), DVector::zeros(n));
    let tasks: Vec<_> = linear
        .points
        .par_chunks(POINTS_PER_TASK)
        .zip(point_inverses.par_chunks(POINTS_PER_TASK))
        .map(|(points, inverses)| {
            let (mut own, mut eliminated, mut right) = zero();
            for (rows, inverse) in points.iter().zip(inverses) {
                for e in &rows.equations {
                    let Some(at) = e.shared.map(|s| S * s) else { continue };
                    let mut block = own.fixed_view_mut::<S, S>(at, at);
                    block += e.by_shared.transpose() * e.by_shared;
                    let mut block = right.fixed_rows_mut::<S>(at);
                    block -= e.by_shared.transpose() * e.residual;
                }
                for (s, coupling) in &rows.to_shared {
                    let through = coupling.transpose() * inverse;
                    let mut block = right.fixed_rows_mut::<S>(S * s);
                    block += through * rows.gradient;
                    for (t, other) in &rows.to_shared {
                        let mut block = eliminated.fixed_view_mut::<S, S>(S * s, S * t);
                        block += through * other;
                    }
                }
            }
            (own, eliminated, right)
        })
        .collect();
    let (mut own, mut eliminated, mut right) = zero();
    for (task_own, task_eliminated, task_right) in tasks {
        own += task_own;
        eliminated += task_eliminated;
        right += task_right;
    }
    for (s, prior) in linear.shared_priors.iter().enumerate() {
        let mut block = own.fixed_view_mut::<S, S>(S * s, S * s);
        block += prior.hessian;
        let mut block = right.fixed_rows_mut::<S>(S * s);
        block -= prior.gradient;
    }
    let damped = &own + damping * DMatrix::from_diagonal(&own.diagonal());
    (damped - eliminated, right)
}

fn back_substituted<const F: usize, const S: usize>(
    linear: &Linear<F, S>,
    point_inverses: &[Matrix3<f64>],
    frames: &[SVector<f64, F>],
    shared: &[SVector<f64, S>],
) -> Vec<Vector3<f64>> {
    linear
        .points
        .par_iter()
        .zip(point_inverses)
        .map(|(rows, inverse)| {
            let mut gradient = rows.gradient;
            for e in &rows.equations {
                if let Some(f) = e.frame {
                    gradient += e.by_point.transpose() * (e.by_frame * frames[f]);
                }
                if let Some(s) = e.shared {
                    gradient += e.by_point.transpose() * (e.by_shared * shared[s]);
                }
            }
            -inverse * gradient
        })
        .collect()
}
