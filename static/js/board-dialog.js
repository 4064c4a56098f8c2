/*
 * The forms of the board in a dialog over it: the same pages that open without a script, of which the
 * server then sends the form alone.
 */
import { ask, board, content, show } from "./board-page.js";

const dialog = board.querySelector("[data-raict-dialog]");
const box = dialog.querySelector("[data-raict-form]");
const title = dialog.querySelector("h2");
let opener = null;

const draw = (answer) => {
  title.textContent = answer.title;
  box.innerHTML = answer.form;
  const wrong = box.querySelector(".errors :is(input, select, textarea), .errorlist");
  const first = box.querySelector("form :is(input:not([type=hidden]), select, textarea), form button");
  if (wrong?.matches(".errorlist")) wrong.tabIndex = -1;
  (wrong ?? first ?? dialog).focus();
};

/** The page of that address in the dialog; whatever goes wrong, the page itself opens. */
export const open = async (address, from) => {
  try {
    const answer = await ask(address);
    opener = from ?? opener;
    if (!dialog.open) dialog.showModal();
    draw(answer);
  } catch {
    window.location = address;
  }
};

const send = async (event) => {
  event.preventDefault();
  const form = event.target;
  const body = new FormData(form, event.submitter);
  const buttons = [...form.querySelectorAll("button, [type=submit]")];
  for (const button of buttons) button.disabled = true;
  try {
    const answer = await ask(form.action, body);
    if (!answer.board) {
      draw(answer);
      return;
    }
    if ("raictStay" in form.dataset) {
      show(answer, false);
      await open(form.action);
      const said = document.createElement("div");
      said.setAttribute("role", "status");
      box.prepend(said);
      said.innerHTML = answer.said.map((sentence) => `<p>${sentence}</p>`).join("");
      return;
    }
    opener = null; // the focus goes to what was saved, not back
    dialog.close();
    show(answer);
  } catch {
    const failed = document.createElement("p");
    failed.className = "errornote";
    failed.setAttribute("role", "alert");
    failed.textContent = board.dataset.failed;
    form.prepend(failed);
  } finally {
    for (const button of buttons) button.disabled = false;
  }
};

export const listen = () => {
  board.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-raict-open]");
    const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
    if (link && isPlain) {
      event.preventDefault();
      open(link.href, dialog.contains(link) ? null : link);
    }
  });
  box.addEventListener("submit", send);
  dialog.querySelector("[data-raict-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    box.replaceChildren();
    // The board may have been drawn anew meanwhile.
    const block = opener?.closest("[data-raict-block]");
    const back = opener?.isConnected ? opener : content.querySelector(`#${block?.id} a`);
    back?.focus();
  });
};
