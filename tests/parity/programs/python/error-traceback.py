def outer(n):
    return inner(n - 1)


def inner(n):
    if n == 0:
        raise ValueError(f"bottom é {n}")
    return outer(n)


print("before")
outer(2)
