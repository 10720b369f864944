# What the guest can learn about the machine is the same everywhere.
import getpass
import locale
import os
import platform
import sys
import sysconfig

print(sys.version.split()[0], sys.implementation.name, sys.platform, sys.byteorder, sys.maxunicode)
print(platform.system(), platform.machine(), platform.node(), platform.python_implementation(), os.uname())
print(os.name, os.getcwd(), os.getpid(), os.getppid(), os.sep, os.linesep.encode(), os.cpu_count())
print(sys.stdin.encoding, sys.stdout.encoding, sys.stderr.errors, sys.getfilesystemencoding(), locale.getlocale())
print(sys.executable, sys.prefix, sys.flags, sys.getrecursionlimit(), sys.path)
print(sysconfig.get_platform(), sys.stdin.isatty(), sys.stdout.isatty(), sys.stderr.isatty())
print(os.path.expanduser("~"), sorted(os.listdir("/")))
try:
    print(getpass.getuser(), os.getuid(), os.getlogin())
except Exception as error:
    print(type(error).__name__, error)
