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
