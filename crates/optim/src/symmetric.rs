use faer::linalg::solvers::Solve;
use faer::sparse::linalg::solvers::{Llt, SymbolicLlt};
use faer::sparse::{SparseColMat, SymbolicSparseColMat};
use faer::{Mat, Side};

use crate::Error;

/// The lower triangle of a sparse symmetric matrix, filled column by column, rows ascending.
pub(crate) struct Symmetric {
    size: usize,
    column_starts: Vec<usize>,
    row_idx: Vec<usize>,
    values: Vec<f64>,
}

impl Symmetric {
    pub fn new(size: usize) -> Self {
        Self { size, column_starts: vec![0], row_idx: Vec::new(), values: Vec::new() }
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

    /// Cholesky factors, the columns ordered for little fill (AMD); on one thread, so that sums keep their order.
    pub fn factor(self) -> Result<Factor, Error> {
        let singular = Error::Singular { unknowns: self.size };
        let symbolic =
            SymbolicSparseColMat::new_checked(self.size, self.size, self.column_starts, None, self.row_idx);
        let matrix = SparseColMat::new(symbolic, self.values);
        let ordered = SymbolicLlt::try_new(matrix.symbolic(), Side::Lower).map_err(|_| singular.clone())?;
        let llt = Llt::try_new_with_symbolic(ordered, matrix.as_ref(), Side::Lower).map_err(|_| singular)?;
        Ok(Factor { llt })
    }
}

/// Cholesky factors of a sparse symmetric positive definite matrix.
pub(crate) struct Factor {
    llt: Llt<usize, f64>,
}

impl Factor {
    /// `matrix^-1 * right`.
    pub fn solve(&self, right: &Mat<f64>) -> Mat<f64> {
        self.llt.solve(right)
    }
}
