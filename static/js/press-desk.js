/*
 * Beside the text of a press release: placeholders to pick, and page, PDF and check as they would be.
 * Everything here can be done without it: placeholders are typed, and « check and publish » is a page.
 */
const desk = document.querySelector("[data-raict-press-desk]");

if (desk) {
  const form = desk.closest("form");
  const find = (name) => desk.querySelector(`[data-raict-${name}]`);
  const tabs = [...desk.querySelectorAll('[role="tab"]')];
  const PAUSE = 900; // ms without a key before the preview is asked for
  let target = form.querySelector("[data-raict-text]");
  let timer, request;

  /* ------------------------------------------------------------------------------- tabs */
  const show = (tab) => {
    for (const other of tabs) {
      const isShown = other === tab;
      other.setAttribute("aria-selected", isShown);
      other.tabIndex = isShown ? 0 : -1;
      document.getElementById(other.getAttribute("aria-controls")).hidden = !isShown;
    }
  };
  for (const [number, tab] of tabs.entries()) {
    tab.addEventListener("click", () => show(tab));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) {
        const next = tabs[(number + step + tabs.length) % tabs.length];
        show(next);
        next.focus();
        event.preventDefault();
      }
    });
  }
  desk.querySelector('[role="tablist"]').hidden = false;
  find("languages").hidden = false;

  /* ---------------------------------------------------------------------------- writing */
  // Where somebody wrote, clicked or moved the caret: a field that is only tabbed through on the way
  // to the placeholders is not meant.
  const PASSING = ["Tab", "Shift", "Control", "Alt", "Meta"];
  const aim = (event) => {
    const isMeant = event.target.matches("[data-raict-text]") && !PASSING.includes(event.key);
    if (isMeant) target = event.target;
  };
  for (const kind of ["input", "keydown", "pointerdown", "click"]) form.addEventListener(kind, aim);
  const write = (field, start, end, text) => {
    field.focus();
    field.setRangeText(text, start, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  desk.addEventListener("click", (event) => {
    const pick = event.target.closest("[data-raict-insert]");
    if (pick && target) {
      write(target, target.selectionStart, target.selectionEnd, pick.dataset.raictInsert);
    }
    const mend = event.target.closest("[data-raict-replace]");
    const field = mend && form.elements[mend.dataset.raictField];
    if (field) {
      const { raictReplace: excerpt, raictTarget: part, raictBy: words } = mend.dataset;
      const at = field.value.indexOf(excerpt);
      const start = at + excerpt.indexOf(part);
      if (at < 0) field.focus(); // written with marks in between: by hand, then
      else write(field, start, start + part.length, words);
    }
  });

  /* ---------------------------------------------------------------------------- preview */
  const refresh = async () => {
    request?.abort();
    request = new AbortController();
    const body = new FormData(form);
    body.set("_script", "1");
    body.set("_release", desk.dataset.raictRelease);
    body.set("_language", find("language").value);
    body.set("_picks", desk.dataset.raictEdition);
    find("status").setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(desk.dataset.raictPressDesk, {
        method: "POST",
        body,
        signal: request.signal,
      });
      if (!answer.ok) return;
      const made = await answer.json();
      find("page").srcdoc = made.page;
      find("pdf").replaceChildren(
        ...made.images.map((source, number) => {
          const image = new Image();
          image.src = source;
          image.alt = `${find("pdf").dataset.raictAlt} ${number + 1}`;
          return image;
        }),
      );
      find("findings").innerHTML = made.findings;
      find("count").textContent = made.count ? `(${made.count})` : "✓";
      find("count").classList.toggle("blocks", made.blocking > 0);
      if (made.picks) {
        find("picks").innerHTML = made.picks;
        desk.dataset.raictEdition = made.edition;
      }
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    } finally {
      find("status").removeAttribute("aria-busy");
    }
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  find("language").addEventListener("change", refresh);
  refresh();
}
