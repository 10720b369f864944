import traceback
import warnings

warnings.warn("careful", UserWarning)
try:
    1 / 0
except ZeroDivisionError as error:
    error.add_note("a note")
    print(traceback.format_exc())
raise SystemError("multi\nline é 👍")
