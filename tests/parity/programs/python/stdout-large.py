# Many writes of uneven size; the whole must arrive, in order.
for i in range(3000):
    print(i, "x" * (i % 97))
