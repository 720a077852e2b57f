// Asks without leaving the page, and shows the answer while it comes. Without this script the page itself grows.

const find = (selector) => document.querySelector(selector);
const [form, turns, stop, status] = ["#chat", "#turns", "[data-stop]", "#chat [role=status]"].map(find);
const { message, history } = form.elements;
const BROKEN = "The connection broke off. Please try again.";
let asking; // what stops the answer that is under way

stop.addEventListener("click", () => asking?.abort());

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (asking) return status.replaceChildren("One after the other: the model is still answering.");
  asking = new AbortController();
  find(".notice")?.remove();
  const [question, body] = [message.value, new URLSearchParams(new FormData(form))];
  const shown = [show("You", question), show("The model", "")];
  const answer = shown[1].lastChild;
  [stop.hidden, turns.ariaBusy, message.value] = [false, "true", ""]; // read out when it is whole
  status.replaceChildren("The model is answering …");
  const end = await ask(body, answer).catch(() => ({ error: asking.signal.aborted ? "Stopped." : BROKEN }));
  asking = undefined;
  [stop.hidden, turns.ariaBusy] = [true, "false"];
  status.replaceChildren(end.error ?? "", ...link("Sign in again", end.sign_in));
  if (answer.textContent) return keep(question, answer.textContent);
  shown.forEach((turn) => turn.remove());
  message.value ||= question;
});

async function ask(body, answer) {
  const request = { method: "POST", body, headers: { Accept: "text/event-stream" }, signal: asking.signal };
  const response = await fetch(form.action, request);
  if (!response.ok) return response.json();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let unread = "", read; !(read = await reader.read()).done; ) {
    const events = (unread + read.value).split("\n\n");
    unread = events.pop();
    for (const event of events.filter((event) => event.startsWith("data: "))) {
      const data = JSON.parse(event.slice("data: ".length));
      if (data.text === undefined) return data;
      answer.append(data.text);
    }
  }
  return { error: BROKEN };
}

function show(who, text) {
  turns.append(make("article", { className: "panel turn" }));
  turns.lastChild.append(make("h2", { textContent: who }), make("p", { className: "said", textContent: text }));
  return turns.lastChild;
}

function keep(question, answer) {
  const all = [...JSON.parse(history.value), { role: "user", content: question }, { role: "assistant", content: answer }];
  do history.value = JSON.stringify(all.slice(-20));
  while (new Blob([history.value]).size > 65_536 && all.shift());
}

const link = (textContent, href) => (href ? [" ", make("a", { href, textContent })] : []);
const make = (name, properties) => Object.assign(document.createElement(name), properties);
