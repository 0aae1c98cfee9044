// A page that is no longer live says so: what it shows may have changed since.
(() => {
  "use strict";
  let timer = null;
  const clock = () => new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const broken = () => {
    if (timer !== null) return;
    const since = clock();
    timer = setTimeout(() => {
      document.body.classList.add("stale");
      const line = document.querySelector("#status span, #step .lead");
      if (line) line.textContent = `Not up to date since ${since}. Is the dashboard still running?`;
    }, 5000);
  };
  const alive = () => {
    clearTimeout(timer);
    timer = null;
    document.body.classList.remove("stale");
  };
  for (const name of ["htmx:sse:error", "htmx:sse:close"]) document.addEventListener(name, broken);
  document.addEventListener("htmx:sse:after:message", alive);
})();

// A press and its release must meet the same button, or the click is lost: while one is pressed, what arrives waits.
(() => {
  "use strict";
  // A press that never ends (released outside the window) holds the page up no longer than this.
  const LONGEST_MS = 10000;
  let pressed = null;
  const press = () => {
    if (pressed !== null) return;
    let release;
    const released = new Promise((resolve) => { release = resolve; });
    pressed = { released, release };
    setTimeout(release, LONGEST_MS);
  };
  // The click follows its release as an event of its own.
  const lift = () => {
    const ended = pressed;
    pressed = null;
    if (ended !== null) setTimeout(ended.release, 0);
  };
  for (const name of ["pointerdown", "keydown"]) document.addEventListener(name, press, true);
  for (const name of ["pointerup", "pointercancel", "keyup"]) document.addEventListener(name, lift, true);
  window.addEventListener("blur", lift);
  document.addEventListener("htmx:sse:before:message", (event) => {
    if (pressed !== null) event.detail.waitUntil(pressed.released);
  });
})();

// A button that goes away while it has the focus hands it to the first of those in its place: a keyboard goes on from there.
(() => {
  "use strict";
  let group = null;
  document.addEventListener("htmx:sse:before:message", () => {
    group = document.activeElement?.closest("#orders, #actions") ?? null;
  });
  document.addEventListener("htmx:sse:after:message", () => {
    if (group !== null && document.activeElement === document.body) group.querySelector("button")?.focus({ preventScroll: true });
  });
})();

// A page that opens in the background listens only once it is looked at, like one that goes there: a browser has six connections
// for one server, and a seventh page would never come.
(() => {
  "use strict";
  const pause = () => document.dispatchEvent(new Event("visibilitychange"));
  document.addEventListener("htmx:sse:after:connection", () => {
    if (document.hidden) setTimeout(pause, 0);
  });
})();
