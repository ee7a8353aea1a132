// The ground that a photo shows, from where it was taken and how the camera hung.

const RADIUS_M = 6378137;
const radians = (degrees) => (degrees * Math.PI) / 180;

/** East and north of a place from an origin, metres; good for the size of a flight. */
export const metres = (origin, { longitude_deg: longitude, latitude_deg: latitude }) => [
  radians(longitude - origin.longitude_deg) * RADIUS_M * Math.cos(radians(origin.latitude_deg)),
  radians(latitude - origin.latitude_deg) * RADIUS_M,
];

/** A ray of the camera (right, down, forward) as east, north, up. */
const turned = ([right, down, forward], { yaw_deg: yaw, pitch_deg: pitch }) => {
  const [sy, cy, sp, cp] = [Math.sin(radians(yaw)), Math.cos(radians(yaw)), Math.sin(radians(pitch)), Math.cos(radians(pitch))];
  const ahead = forward * cp + down * sp;
  return [right * cy + ahead * sy, -right * sy + ahead * cy, forward * sp - down * cp];
};

/** The focal length in pixels: that of the maker's calibration, else a usual one for the width. */
const focalOf = (photo) => photo.calibration?.camera?.focal_px ?? photo.focal_px ?? photo.width * 0.7;

/** Corners on the ground, or null for a photo without position or that looks at the sky. */
export const footprint = (photo, origin, ground) => {
  const lla = photo.position?.lla;
  if (!lla) return null;
  const [east, north] = metres(origin, lla);
  const height = photo.relative_altitude_m ?? lla.height_m - ground;
  const gimbal = photo.gimbal ?? { yaw_deg: 0, pitch_deg: -90 };
  const [x, y] = [photo.width / 2 / focalOf(photo), photo.height / 2 / focalOf(photo)];
  const corners = [
    [-x, -y, 1],
    [x, -y, 1],
    [x, y, 1],
    [-x, y, 1],
  ].map((ray) => turned(ray, gimbal));
  if (corners.some(([, , up]) => up > -0.2)) return null;
  return corners.map(([e, n, up]) => [east + (e * height) / -up, north + (n * height) / -up]);
};
