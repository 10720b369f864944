# Flips the front of every permutation until a 1 is in front: the most flips, and a checksum.
import time

start = time.perf_counter()


def fannkuch(n):
    order, count = list(range(n)), [0] * n
    most = checksum = index = 0
    r = n
    while True:
        while r > 1:
            count[r - 1] = r
            r -= 1
        if order[0]:
            work, flips = order[:], 0
            while first := work[0]:
                work[: first + 1] = work[first::-1]
                flips += 1
            most = max(most, flips)
            checksum += -flips if index & 1 else flips
        while True:
            if r == n:
                return f"{checksum}/{most}"
            order.insert(r, order.pop(0))
            count[r] -= 1
            if count[r] > 0:
                break
            r += 1
        index += 1


answer = fannkuch(8)
print(f"{(time.perf_counter() - start) * 1000} {answer}")
