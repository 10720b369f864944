import math

values = [1, 2]
try:
    math.sqr(4)
except AttributeError as error:
    print(error)
print(valeus)
