// Change of height in classes that the eye can tell apart.

/** Least change of a class, metres, and its colour; what changed less than the first stays clear. */
export const CLASSES = [
  { least: 0.5, up: [253, 190, 133], down: [189, 215, 231] },
  { least: 2, up: [253, 141, 60], down: [107, 174, 214] },
  { least: 5, up: [217, 71, 1], down: [49, 130, 189] },
  { least: 10, up: [127, 39, 4], down: [8, 48, 107] },
];

const OPACITY = 190;

const colourOf = (change) => {
  const size = Math.abs(change);
  const found = CLASSES.findLast(({ least }) => size >= least);
  return found && (change > 0 ? found.up : found.down);
};

/** Paints cells of change in metres. */
export const paintRise = (cells, pixels, samples) => {
  for (let from = 0, to = 0; to < pixels.length; from += samples, to += 4) {
    const colour = Number.isFinite(cells[from]) && colourOf(cells[from]);
    if (colour) pixels.set([...colour, OPACITY], to);
  }
};
