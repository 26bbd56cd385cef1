// The inverse of a symmetric positive definite matrix, by Cholesky's decomposition: what says how far a
// vector lies from the usual once correlations are taken into account.

/** Inverse of the `size` × `size` matrix in row order; undefined where it is not positive definite. */
export function inverted(matrix: Float64Array, size: number): Float64Array | undefined {
  const lower = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let sum = matrix[row * size + column] ?? 0;
      for (let k = 0; k < column; k += 1) {
        sum -= (lower[row * size + k] ?? 0) * (lower[column * size + k] ?? 0);
      }
      if (row === column) {
        if (!(sum > 0)) return undefined;
        lower[row * size + row] = Math.sqrt(sum);
      } else {
        lower[row * size + column] = sum / (lower[column * size + column] ?? 1);
      }
    }
  }
  const inverse = new Float64Array(size * size);
  for (let column = 0; column < size; column += 1) solveUnit(lower, size, column, inverse);
  return inverse;
}

/** Solves for one column of the identity: forwards, then backwards. */
function solveUnit(lower: Float64Array, size: number, column: number, into: Float64Array): void {
  const x = new Float64Array(size);
  for (let row = 0; row < size; row += 1) {
    let sum = row === column ? 1 : 0;
    for (let k = 0; k < row; k += 1) sum -= (lower[row * size + k] ?? 0) * (x[k] ?? 0);
    x[row] = sum / (lower[row * size + row] ?? 1);
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    let sum = x[row] ?? 0;
    for (let k = row + 1; k < size; k += 1) sum -= (lower[k * size + row] ?? 0) * (x[k] ?? 0);
    x[row] = sum / (lower[row * size + row] ?? 1);
    into[row * size + column] = x[row] ?? 0;
  }
}
