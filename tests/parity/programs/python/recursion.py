import sys

depth = 0


def down():
    global depth
    depth += 1
    down()


try:
    down()
except RecursionError as error:
    print("RecursionError:", error)
print(depth > 100, sys.getrecursionlimit())


def forever(n):
    return forever(n + 1)


forever(0)
