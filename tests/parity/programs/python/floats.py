import math
import struct
import sys

values = [0.1, 1 / 3, 1e-323, 5e-324, 1.7976931348623157e308, -0.0, 1e22, 1e23, 123456789.123456789, 2**53 + 1.0]
for value in values:
    print(repr(value), value.hex(), struct.pack("<d", value).hex(), f"{value:.17g}", f"{value:.3e}", round(value, 2))
print(1e308 * 10, -1e308 * 10, math.inf - math.inf, 0.0 == -0.0, math.copysign(1, -0.0))
print([round(x, 1) for x in (0.25, 0.35, 2.675, 1.005)], round(2.5), round(-2.5), round(1234.5678, -2))
print(float("1_000.5"), float("  -1e-3 "), float.fromhex("0x1.8p3"), (0.1).as_integer_ratio())
print(math.fsum([0.1] * 10), sum([0.1] * 10), math.nextafter(1, 2), math.ulp(1.0))
print(sys.float_info.max, sys.float_info.epsilon, 7 // -2, 7 % -2, -7.5 // 2, divmod(-7.5, 2))
