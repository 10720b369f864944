# Every function of the C maths library: the same wasm must give the same last bit everywhere.
import cmath
import math

xs = [-2.5, -0.75, 1e-9, 0.1, 0.5, 1.0, 1.5, 2.0, 10.0, 100.25, 1e6]
functions = "sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh exp expm1 exp2 log log2 log10 log1p sqrt cbrt gamma lgamma erf erfc".split()
for name in functions:
    row = []
    for x in xs:
        try:
            row.append(getattr(math, name)(x).hex())
        except (ValueError, OverflowError) as error:
            row.append(type(error).__name__)
    print(name, *row)
print(math.pow(2, 0.5).hex(), math.hypot(3, 4, 5).hex(), math.atan2(-1, -2).hex(), math.fmod(-7, 3), math.remainder(7, 3))
print(cmath.sqrt(-1 + 1e-9j), cmath.exp(1j * math.pi), (1 + 2j) ** (0.5 - 1j))
print((0.1 ** 0.3).hex(), (2 ** -1074).hex(), math.dist([1, 2, 3], [4, 5, 6.5]).hex())
