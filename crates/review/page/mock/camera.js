// Where a place on the map appears in the simulated photos: their true poses and the true camera.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Poses by photo and the camera that all share. */
export const camerasOf = (site) => {
  const camera = JSON.parse(readFileSync(join(site, 'truth', 'calibration.json'), 'utf8'));
  const lines = readFileSync(join(site, 'truth', 'poses.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(2);
  const poses = lines.map((line) => {
    const [name, date, ...numbers] = line.split(',');
    const [east, north, height, ...quaternion] = numbers.map(Number);
    return [name, { name, date, centre: [east, north, height], quaternion }];
  });
  return { camera, poses: new Map(poses) };
};

const rotated = ([w, x, y, z], [a, b, c]) => {
  const cross = ([p, q, r], [s, t, u]) => [q * u - r * t, r * s - p * u, p * t - q * s];
  const once = cross([x, y, z], [a, b, c]).map((value, i) => value + w * [a, b, c][i]);
  const twice = cross([x, y, z], once);
  return [a, b, c].map((value, i) => value + 2 * twice[i]);
};

/** Pixel of a point (east, north, height); null behind the camera or outside the photo. */
export const pixelOf = (camera, pose, point) => {
  const [x, y, z] = rotated(
    pose.quaternion,
    point.map((value, i) => value - pose.centre[i]),
  );
  if (z <= 0) return null;
  const [u, v] = [x / z, y / z];
  const r2 = u * u + v * v;
  const radial = 1 + r2 * (camera.k1 + r2 * (camera.k2 + r2 * camera.k3));
  const col = camera.focal_px * (u * radial + 2 * camera.p1 * u * v + camera.p2 * (r2 + 2 * u * u)) + camera.cx;
  const row = camera.focal_px * (v * radial + camera.p1 * (r2 + 2 * v * v) + 2 * camera.p2 * u * v) + camera.cy;
  const inside = col >= 0 && row >= 0 && col <= camera.width && row <= camera.height;
  return inside ? [Math.round(col * 10) / 10, Math.round(row * 10) / 10] : null;
};
