use std::sync::Arc;

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::cholesky::llt::factor::LltRegularization;
use faer::sparse::linalg::amd::Control;
use faer::sparse::linalg::cholesky::{
    CholeskySymbolicParams, LltRef, SymbolicCholesky, SymmetricOrdering, factorize_symbolic_cholesky,
};
use faer::sparse::{SparseColMatRef, SymbolicSparseColMatRef};
use faer::{Conj, Mat, Par, Side, Spec};

use crate::Error;

/// Columns that meet more than this fraction of the rows, as those of a calibration do, are ordered last unseen.
const DENSE: f64 = 0.5;

/// The lower triangle of a sparse symmetric matrix, filled column by column, rows ascending.
pub(crate) struct Symmetric {
    size: usize,
    column_starts: Vec<usize>,
    row_idx: Vec<usize>,
    values: Vec<f64>,
}

impl Symmetric {
    /// Without entries yet, with room for so many.
    pub fn new(size: usize, entries: usize) -> Self {
        let (row_idx, values) = (Vec::with_capacity(entries), Vec::with_capacity(entries));
        Self { size, column_starts: vec![0], row_idx, values }
    }

    /// Appends an entry to the column that is being filled.
    pub fn push(&mut self, row: usize, value: f64) {
        self.row_idx.push(row);
        self.values.push(value);
    }

    pub fn end_column(&mut self) {
        self.column_starts.push(self.row_idx.len());
    }

    /// `self * dense`.
    pub fn times(&self, dense: &Mat<f64>) -> Mat<f64> {
        let mut product = Mat::zeros(self.size, dense.ncols());
        for col in 0..self.size {
            for at in self.column_starts[col]..self.column_starts[col + 1] {
                let (row, value) = (self.row_idx[at], self.values[at]);
                for k in 0..dense.ncols() {
                    product[(row, k)] += value * dense[(col, k)];
                    if row != col {
                        product[(col, k)] += value * dense[(row, k)];
                    }
                }
            }
        }
        product
    }

    /// Cholesky factors; on one thread, so that sums keep their order.
    ///
    /// `known` holds where the factors of the last such matrix are not zero; it is found anew where this one's pattern
    /// differs.
    pub fn factor(self, known: &mut Option<Arc<Fill>>) -> Result<Factor, Error> {
        let singular = || Error::Singular { unknowns: self.size };
        let fill = match known.take().filter(|fill| fill.is_of(&self)) {
            Some(fill) => fill,
            None => Arc::new(Fill::of(&self).ok_or_else(singular)?),
        };
        *known = Some(Arc::clone(&fill));
        let matrix = SparseColMatRef::new(pattern(&self.column_starts, &self.row_idx), &self.values);
        let mut values = vec![0.0; fill.symbolic.len_val()];
        let mut scratch =
            MemBuffer::new(fill.symbolic.factorize_numeric_llt_scratch::<f64>(Par::Seq, Spec::default()));
        fill.symbolic
            .factorize_numeric_llt(
                &mut values,
                matrix,
                Side::Lower,
                LltRegularization::default(),
                Par::Seq,
                MemStack::new(&mut scratch),
                Spec::default(),
            )
            .map_err(|_| singular())?;
        Ok(Factor { fill, values })
    }
}

/// Where the factors of a matrix are not zero, its columns ordered so that they are so at few places
/// (approximate minimum degree: Amestoy, Davis and Duff 1996).
pub(crate) struct Fill {
    column_starts: Vec<usize>,
    row_idx: Vec<usize>,
    symbolic: SymbolicCholesky<usize>,
}

impl Fill {
    /// `None` where there is no memory for it.
    fn of(matrix: &Symmetric) -> Option<Self> {
        let lower = pattern(&matrix.column_starts, &matrix.row_idx);
        let amd_params = Control { dense: DENSE * (matrix.size as f64).sqrt(), ..Control::default() };
        let params = CholeskySymbolicParams { amd_params, ..CholeskySymbolicParams::default() };
        let symbolic =
            factorize_symbolic_cholesky(lower, Side::Lower, SymmetricOrdering::Amd, params).ok()?;
        let (column_starts, row_idx) = (matrix.column_starts.clone(), matrix.row_idx.clone());
        Some(Self { column_starts, row_idx, symbolic })
    }

    fn is_of(&self, matrix: &Symmetric) -> bool {
        self.column_starts == matrix.column_starts && self.row_idx == matrix.row_idx
    }
}

fn pattern<'a>(column_starts: &'a [usize], row_idx: &'a [usize]) -> SymbolicSparseColMatRef<'a, usize> {
    let size = column_starts.len() - 1;
    SymbolicSparseColMatRef::new_checked(size, size, column_starts, None, row_idx)
}

/// Cholesky factors of a sparse symmetric positive definite matrix.
pub(crate) struct Factor {
    fill: Arc<Fill>,
    values: Vec<f64>,
}

impl Factor {
    /// `matrix^-1 * right`.
    pub fn solve(&self, right: &Mat<f64>) -> Mat<f64> {
        let symbolic = &self.fill.symbolic;
        let mut solution = right.clone();
        let mut scratch = MemBuffer::new(symbolic.solve_in_place_scratch::<f64>(right.ncols(), Par::Seq));
        LltRef::new(symbolic, &self.values).solve_in_place_with_conj(
            Conj::No,
            solution.as_mut(),
            Par::Seq,
            MemStack::new(&mut scratch),
        );
        solution
    }
}
