import bisect
import heapq
import locale
import operator
import random

random.seed(42)
values = [random.randint(-1000, 1000) for _ in range(200)]
print(sorted(values)[:10], sorted(values, key=abs)[:10], sorted("Zebra apple Émile zoo éclair".split()))
print(sorted("Zebra apple Émile zoo éclair".split(), key=str.casefold), sorted(["a10", "a9", "A1"]))
print(random.sample(range(100), 5), random.gauss(0, 1), random.choices("abc", [1, 2, 3], k=8), random.random().hex())
heap = values[:20]
heapq.heapify(heap)
print([heapq.heappop(heap) for _ in range(5)], bisect.bisect(sorted(values), 0))
print(sorted([(2, "b"), (1, "z"), (2, "a")], key=operator.itemgetter(0)), locale.strxfrm("a") < locale.strxfrm("b"))
rng = random.Random("text seed")
print(rng.getrandbits(128), rng.shuffle(values), values[:5])
