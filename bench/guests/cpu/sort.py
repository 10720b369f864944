# Numbers, then records by two keys.
import time

start = time.perf_counter()
seed, numbers = 42, []
for _ in range(50_000):
    seed = (seed * 16_807) % 2_147_483_647
    numbers.append(seed)
answer = 0
for _ in range(2):
    ordered = sorted(numbers)
    answer += ordered[1000]
records = sorted(((n % 1000, n) for n in numbers), key=lambda pair: (pair[0], -pair[1]))
answer = f"{answer}/{records[500][1]}"
print(f"{(time.perf_counter() - start) * 1000} {answer}")
