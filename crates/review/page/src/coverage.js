// How many photos show each place of a flight.

const CELLS = 160;
/** A surface needs so many photos of a place. */
export const ENOUGH = 3;

const isInside = (ring, [x, y]) =>
  ring.reduce((inside, [ax, ay], i) => {
    const [bx, by] = ring[(i + ring.length - 1) % ring.length];
    return ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax ? !inside : inside;
  }, false);

const boundsOf = (points) => [
  Math.min(...points.map(([x]) => x)),
  Math.min(...points.map(([, y]) => y)),
  Math.max(...points.map(([x]) => x)),
  Math.max(...points.map(([, y]) => y)),
];

/** The hull of points (Andrew's monotone chain). */
const hullOf = (points) => {
  const sorted = points.toSorted(([ax, ay], [bx, by]) => ax - bx || ay - by);
  const half = (list) => {
    const chain = [];
    const isTurn = (p) => {
      const [[ax, ay], [bx, by]] = chain.slice(-2);
      return (bx - ax) * (p[1] - ay) - (by - ay) * (p[0] - ax) <= 0;
    };
    list.forEach((point) => {
      while (chain.length > 1 && isTurn(point)) chain.pop();
      chain.push(point);
    });
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.toReversed())];
};

/** Counts on a grid over the rings; `gapArea` is what too few photos show between the stations, square metres. */
export const coverageOf = (rings, stations) => {
  const extent = boundsOf(rings.flat());
  const size = Math.max(extent[2] - extent[0], extent[3] - extent[1]) / CELLS;
  const [columns, rows] = [Math.ceil((extent[2] - extent[0]) / size), Math.ceil((extent[3] - extent[1]) / size)];
  const counts = new Uint16Array(columns * rows);
  const boxes = rings.map(boundsOf);
  const hull = stations.length > 2 ? hullOf(stations) : [];
  let gaps = 0;
  counts.forEach((_, cell) => {
    const point = [extent[0] + ((cell % columns) + 0.5) * size, extent[3] - (Math.floor(cell / columns) + 0.5) * size];
    const isNear = ([west, south, east, north]) => point[0] >= west && point[0] <= east && point[1] >= south && point[1] <= north;
    counts[cell] = rings.filter((ring, i) => isNear(boxes[i]) && isInside(ring, point)).length;
    if (counts[cell] < ENOUGH && hull.length > 2 && isInside(hull, point)) gaps += 1;
  });
  return {
    counts,
    columns,
    rows,
    extent: [extent[0], extent[3] - rows * size, extent[0] + columns * size, extent[3]],
    gapArea: gaps * size * size,
  };
};
