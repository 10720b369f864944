# The sun and four planets, as point masses pulling at each other.
import time

start = time.perf_counter()
STEPS, DT = 20_000, 0.01
SUN = 4 * 3.141592653589793**2
YEAR = 365.24
bodies = [
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, SUN],
    [4.841, -1.160, -0.104, 0.00166 * YEAR, 0.00770 * YEAR, -0.0000690 * YEAR, 0.000955 * SUN],
    [8.343, 4.125, -0.404, -0.00277 * YEAR, 0.00500 * YEAR, 0.0000230 * YEAR, 0.000286 * SUN],
    [12.894, -15.111, -0.223, 0.00296 * YEAR, 0.00238 * YEAR, -0.0000297 * YEAR, 0.0000437 * SUN],
    [15.380, -25.919, 0.179, 0.00268 * YEAR, 0.00163 * YEAR, -0.0000952 * YEAR, 0.0000515 * SUN],
]
pairs = [(a, b) for i, a in enumerate(bodies) for b in bodies[i + 1 :]]


def energy():
    total = sum(0.5 * m * (vx * vx + vy * vy + vz * vz) for _, _, _, vx, vy, vz, m in bodies)
    for a, b in pairs:
        total -= a[6] * b[6] / ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2) ** 0.5
    return total


def advance(steps):
    for _ in range(steps):
        for a, b in pairs:
            x, y, z = a[0] - b[0], a[1] - b[1], a[2] - b[2]
            pull = DT / ((x * x + y * y + z * z) ** 1.5)
            from_a, from_b = a[6] * pull, b[6] * pull
            a[3] -= x * from_b
            a[4] -= y * from_b
            a[5] -= z * from_b
            b[3] += x * from_a
            b[4] += y * from_a
            b[5] += z * from_a
        for body in bodies:
            body[0] += DT * body[3]
            body[1] += DT * body[4]
            body[2] += DT * body[5]


advance(STEPS)
answer = f"{energy():.6f}"
print(f"{(time.perf_counter() - start) * 1000} {answer}")
