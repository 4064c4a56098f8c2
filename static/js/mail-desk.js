/*
 * Placeholders of a letter: each code becomes a button that writes it where somebody was writing.
 * Without this script they are copied from the table.
 */
// A field that is only tabbed through on the way to the placeholders is not meant.
const PASSING = ["Tab", "Shift", "Control", "Alt", "Meta"];
let target = document.querySelector("textarea[data-raict-text]");

const aim = (event) => {
  const isMeant = event.target.matches?.("[data-raict-text]") && !PASSING.includes(event.key);
  if (isMeant) target = event.target;
};
for (const kind of ["input", "keydown", "pointerdown", "click"]) {
  document.addEventListener(kind, aim);
}

if (target) {
  for (const code of document.querySelectorAll("[data-raict-code]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "mail-pick";
    button.textContent = code.dataset.raictCode;
    button.addEventListener("click", () => {
      target.focus();
      target.setRangeText(code.dataset.raictCode, target.selectionStart, target.selectionEnd, "end");
      target.dispatchEvent(new Event("input", { bubbles: true }));
    });
    code.replaceWith(button);
  }
}
