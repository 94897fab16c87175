// What a shop's own script does to have the messenger: ask its server for a token, and start.
"use strict";

const byId = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);

const choice = {
  visitor: query.get("visitor") ?? localStorage.getItem("juniper:visitor") ?? "",
  theme: query.get("theme") ?? localStorage.getItem("juniper:theme") ?? "auto",
  locale: query.get("locale") ?? localStorage.getItem("juniper:locale") ?? "en",
};
let server = "";

function say(trouble) {
  byId("trouble").textContent = trouble;
  byId("trouble").hidden = !trouble;
}

async function token() {
  if (!choice.visitor) {
    return null;
  }
  const answer = await fetch("token", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ visitor: choice.visitor }),
  });
  if (!answer.ok) {
    say(`The shop could not sign ${choice.visitor} in (${answer.status}).`);
    return null;
  }
  return (await answer.json()).token;
}

function show() {
  for (const kind of ["visitor", "theme", "locale"]) {
    for (const button of document.querySelectorAll(`[data-${kind}]`)) {
      button.setAttribute("aria-pressed", String(button.dataset[kind] === choice[kind]));
    }
  }
  const name = choice.visitor && choice.visitor[0].toUpperCase() + choice.visitor.slice(1);
  byId("who").textContent = name ? `Signed in as ${name}` : "Anonymous visitor";
  const user = choice.visitor || "alice";
  byId("command").textContent =
    `.venv/bin/proactive send --channel messenger --user demo-${user} "Our spring sale ends Sunday!"`;
}

function start() {
  window.RasaProactive.init({
    server,
    getToken: token,
    color: "#2f6b4f",
    title: "Juniper & Co.",
    theme: choice.theme,
    locale: choice.locale,
  });
}

async function choose(kind, value) {
  choice[kind] = value;
  localStorage.setItem(`juniper:${kind}`, value);
  say("");
  show();
  if (kind === "visitor") {
    window.RasaProactive.widget.setToken(await token());
  } else {
    start();
  }
}

async function begin() {
  show();
  try {
    server = (await (await fetch("config.json")).json()).server;
  } catch {
    say("The shop's server does not answer. Is it running?");
    return;
  }
  if (window.RasaProactive) {
    start();
  } else {
    window.addEventListener("rasa-proactive:ready", start, { once: true });
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const kind = button && ["visitor", "theme", "locale"].find((one) => one in button.dataset);
  if (kind) {
    choose(kind, button.dataset[kind]);
  } else if (button && button.id === "ask") {
    window.RasaProactive.widget.open();
  }
});

begin();
