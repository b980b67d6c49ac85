// Spares reloading. Every page works without it: links, forms, and a refresh every 30 seconds.
"use strict";

(function () {
  const POLL_EVERY = 20000;

  // A weak network invites a second press; what was sent once is not sent again.
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    const button = form.querySelector("button");
    if (button) button.setAttribute("aria-disabled", "true");
  });

  const part = document.querySelector("[data-live]");
  if (part) keepLive(part);

  function keepLive(part) {
    let etag = "";
    let busy = false;
    let missed = false;
    let timer = 0;
    let source = null;

    connect();

    function connect() {
      if (!window.EventSource) {
        poll();
        return;
      }
      source = new EventSource(part.dataset.ticks);
      source.onopen = function () {
        clearInterval(timer);
        timer = 0;
        say("on");
      };
      source.onmessage = refresh;
      source.onerror = poll;
    }

    function poll() {
      say("off");
      if (timer) return;
      refresh();
      timer = setInterval(function () {
        refresh();
        // The browser tries again by itself, unless it was told not to.
        if (source && source.readyState === 2) connect();
      }, POLL_EVERY);
    }

    async function refresh() {
      if (busy) {
        missed = true;
        return;
      }
      busy = true;
      const answer = await ask();
      if (answer.status === 401) location.reload();
      if (answer.status === 200) {
        etag = answer.etag;
        show(answer.html);
      }
      busy = false;
      if (missed) {
        missed = false;
        refresh();
      }
    }

    // On a network this weak an answer may never come. The next tick or poll finds what it missed.
    async function ask() {
      const limit = new AbortController();
      const late = setTimeout(function () {
        limit.abort();
      }, POLL_EVERY);
      try {
        const answer = await fetch(part.dataset.live, {
          headers: etag ? { "If-None-Match": etag } : {},
          cache: "no-store",
          signal: limit.signal,
        });
        const html = await answer.text();
        return { status: answer.status, etag: answer.headers.get("ETag") || "", html: html };
      } catch (unreachable) {
        return { status: 0 };
      } finally {
        clearTimeout(late);
      }
    }

    function show(html) {
      const page = document.documentElement;
      const atEnd = window.innerHeight + window.scrollY >= page.scrollHeight - 60;
      const inside = part.contains(document.activeElement) ? document.activeElement.id : "";
      const before = state();
      part.innerHTML = html;
      const after = state();
      if (inside && document.getElementById(inside)) {
        document.getElementById(inside).focus({ preventScroll: true });
      }
      if (after.title) document.title = after.title;
      announce(before, after);
      if (after.last !== before.last && atEnd) window.scrollTo(0, page.scrollHeight);
      const written = document.querySelector(".reply textarea");
      // Somebody took the conversation or gave it back: the reply box changes too.
      if (after.owner !== before.owner && !(written && written.value)) location.reload();
    }

    function state() {
      const root = part.firstElementChild;
      const summary = document.getElementById("summary");
      return {
        title: root.dataset.title,
        owner: root.dataset.owner,
        summary: summary ? summary.textContent.trim().replace(/\s+/g, " ") : "",
        last: newest(".line"),
        lastFromPerson: newest(".line.person"),
      };
    }

    function newest(kind) {
      const lines = part.querySelectorAll(kind);
      return lines.length ? lines[lines.length - 1].id : "";
    }

    function announce(before, after) {
      const status = document.querySelector("[data-announces], [data-new]");
      if (!status) return;
      if (after.summary !== before.summary) status.textContent = after.summary;
      if (after.lastFromPerson !== before.lastFromPerson) status.textContent = status.dataset.new;
    }

    function say(how) {
      const label = document.querySelector(".live");
      if (!label) return;
      label.textContent = label.dataset[how];
      label.classList.toggle("on", how === "on");
    }
  }
})();
