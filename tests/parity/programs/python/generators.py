from contextlib import ExitStack, contextmanager, suppress
from itertools import accumulate, batched, chain, combinations, groupby, islice, pairwise, permutations, product


def primes():
    found = []
    n = 2
    while True:
        if all(n % p for p in found):
            found.append(n)
            yield n
        n += 1


def echo():
    received = yield "ready"
    while True:
        received = yield received * 2


print(list(islice(primes(), 15)))
talk = echo()
print(next(talk), talk.send(4), talk.send("ab"))
talk.close()
print(list(batched("abcdefg", 3)), list(pairwise([1, 2, 3])), list(accumulate([1, 2, 3, 4])))
print([(k, list(g)) for k, g in groupby("aaabbc")], len(list(permutations(range(5)))), list(combinations("abc", 2)))
print(sum(1 for _ in product("ab", repeat=10)), list(chain([1], (2, 3))))


@contextmanager
def managed(name):
    print("enter", name)
    try:
        yield name
    finally:
        print("exit", name)


with ExitStack() as stack, suppress(KeyError):
    stack.enter_context(managed("a"))
    stack.enter_context(managed("b"))
    raise KeyError("gone")
