"""Sends files with tuspy through links that break and servers that are killed; says how it went as JSON.

Arguments: folder with the files, flight, name of the log-in, its password, how often the link breaks, file with the server's port
(written anew after every restart).
"""
import json
import pathlib
import sys
import socket
import threading
import time

import requests
from tusclient import client

folder, flight, name, password, breaks, port_file = sys.argv[1:7]
files = sorted(pathlib.Path(folder).iterdir())
breaks = int(breaks)


def port():
    return int(pathlib.Path(port_file).read_text())


class Link(threading.Thread):
    """A proxy on one port for the whole upload; it forwards to the server of the moment and breaks when told to."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.left = None
        self.broken = 0

    def run(self):
        while True:
            inner, _ = self.listener.accept()
            threading.Thread(target=self.carry, args=(inner,), daemon=True).start()

    def carry(self, inner):
        try:
            outer = socket.create_connection(("127.0.0.1", port()))
        except OSError:
            inner.close()
            return
        threading.Thread(target=self.back, args=(outer, inner), daemon=True).start()
        try:
            while data := inner.recv(65536):
                if self.left is not None:
                    self.left -= len(data)
                    if self.left < 0:
                        self.left = None
                        self.broken += 1
                        break
                outer.sendall(data)
        except OSError:
            pass
        self.close(inner, outer)

    def back(self, outer, inner):
        try:
            while data := outer.recv(65536):
                inner.sendall(data)
        except OSError:
            pass
        self.close(inner, outer)

    @staticmethod
    def close(*ends):
        for end in ends:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()


def sign_in():
    answer = requests.post(f"http://127.0.0.1:{port()}/api/session", json={"name": name, "password": password},
                           headers={"X-Plumbline": "1"})
    answer.raise_for_status()
    return answer.cookies["plumbline"]


link = Link()
link.start()
headers = {"Authorization": f"Bearer {sign_in()}", "X-Plumbline": "1"}
tus = client.TusClient(f"http://127.0.0.1:{link.port}/api/uploads", headers=headers)
total = sum(file.stat().st_size for file in files)
every = total // (breaks + 1) if breaks else None
link.left = every
failures = 0
for number, file in enumerate(files):
    # Every second file with checksums: the two ways of taking a chunk in are both broken into.
    uploader = tus.uploader(str(file), chunk_size=4 << 20, upload_checksum=number % 2 == 0, metadata={
        "flight": flight, "project": "demo", "filename": file.name})
    while True:
        try:
            if uploader.url:
                uploader.offset = uploader.get_offset()
            uploader.upload()
            break
        except Exception as error:  # whatever tuspy makes of a broken link
            failures += 1
            if failures > 50 * (breaks + 10):
                print(json.dumps({"gave_up": repr(error)}))
                sys.exit(1)
            time.sleep(0.05)
            if link.left is None and link.broken < breaks:
                link.left = every
print(json.dumps({"files": len(files), "bytes": total, "broken": link.broken, "failures": failures}))
