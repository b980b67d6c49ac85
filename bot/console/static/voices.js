// Records a sentence with the browser's microphone and sends it as the form beside it would send a
// file. Without this script, or without a microphone, a file is chosen instead.
"use strict";

(function () {
  const list = document.querySelector(".readings");
  const problem = document.querySelector(".problem");
  if (!list || !window.MediaRecorder || !navigator.mediaDevices) return;
  const LONGEST_MS = Number(list.dataset.longest) * 1000;
  let running = null;

  list.querySelectorAll(".record").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      if (running) {
        if (running.button === button) running.recorder.stop();
        return;
      }
      record(button);
    });
  });

  async function record(button) {
    tell("");
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch (refused) {
      tell(list.dataset.refused);
      return;
    }
    const parts = [];
    const recorder = new MediaRecorder(stream);
    running = { button: button, recorder: recorder };
    recorder.addEventListener("dataavailable", function (event) {
      parts.push(event.data);
    });
    recorder.addEventListener("stop", function () {
      clearTimeout(limit);
      stream.getTracks().forEach(function (track) {
        track.stop();
      });
      running = null;
      send(button, new Blob(parts, { type: recorder.mimeType }));
    });
    const limit = setTimeout(function () {
      recorder.stop();
    }, LONGEST_MS);
    recorder.start();
    show(button, "stop");
  }

  async function send(button, sound) {
    const form = button.closest("form");
    const fields = new FormData(form);
    fields.set("sound", sound, "voice");
    show(button, "sending");
    button.disabled = true;
    try {
      const address = form.action.split("?")[0] + "?only=yes";
      const answer = await fetch(address, { method: "POST", body: fields });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const card = button.closest("li");
      const fresh = page.getElementById(card.id);
      // Anything else than the list is a door to pass first.
      if (!fresh || !answer.redirected) {
        const reason = page.querySelector(".doing .error span");
        if (!reason) return void location.reload();
        tell(reason.textContent);
        return;
      }
      replace(card, fresh);
    } catch (unreachable) {
      tell(list.dataset.offline);
    } finally {
      button.disabled = false;
      show(button, "record");
    }
  }

  // Only what tells of the voice: the buttons keep their place and what they do.
  function replace(card, fresh) {
    card.querySelector(".hint").replaceWith(fresh.querySelector(".hint"));
    const old = card.querySelector("audio");
    const sound = fresh.querySelector("audio");
    if (old) old.remove();
    card.querySelector(".doing").prepend(sound);
    sound.focus();
  }

  function show(button, how) {
    button.querySelector("span").textContent = button.dataset[how];
    button.classList.toggle("recording", how === "stop");
  }

  function tell(text) {
    problem.querySelector("span").textContent = text;
    problem.hidden = !text;
    if (text) problem.scrollIntoView({ block: "nearest" });
  }
})();
