// The chat without reloading: forms are posted in the background, replies arrive by events.
// Without this script everything still works, one page at a time.
"use strict";

const { page, read, notSent, noNetwork } = document.body.dataset;
const log = document.getElementById("thread");
const list = log.querySelector("ol");
const state = document.getElementById("state");
const calm = state.textContent;
const composer = document.querySelector("form.composer");
const field = composer.elements.text;
const problem = composer.querySelector(".problem");
const RECONNECT_MS = 4000;

let after = document.body.dataset.after;
let events = null;

// --- the thread

function isNearEnd() {
  return log.scrollTop > -80; // the list is reversed: its end is zero
}

function addDayBefore(entry) {
  const days = list.querySelectorAll(".day");
  const last = days[days.length - 1];
  if (last && last.dataset.day === entry.dataset.day) return;
  const day = document.createElement("li");
  const name = document.createElement("span");
  day.className = "day";
  day.dataset.day = entry.dataset.day;
  name.textContent = entry.dataset.dayName;
  day.append(name);
  list.append(day);
}

function markAllRead() {
  for (const mark of list.querySelectorAll('.mark[data-read="no"]')) {
    mark.dataset.read = "yes";
    mark.textContent = read;
  }
}

function addEntry(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const entry = template.content.firstElementChild;
  if (document.getElementById(entry.id)) return;
  const follow = isNearEnd() || entry.classList.contains("own");
  addDayBefore(entry);
  entry.classList.add("new");
  list.append(entry);
  if (entry.classList.contains("own")) removeChoices();
  if (entry.dataset.answers !== undefined) markAllRead();
  if (follow) log.scrollTop = 0;
  acknowledge();
}

function removeChoices() {
  const focused = document.activeElement;
  for (const choices of list.querySelectorAll(".choices")) {
    if (choices.contains(focused)) field.focus();
    choices.remove();
  }
}

// --- posting

function fieldsOf(form, submitter) {
  const fields = new URLSearchParams(new FormData(form));
  if (submitter && submitter.name) fields.set(submitter.name, submitter.value);
  return fields;
}

function post(path, fields) {
  return fetch(path, {
    method: "POST",
    body: fields,
    headers: { "X-Requested-With": "fetch" },
  });
}

function renew(form) {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  form.elements.nonce.value = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function tell(text) {
  problem.textContent = text;
  problem.hidden = !text;
}

async function submit(form, submitter) {
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  tell("");
  if (form.classList.contains("exit")) list.replaceChildren();
  try {
    const answer = await post(form.action, fieldsOf(form, submitter));
    if (answer.status === 409) return void location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    renew(form);
    if (form === composer) {
      field.value = "";
      fit();
    }
    // No events, no reply: then as without this script.
    if (!events || events.readyState !== EventSource.OPEN) location.reload();
  } catch {
    tell(notSent);
  } finally {
    delete form.dataset.busy;
  }
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  submit(event.target, event.submitter);
});

field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (field.value.trim()) submit(composer);
});

function fit() {
  field.rows = 1;
  while (field.scrollHeight > field.clientHeight && field.rows < 5) field.rows += 1;
}

field.addEventListener("input", fit);

// --- events

function connect() {
  events = new EventSource("/chat/events?after=" + encodeURIComponent(after));
  events.addEventListener("open", () => {
    state.textContent = calm;
  });
  events.addEventListener("whose", (event) => {
    // The browser writes as somebody else now: this page is not theirs.
    if (event.data !== page) location.reload();
  });
  events.addEventListener("erase", (event) => {
    after = event.lastEventId || after;
    list.replaceChildren();
  });
  events.addEventListener("entry", (event) => {
    after = event.lastEventId || after;
    addEntry(event.data);
  });
  events.addEventListener("error", () => {
    state.textContent = noNetwork;
    // The browser tries again by itself unless the server refused.
    if (events.readyState === EventSource.CLOSED) setTimeout(connect, RECONNECT_MS);
  });
}

// --- receipts

async function acknowledge() {
  const receipt = document.hidden ? "delivered" : "read";
  const entries = [...list.querySelectorAll("[data-receipt]")].filter(
    (entry) => entry.dataset.told !== receipt,
  );
  if (!entries.length) return;
  const fields = new URLSearchParams({ page, receipt });
  for (const entry of entries) {
    entry.dataset.told = receipt;
    fields.append("id", entry.dataset.receipt);
  }
  try {
    const answer = await post("/chat/receipts", fields);
    if (answer.status >= 500) throw new Error(String(answer.status));
  } catch {
    for (const entry of entries) delete entry.dataset.told;
    setTimeout(acknowledge, RECONNECT_MS);
  }
}

document.addEventListener("visibilitychange", acknowledge);
window.addEventListener("pageshow", acknowledge);

connect();
if (matchMedia("(hover: hover)").matches) field.focus();
