# A lone surrogate cannot be printed: an error, not a crash.
print("before")
print("\ud800")
