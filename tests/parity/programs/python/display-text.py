# The last expression as text, without printing it.
values = {"pi": 3.14159, "words": ["a", "é"]}
values
