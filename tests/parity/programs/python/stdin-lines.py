import sys

first = input()
print(repr(first))
for number, line in enumerate(sys.stdin, 2):
    print(number, repr(line))
try:
    input("more? ")
except EOFError as error:
    print("EOFError:", error)
