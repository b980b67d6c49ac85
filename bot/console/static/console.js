// Spares reloading. Every page works without it: links, forms, and a refresh every 30 seconds.
"use strict";

(function () {
  const POLL_EVERY = 20000;

  // A weak network invites a second press; what was sent once is not sent again.
  document.addEventListener("submit", function (event) {
    const form = event.target;
    // A file that is taken leaves the page as it is.
    if (form.dataset.again) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    const button = form.querySelector("button");
    if (button) button.setAttribute("aria-disabled", "true");
  });

  const printer = document.querySelector("button.print");
  if (printer) {
    printer.hidden = false;
    printer.addEventListener("click", function () {
      window.print();
    });
  }

  const menu = document.querySelector("details.more");
  if (menu) foldAway(menu);

  function foldAway(menu) {
    document.addEventListener("click", function (event) {
      if (!menu.contains(event.target)) menu.open = false;
    });
    document.addEventListener("keydown", function (event) {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }

  // Where there is room beside the thread nothing need be folded.
  const roomy = window.matchMedia("(min-width: 48rem)");
  unfold();
  roomy.addEventListener("change", unfold);

  function unfold() {
    document.querySelectorAll("details.fold").forEach(function (details) {
      details.open = roomy.matches;
    });
  }

  const writing = document.querySelector("form[data-typing]");
  if (writing) tellTyping(writing);

  // Colleagues who look on see that somebody writes; whoever stops is forgotten in a moment.
  function tellTyping(form) {
    const AGAIN = 8000;
    let told = 0;
    form.addEventListener("input", function () {
      if (Date.now() - told < AGAIN) return;
      told = Date.now();
      const body = new URLSearchParams({ csrf: form.elements.csrf.value });
      // Without a network nobody is told, and nothing else is lost.
      fetch(form.dataset.typing, { method: "POST", body: body }).catch(function () {});
    });
  }

  const part = document.querySelector("[data-live]");
  const bell = document.querySelector(".ring");
  const ring = bell ? prepareBell(bell) : function () {};
  if (part) keepLive(part);

  // Calls whoever is in the next room, if they asked for it: a sound, and a note of the system's
  // that says nothing of whom it is about.
  function prepareBell(button) {
    const KEY = "akoma-ring";
    let audio = null;
    let worker = null;

    button.hidden = false;
    if (isOn()) prepareNotes();
    button.addEventListener("click", function () {
      set(!isOn());
      if (!isOn()) return;
      prepareNotes();
      if (window.Notification && Notification.permission === "default") {
        Notification.requestPermission();
      }
      sound();
    });
    // A browser plays nothing before somebody has pressed something on the page.
    document.addEventListener("pointerdown", function () {
      if (isOn()) prepareSound();
    });
    show();

    function isOn() {
      return localStorage.getItem(KEY) === "on";
    }

    function set(on) {
      localStorage.setItem(KEY, on ? "on" : "off");
      show();
    }

    function show() {
      button.setAttribute("aria-pressed", String(isOn()));
      button.textContent = isOn() ? button.dataset.on : button.dataset.off;
    }

    function prepareSound() {
      const Context = window.AudioContext || window.webkitAudioContext;
      if (!audio && Context) audio = new Context();
      if (audio && audio.state === "suspended") audio.resume();
    }

    function sound() {
      prepareSound();
      if (!audio) return;
      [0, 0.25, 0.5].forEach(function (delay) {
        const tone = audio.createOscillator();
        const volume = audio.createGain();
        volume.gain.value = 0.2;
        tone.frequency.value = 880;
        tone.connect(volume).connect(audio.destination);
        tone.start(audio.currentTime + delay);
        tone.stop(audio.currentTime + delay + 0.15);
      });
    }

    // Phones let a worker alone show notes.
    function prepareNotes() {
      if (!navigator.serviceWorker) return;
      navigator.serviceWorker.register(button.dataset.worker).then(
        function (registered) {
          worker = registered;
        },
        // Without one the sound has to do.
        function () {}
      );
    }

    function note() {
      const title = button.dataset.title;
      const options = { body: button.dataset.body, tag: KEY };
      try {
        new Notification(title, options);
      } catch (refused) {
        if (worker && worker.active) worker.showNotification(title, options);
      }
    }

    return function () {
      if (!isOn()) return;
      document.documentElement.dataset.rang = "yes";
      sound();
      if (window.Notification && Notification.permission === "granted") note();
    };
  }

  function keepLive(part) {
    let etag = "";
    let busy = false;
    let missed = false;
    let timer = 0;
    let source = null;

    forgetTyping();
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
      if (answer.status === 401) openAnew();
      const sound = Array.from(part.querySelectorAll("audio, video")).find(function (each) {
        return !each.paused;
      });
      if (sound) {
        // To change the page would cut off what is being heard.
        sound.addEventListener("pause", refresh, { once: true });
      } else if (answer.status === 200) {
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
      const unfolded = Array.from(part.querySelectorAll("details[open]"), function (details) {
        return details.id;
      });
      const came = Array.from(part.querySelectorAll("audio, video"));
      part.innerHTML = html;
      // A sound or a film goes on from where it was.
      came.forEach(function (each) {
        const place = each.currentTime && document.getElementById(each.id);
        if (place) place.replaceWith(each);
      });
      unfolded.forEach(function (id) {
        const details = document.getElementById(id);
        if (details) details.open = true;
      });
      const after = state();
      forgetTyping();
      if (inside && document.getElementById(inside)) {
        document.getElementById(inside).focus({ preventScroll: true });
      }
      if (after.title) document.title = after.title;
      announce(before, after);
      const isNew = function (key) {
        return before.rings.indexOf(key) < 0;
      };
      if (after.rings.some(isNew)) ring();
      if (after.last !== before.last && atEnd) window.scrollTo(0, page.scrollHeight);
      const written = Array.from(document.querySelectorAll("textarea"), function (field) {
        return field.value;
      });
      // Somebody took the conversation or gave it back: the reply box changes too. So does what
      // stands above it where something else binds whoever writes.
      const changed = after.owner !== before.owner || after.binding !== before.binding;
      if (changed && !written.some(Boolean)) openAnew();
    }

    // The answer to a form that was refused stands at the form's address: to reload it would send
    // the form once more, and with it take what nobody pressed for.
    function openAnew() {
      const page = part.dataset.page;
      if (!page || location.pathname === page) location.reload();
      else location.replace(page + location.hash);
    }

    function forgetTyping() {
      const sign = part.querySelector(".typing");
      if (!sign) return;
      setTimeout(function () {
        sign.remove();
      }, sign.dataset.lasts * 1000);
    }

    function state() {
      const root = part.firstElementChild;
      const summary = document.getElementById("summary");
      return {
        title: root.dataset.title,
        owner: root.dataset.owner,
        binding: root.dataset.binding,
        rings: (root.dataset.rings || "").split(" ").filter(Boolean),
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
