x = 5
print("only printed")
None
