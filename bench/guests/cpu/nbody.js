// The sun and four planets, as point masses pulling at each other.
const clock = globalThis.performance ?? Date;
const start = clock.now();
const STEPS = 20_000;
const DT = 0.01;
const SUN = 4 * Math.PI ** 2;
const YEAR = 365.24;
const bodies = [
  [0, 0, 0, 0, 0, 0, SUN],
  [4.841, -1.16, -0.104, 0.00166 * YEAR, 0.0077 * YEAR, -0.000069 * YEAR, 0.000955 * SUN],
  [8.343, 4.125, -0.404, -0.00277 * YEAR, 0.005 * YEAR, 0.000023 * YEAR, 0.000286 * SUN],
  [12.894, -15.111, -0.223, 0.00296 * YEAR, 0.00238 * YEAR, -0.0000297 * YEAR, 0.0000437 * SUN],
  [15.38, -25.919, 0.179, 0.00268 * YEAR, 0.00163 * YEAR, -0.0000952 * YEAR, 0.0000515 * SUN],
];
const pairs = bodies.flatMap((a, i) => bodies.slice(i + 1).map((b) => [a, b]));

function energy() {
  let total = 0;
  for (const [, , , vx, vy, vz, m] of bodies) total += 0.5 * m * (vx * vx + vy * vy + vz * vz);
  for (const [a, b] of pairs) {
    total -= (a[6] * b[6]) / ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2) ** 0.5;
  }
  return total;
}

function advance(steps) {
  for (let step = 0; step < steps; step += 1) {
    for (const [a, b] of pairs) {
      const x = a[0] - b[0];
      const y = a[1] - b[1];
      const z = a[2] - b[2];
      const pull = DT / (x * x + y * y + z * z) ** 1.5;
      const fromA = a[6] * pull;
      const fromB = b[6] * pull;
      a[3] -= x * fromB;
      a[4] -= y * fromB;
      a[5] -= z * fromB;
      b[3] += x * fromA;
      b[4] += y * fromA;
      b[5] += z * fromA;
    }
    for (const body of bodies) {
      body[0] += DT * body[3];
      body[1] += DT * body[4];
      body[2] += DT * body[5];
    }
  }
}

advance(STEPS);
const answer = energy().toFixed(6);
console.log(`${clock.now() - start} ${answer}`);
