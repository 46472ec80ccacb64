"use strict";

// The terminal is textual-serve's. This tells it where to connect, waits for its font, says to the
// server what has been drawn, and asks before a live session is closed with its tab.

const place = document.querySelector(".textual-terminal");
const address = new URL("ws", location.href);
address.protocol = "ws:";

// A page that is loaded again has the same name, and takes up its session. So does one that was
// copied with its tab: the other one loses it then.
const name = sessionStorage.getItem("page") ?? crypto.randomUUID();
sessionStorage.setItem("page", name);
place.dataset.sessionWebsocketUrl = address.href;
place.dataset.fontSize = Number(new URLSearchParams(location.search).get("fontsize")) || 16;

let socket = null;

class CountedSocket extends WebSocket {
  constructor(url) {
    super(`${url}&page=${name}`);
    socket = this;
    let received = 0;
    this.addEventListener("message", (event) => {
      if (typeof event.data === "string") return;
      // a page out of sight has no frames, says nothing, and is sent nothing more
      if (received === 0) requestAnimationFrame(() => {
        if (this.readyState === WebSocket.OPEN) this.send(JSON.stringify(["drawn", received]));
        received = 0;
      });
      received += event.data.byteLength;
    });
  }
}

window.WebSocket = CountedSocket;

const start = window.onload;
window.onload = async (event) => {
  const fonts = ["16px 'Roboto Mono'", "bold 16px 'Roboto Mono'"];
  await Promise.allSettled(fonts.map((font) => document.fonts.load(font)));
  start(event);
  document.querySelector(".xterm-helper-textarea").focus();
};

window.addEventListener("beforeunload", (event) => {
  if (socket !== null && socket.readyState === WebSocket.OPEN) event.preventDefault();
});

document.querySelector("#again").addEventListener("click", () => location.reload());
