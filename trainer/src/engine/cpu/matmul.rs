//! Matrix products: the one place that calls the `gemm` crate.

/// A view of a matrix with any strides.
#[derive(Clone, Copy)]
pub(super) struct Mat<'a> {
    data: &'a [f32],
    rows: usize,
    cols: usize,
    row_stride: usize,
    col_stride: usize,
}

/// A view of a row-major matrix to write to.
pub(super) struct MatMut<'a> {
    data: &'a mut [f32],
    rows: usize,
    cols: usize,
    row_stride: usize,
}

/// Values from the first to the last of a matrix, both included.
fn extent(rows: usize, cols: usize, row_stride: usize, col_stride: usize) -> usize {
    if rows == 0 || cols == 0 { 0 } else { (rows - 1) * row_stride + (cols - 1) * col_stride + 1 }
}

impl<'a> Mat<'a> {
    /// A row-major matrix whose rows begin every `row_stride` values of `data`.
    pub fn new(data: &'a [f32], rows: usize, cols: usize, row_stride: usize) -> Self {
        assert!(extent(rows, cols, row_stride, 1) <= data.len(), "matrix larger than its slice");
        Self { data, rows, cols, row_stride, col_stride: 1 }
    }

    /// The transpose; nothing moves.
    pub fn t(self) -> Self {
        Self {
            rows: self.cols,
            cols: self.rows,
            row_stride: self.col_stride,
            col_stride: self.row_stride,
            ..self
        }
    }
}

impl<'a> MatMut<'a> {
    /// A row-major matrix whose rows begin every `row_stride` values of `data`.
    pub fn new(data: &'a mut [f32], rows: usize, cols: usize, row_stride: usize) -> Self {
        assert!(extent(rows, cols, row_stride, 1) <= data.len(), "matrix larger than its slice");
        assert!(cols <= row_stride || rows <= 1, "rows of a target overlap");
        Self { data, rows, cols, row_stride }
    }
}

/// Whether a product may use the other cores: never inside a task that already runs on one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cores {
    /// The calling thread only.
    One,
    /// All threads of the current pool.
    All,
}

/// `target = a b`, or `target += a b`. The order of every sum depends on shapes and on the number
/// of threads only.
pub(super) fn matmul(target: MatMut<'_>, a: Mat<'_>, b: Mat<'_>, accumulate: bool, cores: Cores) {
    assert_eq!((target.rows, target.cols, a.cols), (a.rows, b.cols, b.rows), "shapes of a product");
    if target.rows == 0 || target.cols == 0 {
        return;
    }
    let parallelism = match cores {
        Cores::One => gemm::Parallelism::None,
        Cores::All => gemm::Parallelism::Rayon(rayon::current_num_threads()),
    };
    // SAFETY: the constructors have checked that every element of each view lies inside its
    // slice, strides of slices that exist fit `isize`, the shapes agree by the assertion, and the
    // target is a unique borrow whose rows do not overlap.
    #[expect(unsafe_code, reason = "gemm takes raw pointers")]
    unsafe {
        gemm::gemm(
            target.rows,
            target.cols,
            a.cols,
            target.data.as_mut_ptr(),
            1,
            target.row_stride as isize,
            accumulate,
            a.data.as_ptr(),
            a.col_stride as isize,
            a.row_stride as isize,
            b.data.as_ptr(),
            b.col_stride as isize,
            b.row_stride as isize,
            1.0,
            1.0,
            false,
            false,
            false,
            parallelism,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn products_with_strides_and_transposes(
            m in 1..20usize, n in 1..20usize, k in 1..20usize, pad in 0..3usize,
            turn_a: bool, turn_b: bool, accumulate: bool,
        ) {
            let value = |i: usize| ((i * 7919 + 13) % 23) as f32 - 11.0;
            let (a_rows, a_cols) = if turn_a { (k, m) } else { (m, k) };
            let (b_rows, b_cols) = if turn_b { (n, k) } else { (k, n) };
            let a: Vec<f32> = (0..a_rows * (a_cols + pad)).map(value).collect();
            let b: Vec<f32> = (0..b_rows * (b_cols + pad)).map(|i| value(i + 5)).collect();
            let mut y = vec![1.0; m * (n + pad)];
            let (a_mat, b_mat) = (
                Mat::new(&a, a_rows, a_cols, a_cols + pad),
                Mat::new(&b, b_rows, b_cols, b_cols + pad),
            );
            let a_mat = if turn_a { a_mat.t() } else { a_mat };
            let b_mat = if turn_b { b_mat.t() } else { b_mat };
            matmul(MatMut::new(&mut y, m, n, n + pad), a_mat, b_mat, accumulate, Cores::All);
            for i in 0..m {
                for j in 0..n {
                    let at = |x: &[f32], cols: usize, turned: bool, row: usize, col: usize| {
                        if turned { x[col * (cols + pad) + row] } else { x[row * (cols + pad) + col] }
                    };
                    let exact: f32 = (0..k)
                        .map(|l| at(&a, a_cols, turn_a, i, l) * at(&b, b_cols, turn_b, l, j))
                        .sum();
                    let before = if accumulate { 1.0 } else { 0.0 };
                    // Small integers: every sum is exact.
                    prop_assert_eq!(y[i * (n + pad) + j], exact + before);
                }
                for j in n..(n + pad) {
                    prop_assert_eq!(y[i * (n + pad) + j], 1.0);
                }
            }
        }
    }
}
