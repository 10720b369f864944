from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, InvalidOperation, getcontext, localcontext
from fractions import Fraction

print(Decimal("0.1") + Decimal("0.2"), Decimal(0.1))
print(Decimal("2.675").quantize(Decimal("0.01"), ROUND_HALF_UP), Decimal("2.665").quantize(Decimal("0.01"), ROUND_HALF_EVEN))
getcontext().prec = 50
print(Decimal(2).sqrt(), Decimal(1) / 7, Decimal(10).ln())
with localcontext() as context:
    context.prec = 6
    print(Decimal(1) / 3, Decimal("1e400") * Decimal("1e-399"))
try:
    Decimal("abc")
except InvalidOperation as error:
    print("InvalidOperation", error)
print(Fraction(1, 3) + Fraction(1, 6), Fraction("3.125"), Fraction(0.1).limit_denominator(1000))
