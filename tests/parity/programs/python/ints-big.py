import math
import sys

n = 2**521 - 1
print(n)
print(math.factorial(100) % 10**9, pow(3, 10**18, 10**9 + 7), math.isqrt(10**40), math.gcd(2**100, 6**50))
print(n.bit_length(), n.to_bytes(66, "big").hex()[:20], int.from_bytes(b"\xff\xfe", "little", signed=True))
print(-7 // 2, -7 % 3, -(2**70) >> 3, ~(2**64), hex(-(2**65)), int("zz", 36), int("0b1010", 0))
print(sys.maxsize, sys.int_info.bits_per_digit)
try:
    print(len(str(10**5000)))
except ValueError as error:
    print("ValueError:", error)
