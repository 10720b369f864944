# Neighbours, packages and what is not there.
import helper
import package.inner
from package import VALUE

print(helper.double(21), package.inner.where(), VALUE, helper.__file__)
for name in ("numpy", "helper.nothing", "package.missing"):
    try:
        __import__(name)
    except ImportError as error:
        print(type(error).__name__, error, error.name)
