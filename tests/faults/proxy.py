"""An HTTP/1.1 proxy between agent and sandbox that counts calls and spoils one of them.

    with FaultyProxy(sandbox_url) as proxy:
        proxy.arm(7, "reset")          # the 7th call from now on
        ...                            # run the agent against proxy.url
        proxy.disarm()
        proxy.calls                    # [(method, target)], as they were received

Every call counts, polls of jobs too. What happens at the k-th:

    kill-before   the agent is killed (SIGKILL); the sandbox never sees the call
    kill-after    the sandbox does it, the whole answer is read, then the agent is killed
    reset         the sandbox does it, then the connection to the agent is reset
    502           the sandbox does it, the agent hears 502
    silence       the sandbox does it, the agent hears nothing until it hangs up
    away          this call and all that follow are reset and never forwarded, until disarm()

victim(kill): who is killed; kill is a function without arguments that has ended the agent when it returns. A fault
waits for it, since an agent may call before its starter has got so far."""
import http.client
import select
import socket
import struct
import threading
import time
import urllib.parse

FAULTS = ("kill-before", "kill-after", "reset", "502", "silence")
KILLS = ("kill-before", "kill-after")
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "expect"}
SILENCE_SECONDS = 120
DRAIN_SECONDS = 10
BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 29\r\n\r\n<html>502 Bad Gateway</html>\n"


class Gone(Exception):
    """The agent hung up."""


class Reader:
    """Requests of one connection."""

    def __init__(self, connection):
        self.connection = connection
        self.data = b""

    def _more(self):
        try:
            block = self.connection.recv(65536)
        except OSError as error:
            raise Gone from error
        if not block:
            raise Gone
        self.data += block

    def _take(self, size):
        while len(self.data) < size:
            self._more()
        block, self.data = self.data[:size], self.data[size:]
        return block

    def _line(self):
        while b"\r\n" not in self.data:
            self._more()
        line, _, self.data = self.data.partition(b"\r\n")
        return line.decode("latin-1")

    def _chunks(self):
        body = b""
        while size := int(self._line().partition(";")[0], 16):
            body += self._take(size)
            self._line()
        while self._line():
            pass
        return body

    def request(self):
        """(method, target, headers, body)"""
        method, target, _ = self._line().split(" ", 2)
        headers = []
        while line := self._line():
            name, _, value = line.partition(":")
            headers.append((name.strip(), value.strip()))
        lower = {name.lower(): value for name, value in headers}
        if lower.get("expect", "").lower() == "100-continue":
            self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        if lower.get("transfer-encoding", "").lower() == "chunked":
            body = self._chunks()
        else:
            body = self._take(int(lower.get("content-length", 0)))
        return method, target, headers, body


class FaultyProxy:
    def __init__(self, upstream):
        self.upstream = urllib.parse.urlsplit(upstream).netloc
        self.kill, self.kill_known = None, threading.Event()
        self.lock = threading.Lock()
        self.calls = []
        self.at, self.fault = 0, None
        self.struck = None  # the call that was spoilt, once it was
        self.connections = set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def arm(self, call, fault):
        """call: counted from 1, from now on; what an agent that was killed had still in flight is not."""
        self._drain()
        with self.lock:
            self.calls.clear()
            self.at, self.fault, self.struck = call, fault, None
            self.kill_known.clear()

    def _drain(self):
        """Connections are accepted in their order: when this one is, all before it are, and then they end."""
        end = time.monotonic() + DRAIN_SECONDS
        with socket.create_connection(self.listener.getsockname()) as last:
            name = last.getsockname()
            while time.monotonic() < end and not self._is_open(name):
                time.sleep(0.002)
        while time.monotonic() < end and self.connections:
            time.sleep(0.002)

    def _is_open(self, name):
        with self.lock:
            return any(peer == name for _, peer in self.connections)

    def victim(self, kill):
        self.kill = kill
        self.kill_known.set()

    def disarm(self):
        with self.lock:
            self.fault = None

    def close(self):
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()
        with self.lock:
            open_ones = list(self.connections)
        for connection, _ in open_ones:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _accept(self):
        while True:
            try:
                connection, peer = self.listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.lock:
                self.connections.add((connection, peer))
            threading.Thread(target=self._serve, args=(connection, peer), daemon=True).start()

    def _serve(self, connection, peer):
        upstream = http.client.HTTPConnection(self.upstream, timeout=SILENCE_SECONDS)
        reader = Reader(connection)
        try:
            while self._one(connection, upstream, *reader.request()):
                pass
        except (Gone, OSError, http.client.HTTPException):
            pass
        finally:
            upstream.close()
            connection.close()
            with self.lock:
                self.connections.discard((connection, peer))

    def _count(self, method, target):
        with self.lock:
            self.calls.append((method, target))
            if self.fault is None or len(self.calls) < self.at or (len(self.calls) > self.at and self.fault != "away"):
                return None
            self.struck = (method, target)
            return self.fault

    def _one(self, connection, upstream, method, target, headers, body):
        fault = self._count(method, target)
        if fault == "away":
            return self._reset(connection)
        if fault == "kill-before":
            self.kill_known.wait()
            self.kill()
            return False
        answer = self._forward(upstream, method, target, headers, body)
        if fault == "kill-after":
            self.kill_known.wait()
            self.kill()
            return False
        if fault == "reset":
            return self._reset(connection)
        if fault == "silence":
            select.select([connection], [], [], SILENCE_SECONDS)
            return False
        connection.sendall(BAD_GATEWAY if fault == "502" else answer)
        return True

    @staticmethod
    def _reset(connection):
        """Lingering for no time at all makes close() a reset."""
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False

    @staticmethod
    def _forward(upstream, method, target, headers, body):
        upstream.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in headers:
            if name.lower() not in HOP_BY_HOP:
                upstream.putheader(name, value)
        if body or method in ("POST", "PUT"):
            upstream.putheader("Content-Length", str(len(body)))
        upstream.endheaders(body or None)
        answer = upstream.getresponse()
        data = answer.read()
        lines = [f"HTTP/1.1 {answer.status} {answer.reason}"]
        lines += [f"{name}: {value}" for name, value in answer.getheaders() if name.lower() not in HOP_BY_HOP]
        if answer.status != 204:
            lines.append(f"Content-Length: {len(data)}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + data
