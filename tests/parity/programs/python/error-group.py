try:
    raise ExceptionGroup("many", [ValueError("a"), TypeError("b"), ExceptionGroup("nested", [KeyError("c")])])
except* ValueError as group:
    print("caught", group.exceptions)
