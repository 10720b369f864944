from string import Template

print(f"{'left':<10}|{'right':>10}|{'mid':^10}|{42:#x}|{42:08b}|{1234567.891:,.2f}|{0.1 + 0.2!r}")
print("%s %r %5.1f %-5d| %%" % ("a", "b", 3.14159, 42))
print("{0[key]} {1.real} {2!a:>12}".format({"key": "v"}, 3 + 4j, "é"))
print(Template("$who owes $$$amount").substitute(who="Ann", amount=5))
print(f"{1e100:g} {1e-5:g} {123456789:.3g} {float('nan'):f} {float('-inf'):+}")
print(f"{'👍':*^5}", f"{3.0:n}", f"{10**20:_}", f"{0.000001}", f"{1e16}", f"{2.5:.0f} {3.5:.0f}")
width = 12
print(f"{'nested':>{width}}", f"{(lambda x: x * 2)(4)=}")
