// @ts-check
/**
 * What programs of agents and readers do most, in a few lines each. The functions of the interpreter that these call are
 * in its first part; what only others call is read when it is needed (see ../wasm/split-wasm.mjs).
 */

/** @typedef {{ code: string, answers?: string[], stop?: boolean, ends?: string }} Program `ends`: "exited" unless said. */

/** @type {Program[]} */
export const COMMON_PROGRAMS = [
  { code: "print(1)" },
  { code: "6 * 7" },
  { code: 'x = {"a": [1, 2.5, None, True], "b": {"c": (1, 2)}}\nx' },
  {
    code: `
class Table:
    def _repr_html_(self): return "<table></table>"
    def _repr_mimebundle_(self, include=None, exclude=None): return {"text/plain": "t", "application/json": {"a": 1}}
display(Table())
display(1, "two", [3])
Table()
`,
  },
  // Words and numbers.
  {
    code: `
name, pi, big = "Sandglass", 3.14159, 12345678901234567890
print(f"{name!r:>12} {pi:.2f} {pi:10.3e} {big:,} {255:#x} {5:08b} {0.25:.0%} {True} {None} {[1]!s}")
print("%s %d %5.2f %r %x" % (name, 7, pi, "q", 255), "{} {a}".format(1, a=2), "{0}{0}".format(3))
print(name.upper(), name.lower(), name.title(), name.center(20, "*"), name.ljust(12), name.rjust(12), name.zfill(12))
print(name.replace("s", "z"), name.find("g"), name.index("g"), name.count("s"), name[::-1], name[2:5], name * 2)
print("a,b,,c".split(","), " a b ".split(), "a\\nb".splitlines(), "-".join(["a", "b"]), " x ".strip(), "xxay".lstrip("x"))
print("ab".startswith("a"), "ab".endswith(("b", "c")), "12".isdigit(), "ab".isalpha(), "a1".isalnum(), " ".isspace())
print("a=b=c".partition("="), "a=b".rpartition("="), "abc".translate(str.maketrans("abc", "xyz")), "é€😀".encode(), b"\\xc3\\xa9".decode())
print("ÄÖ ß".casefold(), "straße".upper(), "日本".encode("utf-16"), ascii("é"), ord("a"), chr(8364), repr("it's"), "Z" < "a", "ab" in "cabd")
print(7 // 2, -7 // 2, 7 % 3, -7 % 3, 2 ** 100, 2 ** -1, 7 / 2, divmod(17, 5), abs(-3), round(2.675, 2), round(5), pow(3, 20, 7))
print(int("42"), int("ff", 16), float("1e3"), float("inf"), float("nan"), bin(10), hex(255), oct(8), 1 << 70, big >> 3, big & 0xff, big | 1, big ^ 5, ~5)
print(big * big, big // 7, big % 7, -big, big == big + 0, big > 5, big.bit_length(), (5).to_bytes(2, "big"), int.from_bytes(b"\\x01\\x02", "little"))
print(1 + 2j, abs(3 + 4j), (1 + 2j) * (3 - 1j), 0.1 + 0.2, 1e300 * 1e10, 3.0 // 2, 3.5 % 2, (2.5).is_integer(), float.hex(1.5), sum([0.1] * 10))
print(max(3, 1, 2), min([4, 2]), sum(range(10)), len("abc"), sorted([3, 1, 2], reverse=True), any([0, 1]), all([1, 1]), list(zip("ab", [1, 2])), list(enumerate("ab", 1)))
print(list(map(str, [1, 2])), list(filter(None, [0, 1])), list(reversed([1, 2])), isinstance(1, int), type(1), id(1) > 0, hash("a") != 0, callable(print), bool([]))
print(1, 2, sep="-", end="!\\n", flush=True)
`,
  },
  // Lists, dictionaries, sets, bytes.
  {
    code: `
a = list(range(10)); a.append(5); a.extend([1, 2]); a.insert(0, 9); a.remove(9); a.pop(); a.pop(0); a.sort(); a.sort(key=lambda v: -v); a.reverse()
print(a, a.index(5), a.count(5), a[1:3], a[-1], a[::2], a + [1], a * 2, 3 in a, a.copy() == a)
a[1:3] = [7, 8, 9]; del a[0]; del a[1:2]; a[0] += 1; a += [4]; b, *c = a; print(a, b, c, [1, 2] < [1, 3]); a.clear()
d = {"x": 1, **{"y": 2}}; d["z"] = 3; d.update(w=4); d.setdefault("v", []).append(1); del d["x"]; d.pop("y"); d |= {"u": 0}
print(d, d.get("q", 0), list(d), list(d.values()), list(d.items()), "z" in d, {k: v for k, v in d.items() if v}, dict(zip("ab", [1, 2])), sorted(d.items(), key=lambda kv: str(kv[1])))
for k, v in d.items(): pass
for i in range(100): d[i] = i; d[str(i)] = i; d[(i, i)] = i; d[i / 2] = i
for i in range(100): del d[(i, i)]
print(len(d), d.popitem(), d == dict(d), d.copy() != {}, max(d, key=str), {1: {2: 3}}[1][2], dict.fromkeys("ab", 0), d.keys() & {1, 2}); d.clear()
s = {1, 2, 3}; s.add(4); s.discard(9); s.remove(1); s.update([7]); t = frozenset([2, 3])
print(s, s & t, s | t, s - t, s ^ t, t <= s, s.issuperset(t), {c for c in "hello"}, sorted(s), 3 in s, set(), s.union([1]), s.intersection(t), s.pop())
t = (1, "a", 2.5); x, y, z = t; print(t, t + (1,), t[1:], t.index("a"), (1, 2) < (1, 3), hash(t) == hash((1, "a", 2.5)), namedtuple("P", "x y")(1, 2) if (namedtuple := __import__("collections").namedtuple) else 0)
b = bytearray(b"abc"); b.append(100); b[0] = 65; b += b"xyz"; print(b, bytes(3), b"a" + b"b", b.hex(), bytes.fromhex("00ff"), b"abc".find(b"c"), memoryview(b)[1:3].tobytes(), b.decode(), b"a,b".split(b","), b"x".join([b"1", b"2"]))
matrix = [[i * j for j in range(5)] for i in range(5)]; print(matrix, [*zip(*matrix)], sum(map(sum, matrix)), [x for row in matrix for x in row if x % 2])
print([[0] * 3 for _ in range(3)], list(range(10, 0, -3)), slice(1, 2), list("abc"), tuple([1]), [None] * 3, [i for i in range(5) if i % 2 == 0], next(iter([1])), range(5)[2])
`,
  },
  // Functions, classes, exceptions, generators.
  {
    code: `
from dataclasses import dataclass, field, asdict, replace
from abc import ABC, abstractmethod
from enum import Enum, IntEnum, auto
from typing import Any, Callable, Iterator, NamedTuple, Optional, Protocol, TypedDict, Generic, TypeVar, Literal
import functools, contextlib, itertools, operator, collections
T = TypeVar("T")
class Color(Enum):
    RED = auto(); BLUE = "b"
@dataclass(order=True)
class Point:
    x: float
    y: float = 0.0
    tags: list[str] = field(default_factory=list, compare=False)
    def __post_init__(self): self.x = float(self.x)
    @property
    def norm(self) -> float: return (self.x ** 2 + self.y ** 2) ** 0.5
    @classmethod
    def origin(cls): return cls(0, 0)
    @staticmethod
    def help(): return "help"
class Shape(ABC):
    count = 0
    def __init__(self, name: str, *args: int, size: int = 1, **more: Any) -> None: self.name, self.args, self.size, self.more = name, args, size, more; Shape.count += 1
    @abstractmethod
    def area(self) -> float: ...
    def __str__(self): return f"{self.__class__.__name__}({self.name})"
    def __repr__(self): return f"<{self}>"
    def __eq__(self, other): return isinstance(other, Shape) and self.name == other.name
    def __hash__(self): return hash(self.name)
    def __lt__(self, other): return self.area() < other.area()
    def __add__(self, other): return self.area() + other.area()
    def __len__(self): return self.size
    def __getitem__(self, i): return self.args[i]
    def __setitem__(self, i, v): self.more[i] = v
    def __contains__(self, v): return v in self.args
    def __call__(self, k): return k * self.size
    def __iter__(self): return iter(self.args)
    def __enter__(self): return self
    def __exit__(self, kind, error, tb): return True
    def __getattr__(self, name): raise AttributeError(name)
    def __bool__(self): return True
    def __del__(self): pass
class Square(Shape, Generic[T]):
    __slots__ = ("side",)
    def __init__(self, side, **more): super().__init__("square", 1, 2, 3, size=2, **more); self.side = side
    def area(self): return self.side ** 2
a, b = Square(2, color=Color.RED), Square(3)
print(a, [a, b], a == b, a < b, a + b, len(a), a[1], 2 in a, a(3), list(a), hash(a) == hash(b), max(a, b), isinstance(a, Shape), issubclass(Square, Shape), hasattr(a, "q"), getattr(a, "q", None), Square.__mro__, vars(Point(1)), dir(a)[:2], Shape.count)
a["k"] = 1; setattr(a, "extra", 1); delattr(a, "extra")
with a: raise ValueError("swallowed")
p = Point(3, 4); print(p, p.norm, Point.origin(), asdict(p), replace(p, x=1), sorted([p, Point(1)]), p == Point(3, 4), Color.RED, Color("b"), list(Color), Color.BLUE.name, Point.help())
def fib(n, memo={}): return n if n < 2 else memo.setdefault(n, fib(n - 1) + fib(n - 2))
@functools.lru_cache(maxsize=None)
def fast(n): return n if n < 2 else fast(n - 1) + fast(n - 2)
def timed(f):
    @functools.wraps(f)
    def inner(*args, **kwargs): return f(*args, **kwargs)
    return inner
@timed
def count(n: int = 3, /, *, step=1) -> Iterator[int]:
    while n > 0:
        got = yield n
        n -= step
def outer():
    total = 0
    def inner(v):
        nonlocal total
        total += v
        return total
    return inner
print(fib(20), fast(50), list(count(3)), outer()(5), (lambda x, y=2: x + y)(1), list(itertools.islice(itertools.count(), 3)), list(itertools.chain([1], [2])), list(itertools.product("ab", repeat=2)), list(itertools.permutations([1, 2, 3]))[:2], list(itertools.combinations("abc", 2)), list(itertools.accumulate([1, 2, 3])), [(k, list(g)) for k, g in itertools.groupby("aab")], list(itertools.zip_longest([1], [2, 3])), functools.reduce(operator.add, [1, 2, 3]), functools.partial(pow, 2)(3))
def both(): yield from count(2); return 1
g = both(); next(g); g.send(None); g.close()
for kind in (ZeroDivisionError, KeyError, IndexError, TypeError, ValueError, AttributeError, FileNotFoundError, StopIteration, RuntimeError, NameError, ImportError, UnicodeDecodeError, AssertionError):
    try:
        if kind is ZeroDivisionError: 1 / 0
        elif kind is KeyError: {}["k"]
        elif kind is IndexError: [][1]
        elif kind is TypeError: "a" + 1
        elif kind is ValueError: int("x")
        elif kind is AttributeError: (1).nothing
        elif kind is FileNotFoundError: open("/nowhere/file")
        elif kind is StopIteration: next(iter([]))
        elif kind is NameError: nothing
        elif kind is ImportError: import nothing_of_that_name
        elif kind is UnicodeDecodeError: b"\\xff".decode()
        elif kind is AssertionError: assert 1 == 2, "no"
        else: raise kind("raised") from ValueError("cause")
    except (ArithmeticError, LookupError) as error: print(type(error).__name__, error, error.args)
    except Exception as error: print(type(error).__name__, error)
    else: print("none")
    finally: pass
class Own(Exception):
    def __init__(self, code): super().__init__(f"code {code}"); self.code = code
try:
    try: raise Own(3)
    except Own as error: raise RuntimeError("outer") from error
except RuntimeError as error: import traceback; traceback.print_exc(); print(traceback.format_exc(), repr(error.__cause__))
@contextlib.contextmanager
def managed():
    try: yield 1
    finally: print("closed")
with managed() as m, contextlib.suppress(KeyError): {}[m]
match {"kind": "point", "at": [1, 2]}:
    case {"kind": "point", "at": [x, y]} if x < y: print("matched", x, y)
    case Point(x=1) | [1, *_] | "a": print("others")
    case _: print("no")
if (n := len("abc")) > 2 and not n == 4 or n is None: print(n if n else 0)
while True:
    n -= 1
    if n == 1: continue
    if n < 0: break
else: pass
def recursive(n): return recursive(n + 1)
try: recursive(0)
except RecursionError as error: print(error)
print(globals().keys() >= {"Point"}, locals() is not None, eval("1 + 1"), callable(compile("1", "f", "eval"))); exec("y = 5"); del n
`,
  },
  // What goes into nested values by recursion: a call to the other part would take more of the engine's stack.
  {
    code: `
import array, collections, copy, datetime, decimal, enum, fractions, functools, json, operator, pickle, pprint, types
from dataclasses import dataclass, asdict, astuple
@dataclass
class Node: value: object; next: object = None
class Kept(dict): pass
Pair = collections.namedtuple("Pair", "a b")
makers = [lambda v: [v, 1], lambda v: (v, 1), lambda v: {"k": v}, lambda v: {1: v, "z": 2}, lambda v: collections.deque([v]), lambda v: types.SimpleNamespace(v=v),
    lambda v: collections.OrderedDict(k=v), lambda v: collections.defaultdict(int, k=v), lambda v: Node(1, v), lambda v: Pair(v, 2), lambda v: Kept(k=v), lambda v: collections.ChainMap({"k": v}),
    lambda v: collections.UserList([v]), lambda v: types.MappingProxyType({"k": v}), lambda v: functools.partial(print, v), lambda v: slice(v, 1), lambda v: collections.Counter(a=1)]
leaves = [1, 2.5, "a", b"a", None, array.array("d", [1.5]), datetime.date(2026, 1, 1), decimal.Decimal("1.5"), fractions.Fraction(1, 2), 10**30, 1j, range(3), frozenset([1]), bytearray(b"x")]
for make in makers:
    for leaf in leaves:
        a, b = make(make(leaf)), make(make(copy.copy(leaf)))
        for compare in (operator.eq, operator.ne, operator.lt, operator.ge):
            try: compare(a, b)
            except TypeError: pass
        repr(a); str(b)
        for use in (hash, copy.copy, copy.deepcopy, pickle.dumps, json.dumps, len, list, bool, sorted, iter, lambda v: v + v, lambda v: v in [b], pprint.pformat, asdict, astuple, lambda v: pickle.loads(pickle.dumps(v)), lambda v: v | v, lambda v: v.copy()):
            try: use(a)
            except (TypeError, AttributeError, ValueError, pickle.PicklingError): pass
def deep(make, depth):
    value = 1
    for _ in range(depth): value = make(value)
    return value
for make in makers:
    for use in (repr, lambda v: v == deep(make, 30), copy.deepcopy, pickle.dumps, json.dumps, hash):
        try: use(deep(make, 30))
        except Exception: pass
flat = list(map(lambda x: x, filter(None, iter(range(5))))); print(list(zip(*[iter(range(6))] * 2)), flat, sum(map(len, ["a", "b"])), list(reversed(sorted(flat))))
class Chain:
    def __init__(self, n): self.n = n
    def less(self):
        if self.n == 0: raise LookupError
        return Chain(self.n - 1)
    def __getattr__(self, name): return getattr(self.less(), name)
    def __eq__(self, other): return self.less() == other
    def __repr__(self): return repr([self.less()])
    def __getitem__(self, i): return self.less()[i]
    def __call__(self): return self.less()()
    def __len__(self): return len(self.less())
    def __iter__(self): return iter(self.less())
    def __add__(self, other): return self.less() + other
    def __hash__(self): return hash(self.less())
    def __bool__(self): return bool(self.less())
    def __format__(self, spec): return format(self.less(), spec)
    def __contains__(self, other): return other in self.less()
    def __str__(self): return str(self.less())
    @property
    def up(self): return self.less().up
for use in (lambda v: v.nothing, lambda v: v == 1, repr, lambda v: v[0], lambda v: v(), len, iter, lambda v: v + 1, hash, bool, format, lambda v: 1 in v, str, lambda v: v.up, lambda v: sorted([v, v], key=lambda w: w()), lambda v: f"{v}"):
    try: use(Chain(20))
    except (LookupError, TypeError): pass
@functools.cache
def cached(n): return n and cached(n - 1)
cached(20)
`,
  },
  // The standard library.
  {
    code: `
import base64, bisect, calendar, collections, copy, csv, datetime, decimal, fractions, hashlib, heapq, html, io, json, logging, math, os, pathlib, pprint, random, re, secrets, shutil, statistics, string, struct, sys, tempfile, textwrap, time, timeit, urllib.parse, uuid
print(json.dumps({"a": [1, 2.5, None, True, "é\\n"], "b": {"c": {}}}, indent=2, sort_keys=True), json.loads('{"a": [1, -2.5e3, null, true, "\\\\u00e9"], "b": {}}'), json.dumps([1, "x"], separators=(",", ":"), ensure_ascii=False, default=str))
try: json.loads("{bad}")
except json.JSONDecodeError as error: print(error)
print(re.findall(r"\\d+", "a1b22"), re.sub(r"(\\w+)@(\\w+)", r"\\2 at \\1", "me@home"), re.match(r"(?P<y>\\d{4})-(?P<m>\\d\\d)", "2026-12").groupdict(), re.split(r"[,;]\\s*", "a, b;c"), [m.span() for m in re.finditer("a|b", "cab", re.I)], re.compile(r"^\\s*(.*?)\\s*$", re.M | re.S).search(" x ").group(1), re.fullmatch("[a-z]+", "abc"), re.escape("a.b"), re.sub("a", lambda m: m.group().upper(), "banana"), re.search(r"(?<=x)y(?!z)\\b", "xy"))
c = collections.Counter("mississippi"); c.update("s"); print(c.most_common(2), c["s"], sum(c.values()), c + c)
d = collections.defaultdict(list); d["a"].append(1); q = collections.deque([1, 2], maxlen=3); q.append(3); q.appendleft(0); q.rotate(1); q.pop(); q.popleft(); o = collections.OrderedDict(a=1); o.move_to_end("a"); print(d, q, o, collections.ChainMap({}, {"a": 1})["a"])
now = datetime.datetime(2026, 1, 2, 3, 4, 5); print(now, now.isoformat(), now.strftime("%Y-%m-%d %H:%M %A %j"), datetime.datetime.strptime("2026-01-02", "%Y-%m-%d"), now + datetime.timedelta(days=1, hours=2), (now - datetime.datetime(2025, 1, 1)).days, datetime.date.today() > datetime.date(2000, 1, 1), now.weekday(), datetime.datetime.now(datetime.timezone.utc).tzinfo, datetime.date.fromisoformat("2026-02-28").replace(day=1), now.timestamp(), datetime.time(1, 2))
print(math.pi, math.sqrt(2), math.sin(1), math.floor(2.5), math.ceil(2.5), math.gcd(12, 18), math.factorial(20), math.log(10), math.log2(8), math.exp(1), math.isclose(0.1 + 0.2, 0.3), math.hypot(3, 4), math.comb(5, 2), math.inf, math.prod([1, 2]), math.isnan(math.nan), math.fsum([0.1] * 10), math.atan2(1, 2), math.degrees(1), math.trunc(2.7), math.cos(1), math.tan(1), math.pow(2, 3), math.isqrt(17))
r = random.Random(42); random.seed(1); print(r.random(), r.randint(1, 6), r.choice("abc"), r.sample(range(10), 3), r.gauss(0, 1), r.uniform(1, 2), r.choices("ab", k=3), random.random()); l = [1, 2, 3]; r.shuffle(l); random.shuffle(l)
print(statistics.mean([1, 2, 3]), statistics.median([1, 3, 2]), statistics.stdev([1, 2, 4]), statistics.mode("aab"), statistics.variance([1, 2]), statistics.quantiles([1, 2, 3, 4]))
print(decimal.Decimal("0.1") + decimal.Decimal("0.2"), decimal.Decimal(1) / 3, round(decimal.Decimal("2.675"), 2), fractions.Fraction(1, 3) + fractions.Fraction(1, 6), fractions.Fraction("0.25"))
print(hashlib.sha256(b"a").hexdigest(), hashlib.md5(b"a").hexdigest(), hashlib.sha1(b"a").hexdigest(), base64.b64encode(b"abc"), base64.b64decode("YWJj"), uuid.uuid4().version, secrets.token_hex(4) != "", zlib.crc32(b"a") if (zlib := __import__("zlib")) else 0)
h = [3, 1, 2]; heapq.heapify(h); heapq.heappush(h, 0); heapq.heappop(h); print(h, heapq.nsmallest(2, [3, 1, 2]), heapq.nlargest(1, [1, 2]), bisect.bisect([1, 3], 2), bisect.insort(h, 2), copy.deepcopy({"a": [1]}), copy.copy([1]), string.ascii_letters, struct.pack("<IhB", 1, 2, 3), struct.unpack(">H", b"\\x01\\x02"))
print(textwrap.dedent("  a\\n  b"), textwrap.fill("word " * 30, 40), textwrap.indent("a", "> "), pprint.pformat({"a": list(range(30))}), urllib.parse.urlparse("https://a.b/c?d=e#f"), urllib.parse.quote("a b"), urllib.parse.parse_qs("a=1&b=2"), urllib.parse.urljoin("http://a/b", "c"), urllib.parse.urlencode({"a": 1}), html.escape("<a>"), calendar.month(2026, 1))
log = io.StringIO(); csv.writer(log).writerows([["a", "b"], [1, "x,y"]]); print(log.getvalue(), list(csv.DictReader(io.StringIO(log.getvalue()))), io.BytesIO(b"abc").read(2)); w = csv.DictWriter(log, ["a"]); w.writeheader(); w.writerow({"a": 1})
logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s"); logging.info("to %s", "stderr"); logging.getLogger("x").warning("careful")
print(time.time() > 0, time.perf_counter() >= 0, time.monotonic() >= 0, time.strftime("%Y", time.gmtime(0)), time.localtime(0).tm_year, time.ctime(0), timeit.timeit("1", number=10) >= 0, sys.version_info[:2], sys.argv, sys.platform, sys.getsizeof([]), sys.maxsize, os.environ.get("HOME"), os.getcwd(), sys.getrecursionlimit())
with open("a.txt", "w") as f: f.write("one\\ntwo\\n"); f.writelines(["three\\n"]); print("four", file=f)
with open("a.txt", encoding="utf-8") as f: print(f.readline(), f.read(), f.seek(0), f.readlines(), f.tell())
with open("a.txt", "a") as f: f.write("é€")
with open("b.bin", "wb") as f: f.write(bytes(range(256)) * 100)
with open("b.bin", "rb") as f: f.seek(-2, 2); print(f.read(), f.seek(10), f.read(3))
with open("a.txt") as f:
    for number, line in enumerate(f): pass
p = pathlib.Path("dir/sub"); p.mkdir(parents=True, exist_ok=True); (p / "c.json").write_text(json.dumps([1])); print(json.loads((p / "c.json").read_text()), p.exists(), p.is_dir(), sorted(str(x) for x in pathlib.Path(".").rglob("*")), p.name, p.parent, (p / "c.json").suffix, (p / "c.json").stat().st_size, p.resolve(), list(p.iterdir()), (p / "c.json").read_bytes())
os.makedirs("d2", exist_ok=True); os.rename("a.txt", "d2/a.txt"); print(os.listdir("."), os.path.join("a", "b"), os.path.exists("x"), os.path.getsize("b.bin"), os.path.splitext("a.b"), os.path.basename("/a/b"), list(os.walk("."))[0], os.path.isfile("b.bin"), os.path.abspath("x"), [e.name for e in os.scandir(".")]); os.remove("b.bin"); shutil.copy("d2/a.txt", "e.txt"); shutil.copytree("d2", "d3"); shutil.rmtree("d3"); shutil.move("e.txt", "f.txt"); os.unlink("f.txt"); os.rmdir("dir/none") if os.path.isdir("dir/none") else None
with tempfile.TemporaryDirectory() as t: pathlib.Path(t, "x").write_text("x")
with tempfile.NamedTemporaryFile("w+") as f: f.write("x"); f.flush()
sys.stdout.write("out\\n"); sys.stderr.write("err\\n"); print("to stderr", file=sys.stderr); sys.stdout.flush(); print("é" * 3, "\\t", "x" * 5000)
`,
  },
  // Waiting, threads of none, and a person at the other end.
  {
    code: `
import asyncio
async def work(n):
    await asyncio.sleep(0.001 * n)
    return n
async def main():
    results = await asyncio.gather(*(work(n) for n in range(3)))
    task = asyncio.create_task(work(1)); await task
    async def agen():
        for i in range(3):
            yield i
    print(results, [v async for v in agen()], await asyncio.wait_for(work(1), 1))
    queue = asyncio.Queue(); await queue.put(1); print(await queue.get())
    async with asyncio.timeout(1): await work(1)
    async with asyncio.Lock(): pass
asyncio.run(main())
`,
  },
  {
    code: "import time\ntime.sleep(0.001)\nprint(input('name? '), input())\nimport sys\nfor line in sys.stdin: print(line)",
    answers: ["Ann", "Bob", "rest"],
  },
  { code: "import asyncio\nawait asyncio.sleep(0.001)\n[await x for x in [asyncio.sleep(0, 1)]]" },
  // A program in files, and the ways programs end.
  {
    code: `
import pathlib, sys
pathlib.Path("helper.py").write_text("import json\\nVALUE = 5\\ndef double(x):\\n    'Doc.'\\n    return x * 2\\nif __name__ == '__main__': print('main')\\n")
import helper
from helper import double
print(helper.VALUE, double(4), helper.__name__, help is not None, double.__doc__)
import argparse
parser = argparse.ArgumentParser(); parser.add_argument("--n", type=int, default=3); parser.add_argument("names", nargs="*"); print(parser.parse_args(["--n", "5", "a"]))
import unittest
class Test(unittest.TestCase):
    def test_it(self): self.assertEqual(double(2), 4); self.assertTrue(True); self.assertRaises(ZeroDivisionError, lambda: 1 / 0)
unittest.main(argv=["x"], exit=False)
`,
  },
  // A report, as the page's first program makes one.
  {
    code: `
import csv, json
from collections import Counter
with open("orders.csv", "w", newline="") as file:
    rows = csv.DictWriter(file, fieldnames=["region", "quantity", "price"]); rows.writeheader(); rows.writerows([{"region": "North", "quantity": 3, "price": 2.5}, {"region": "é, West", "quantity": 1, "price": 10}])
class Chart:
    """Drawn under the output."""
    def __init__(self, totals): self.totals = totals
    def _repr_svg_(self):
        top, rows = max(self.totals.values()), []
        for i, (name, value) in enumerate(self.totals.items()):
            y, width = 12 + i * 36, 300 * value / top
            rows.append(f'<text x="72" y="{y + 17}">{name}</text><rect x="84" y="{y}" width="{width:.1f}"/><text>{value:,.2f}</text>')
        return f'<svg xmlns="http://www.w3.org/2000/svg" height="{12 + 36 * len(rows)}">{"".join(rows)}</svg>'
totals = Counter()
with open("orders.csv", newline="") as file:
    for order in csv.DictReader(file): totals[order["region"]] += int(order["quantity"]) * float(order["price"])
ranking = {region: round(total, 2) for region, total in totals.most_common()}
for region, total in ranking.items(): print(f"{region:<12}{total:>8.2f}")
with open("totals.json", "w") as file: json.dump(ranking, file, indent=2)
with open("totals.json", "r+b") as file: print(json.load(file)); file.truncate(5)
for line in csv.reader(open("orders.csv", encoding="utf-8", newline=""), delimiter=";"): print(line)
Chart(ranking)
`,
  },
  { code: "with open('nothing.csv', newline='') as file:\n    print(file.read())", ends: "failed" },
  {
    code: "def f(x: int):\n    return {}[x]\nclass A:\n    def g(self): return f(3)\nA().g()",
    ends: "failed",
  },
  { code: "import numpy as np\nprint(np.zeros(3))", ends: "failed" },
  { code: "def f(x):\n    return 1 / x\n\nf(0)", ends: "failed" },
  { code: "print('no end", ends: "failed" },
  { code: "if True:\nprint(1)", ends: "failed" },
  { code: "import sys\nsys.exit(3)" },
  { code: "raise SystemExit('words')" },
  { code: "raise ExceptionGroup('several', [ValueError(1), KeyError('k')])", ends: "failed" },
  { code: "x = 'a' * 2_000_000\nprint(x)" },
  { code: "for i in range(20_000): print(i, 'line')" },
  { code: "while True: pass", stop: true, ends: "stopped" },
  {
    code: "import time\ntry:\n    while True: time.sleep(1)\nexcept KeyboardInterrupt:\n    print('stopped')",
    stop: true,
    ends: "stopped",
  },
  // What computes for long.
  {
    code: `
def advance(bodies, dt):
    for i, (p, v, m) in enumerate(bodies):
        for q, w, n in bodies[i + 1:]:
            dx, dy, dz = p[0] - q[0], p[1] - q[1], p[2] - q[2]
            mag = dt / ((dx * dx + dy * dy + dz * dz) ** 1.5)
            v[0] -= dx * n * mag; w[0] += dx * m * mag
    for p, v, m in bodies: p[0] += dt * v[0]
bodies = [([i * 1.0, i * 2.0, 1.0], [0.0, 0.1, 0.2], 1.0 + i) for i in range(5)]
for _ in range(50): advance(bodies, 0.01)
def fannkuch(n):
    perm, count, flips = list(range(n)), list(range(n)), 0
    while True:
        q = perm[:]
        while q[0]: k = q[0] + 1; q[:k] = q[:k][::-1]; flips += 1
        for i in range(1, n):
            if count[i] > 0: count[i] -= 1; perm.insert(i, perm.pop(0)); break
            count[i] = i; perm[:i + 1] = perm[1:i + 1] + perm[:1]
        else: return flips
print(fannkuch(5))
sieve = [True] * 5000
for i in range(2, 70):
    if sieve[i]: sieve[i * i::i] = [False] * len(sieve[i * i::i])
words = sorted((f"w{i * 7919 % 1000}" for i in range(1000)), key=lambda w: (len(w), w)); numbers = sorted(i * 7919 % 1009 / 3 for i in range(1000)); table = sorted([(i % 7, str(i)) for i in range(500)]); print(len(words), numbers[5], table[0])
grid = [[(x * y) % 3 for x in range(30)] for y in range(30)]
seen, todo = {(0, 0)}, [(0, 0)]
while todo:
    x, y = todo.pop()
    for dx, dy in ((0, 1), (1, 0), (0, -1), (-1, 0)):
        step = (x + dx, y + dy)
        if 0 <= step[0] < 30 and 0 <= step[1] < 30 and grid[step[1]][step[0]] != 1 and step not in seen: seen.add(step); todo.append(step)
import re, json
text = " ".join(words) * 3; print(len(re.findall(r"w(\\d)\\d*5\\b", text)), len(json.dumps([{"k": w, "n": i} for i, w in enumerate(words)])), len(json.loads(json.dumps({w: [i, i / 3] for i, w in enumerate(words)}))), "".join(c for c in text if c not in "w")[:9])
total = 0
for i in range(20_000): total = (total * 31 + i) % 1_000_003
a = b = 1
for _ in range(500): a, b = b, a + b
print(total, len(str(b)), b % 10**9, len(seen)); import gc; gc.collect()
`,
  },
];
