/*
 * Names for what scripts of Django's admin and select2 draw without one, as assistive technology
 * reads it: the box of a choice that is searched takes the label of its field, and the sign beside
 * a filter is a picture with a text.
 */
function nameBoxes() {
  for (const select of document.querySelectorAll("select.select2-hidden-accessible[id]")) {
    const box = select.nextElementSibling?.querySelector(".select2-selection");
    const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    if (!box || !label || box.dataset.raictNamed) {
      continue;
    }
    box.dataset.raictNamed = "";
    label.id ||= `label-${select.id}`;
    const shown = box.querySelector(".select2-selection__rendered");
    box.setAttribute("aria-labelledby", `${label.id} ${shown?.id ?? ""}`.trim());
    // The text inside is what is chosen, no field of its own.
    shown?.removeAttribute("role");
    shown?.removeAttribute("aria-readonly");
  }
  for (const box of document.querySelectorAll(".select2-selection[aria-owns]")) {
    box.setAttribute("aria-controls", box.getAttribute("aria-owns"));
  }
  for (const list of document.querySelectorAll("body > .select2-container:not([role])")) {
    list.setAttribute("role", "region");
    const open = document.querySelector(".select2-container--open [aria-labelledby]");
    list.setAttribute("aria-labelledby", open?.getAttribute("aria-labelledby") ?? "");
  }
  for (const field of document.querySelectorAll(".select2-search__field:not([aria-label])")) {
    const results = field.getAttribute("aria-controls") ?? "";
    const id = results.replace(/^select2-/, "").replace(/-results$/, "");
    const label = document.querySelector(`label[for="${CSS.escape(id)}"]`);
    field.setAttribute("aria-label", label?.textContent.trim() ?? "");
  }
  for (const sign of document.querySelectorAll(".help-tooltip[aria-label]:not([role])")) {
    sign.setAttribute("role", "img");
  }
}

// They come when the page is ready, and with every row that is added to a form.
new MutationObserver(nameBoxes).observe(document.body, {
  childList: true,
  subtree: true,
  attributeFilter: ["aria-owns"],
});
nameBoxes();
