// Footprints and coverage, against what can be worked out by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coverageOf } from '../src/coverage.js';
import { footprint } from '../src/footprint.js';

const origin = { longitude_deg: 114.5, latitude_deg: 37, height_m: 100 };
const photo = (gimbal) => ({
  position: { lla: origin },
  relative_altitude_m: 100,
  width: 2000,
  height: 1000,
  calibration: { camera: { focal_px: 1000 } },
  gimbal,
});

const near = (actual, expected) => actual.flat().forEach((value, i) => assert.ok(Math.abs(value - expected.flat()[i]) < 1e-6, `${actual}`));

test('a photo straight down shows the ground around it, its top towards the yaw', () => {
  near(footprint(photo({ yaw_deg: 0, pitch_deg: -90 }), origin, 0), [
    [-100, 50],
    [100, 50],
    [100, -50],
    [-100, -50],
  ]);
  near(footprint(photo({ yaw_deg: 90, pitch_deg: -90 }), origin, 0), [
    [50, 100],
    [50, -100],
    [-50, -100],
    [-50, 100],
  ]);
});

test('a tilted photo shows more of what is farther', () => {
  const [farLeft, , , nearLeft] = footprint(photo({ yaw_deg: 0, pitch_deg: -60 }), origin, 0);
  assert.ok(farLeft[1] > 57.7 && nearLeft[1] < 57.7, 'the axis meets the ground at 100 / tan 60°');
  assert.ok(Math.abs(farLeft[0]) > Math.abs(nearLeft[0]));
});

test('a photo without position or into the sky has no footprint', () => {
  assert.equal(footprint(photo({ yaw_deg: 0, pitch_deg: 0 }), origin, 0), null);
  assert.equal(footprint({ ...photo(), position: null }, origin, 0), null);
});

const square = (x, y, size) => [
  [x, y],
  [x + size, y],
  [x + size, y + size],
  [x, y + size],
];

test('places are counted once for each photo that shows them', () => {
  const { counts } = coverageOf(
    [square(0, 0, 10), square(0, 0, 10), square(5, 0, 10)],
    [
      [0, 0],
      [10, 0],
    ],
  );
  assert.deepEqual([...new Set(counts)].sort(), [1, 2, 3]);
});

test('what too few photos show between the stations is a gap of its true size', () => {
  const stations = [
    [0, 0],
    [100, 0],
    [100, 100],
    [0, 100],
  ];
  const whole = [square(-10, -10, 120), square(-10, -10, 120), square(-10, -10, 120)];
  assert.equal(coverageOf(whole, stations).gapArea, 0);
  const strips = [
    [-10, 40],
    [60, 50],
  ].flatMap(([x, width]) =>
    Array(3).fill([
      [x, -10],
      [x + width, -10],
      [x + width, 110],
      [x, 110],
    ]),
  );
  const { gapArea } = coverageOf(strips, stations);
  assert.ok(Math.abs(gapArea - 3000) < 150, `${gapArea}`);
});
