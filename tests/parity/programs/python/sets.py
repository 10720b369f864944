# Order of sets of numbers depends on nothing random; that of strings is sorted here, as anywhere sensible.
print({5, 3, 1000, -1, 2**40}, {1.5, 2.5, 0.1}, frozenset(range(20)))
print(sorted({"b", "a", "ü", "👍"}), {1, 2, 3} & {2, 3, 4}, {1, 2} ^ {2, 3}, {(1, 2), (0, 5)})
print(list(dict.fromkeys([3, 1, 3, 2])), {**{"b": 1}, "a": 2}, {True: "x", 1: "y"})
