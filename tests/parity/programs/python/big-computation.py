# A few hundred milliseconds of everything: the same digits everywhere.
grid = [[(x * y + x - y) % 7 for x in range(120)] for y in range(120)]
for _ in range(3):
    grid = [
        [(grid[y][x] + grid[y - 1][x] + grid[y][x - 1]) % 11 for x in range(120)]
        for y in range(120)
    ]
print(sum(map(sum, grid)), grid[60][:12])
a, b = 0, 1
for _ in range(2000):
    a, b = b, a + b
print(a)
pi = sum((-1) ** k / (2 * k + 1) for k in range(100_000)) * 4
print(repr(pi))
