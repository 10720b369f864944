import abc
import collections
import enum
import functools
import typing
from dataclasses import asdict, dataclass, field


@dataclass(order=True, frozen=True, slots=True)
class Point:
    x: int
    y: int = 0
    tags: tuple = field(default=(), compare=False)


class Colour(enum.Flag):
    RED = enum.auto()
    BLUE = enum.auto()


class Shape(abc.ABC):
    @abc.abstractmethod
    def area(self): ...


print(Point(1, 2), asdict(Point(3)), Point(1) < Point(2), Colour.RED | Colour.BLUE, list(Colour))
try:
    Shape()
except TypeError as error:
    print(error)
try:
    Point(1).x = 5
except AttributeError as error:
    print(type(error).__name__, error)


@functools.singledispatch
def describe(value):
    return "something"


@describe.register
def _(value: int):
    return "int"


@functools.lru_cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(describe(1), describe("x"), fib(90), fib.cache_info(), typing.get_type_hints(Point))
print(collections.Counter("mississippi").most_common(2), collections.deque([1, 2, 3], 2), collections.OrderedDict(a=1))
match {"kind": "point", "at": [1, 2]}:
    case {"kind": "point", "at": [x, y]} if x < y:
        print("matched", x, y)
type Pair[T] = tuple[T, T]
print(Pair.__name__, Pair.__type_params__)
