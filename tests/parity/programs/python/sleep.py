import time

before = time.monotonic()
time.sleep(0.05)
elapsed = time.monotonic() - before
print(elapsed >= 0.05, elapsed < 5, time.perf_counter_ns() > 0)
