# There are no threads, processes or sockets: each refusal is an exception.
import os
import socket
import subprocess
import threading

attempts = {
    "thread": lambda: threading.Thread(target=print).start(),
    "subprocess": lambda: subprocess.run(["ls"]),
    "system": lambda: os.system("ls"),
    "fork": lambda: os.fork(),
    "socket": lambda: socket.create_connection(("127.0.0.1", 80), 1),
    "resolve": lambda: socket.gethostbyname("example.org"),
}
for label, action in attempts.items():
    try:
        print(label, "->", action())
    except Exception as error:
        print(label, "->", type(error).__name__, error)
