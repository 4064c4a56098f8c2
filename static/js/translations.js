/*
 * « Translations to do »: a text is saved without leaving the page. Without this script the same
 * buttons send the form; what the answer says is shown here as it would be there.
 */
const root = document.querySelector("[data-raict-translations]");
const form = root?.querySelector("[data-raict-translations-form]");
const said = form?.querySelector("[data-raict-translations-status]");

function lineOf(key, page = document) {
  return page.querySelector(`[data-raict-translation="${CSS.escape(key)}"]`);
}

function remove(line) {
  const section = line.parentElement;
  const fields = [...form.querySelectorAll("textarea")];
  const next = fields[fields.indexOf(line.querySelector("textarea")) + 1];
  line.remove();
  if (!section.querySelector("[data-raict-translation]")) {
    section.remove();
  }
  (next ?? form.querySelector("textarea") ?? form.querySelector("button"))?.focus();
}

function show(page, key) {
  const counts = "[data-raict-translations-counts]";
  root.querySelector(counts).replaceWith(page.querySelector(counts));
  const line = lineOf(key);
  const answer = lineOf(key, page);
  if (answer) {
    line.replaceWith(answer);
    answer.querySelector("textarea")?.focus();
    said.textContent = answer.querySelector(".errorlist")?.textContent.trim() ?? "";
  } else {
    remove(line);
    said.textContent = form.dataset.saved;
  }
}

async function save(button) {
  const key = button.value;
  const name = lineOf(key).querySelector("textarea").name;
  const data = new FormData();
  for (const field of ["csrfmiddlewaretoken", name]) {
    data.set(field, new FormData(form).get(field));
  }
  data.set("save", key);
  const answer = await fetch(form.action, { method: "POST", body: data });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!answer.ok || !page.querySelector("[data-raict-translations]")) {
    throw new Error(`${answer.status}`);
  }
  show(page, key);
}

form?.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || button.value === "all") {
    return;
  }
  const field = lineOf(button.value)?.querySelector("textarea");
  if (!field?.value.trim()) {
    event.preventDefault();
    field?.focus();
    return;
  }
  event.preventDefault();
  button.disabled = true;
  save(button).catch(() => {
    said.textContent = form.dataset.failed;
    said.classList.remove("visually-hidden");
    button.disabled = false;
    button.focus();
  });
});
