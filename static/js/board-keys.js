/*
 * A focused block moved with the keyboard: arrows move it by a quarter of an hour (with Ctrl by five
 * minutes) or to the next room, with Shift its end; Enter saves, Escape gives up.
 */
import { board, bounds, lift, placeOf, put, rooms, save, sayPlace, STEP, tell } from "./board-page.js";

const QUARTER = 15;
let moving = null; // { block, target, back }

const giveUp = () => {
  const { block, back } = moving;
  moving = null;
  back();
  block.querySelector("a").focus();
  tell(board.dataset.givenUp);
};

const moved = (target, event) => {
  const { first, last } = bounds();
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key] * (event.ctrlKey ? STEP : QUARTER);
  const length = target.to - target.from;
  if (["ArrowLeft", "ArrowRight"].includes(event.key)) {
    if (moving.block.dataset.across) return target;
    const all = rooms().map((room) => room.pk);
    const next = all.indexOf(target.room) + (event.key === "ArrowRight" ? 1 : -1);
    return { ...target, room: all[Math.min(Math.max(next, 0), all.length - 1)] ?? target.room };
  }
  if (event.shiftKey) {
    return { ...target, to: Math.min(Math.max(target.to + by, target.from + STEP), last) };
  }
  const from = Math.min(Math.max(target.from + by, first), last - length);
  return { ...target, from, to: from + length };
};

const press = (event) => {
  const block = event.target.closest("[data-raict-block]");
  if (!block || !board.querySelector("[data-may-change]") || event.altKey || event.metaKey) return;
  if (event.key.startsWith("Arrow")) {
    event.preventDefault();
    if (!moving) {
      const start = placeOf(block);
      // A block of the tray first appears on the grid, where its next arrows move it.
      const isNew = block.matches(".in-tray");
      moving = { block, start, target: start, back: lift(block) };
      block.querySelector("a").focus();
      if (!isNew) moving.target = moved(start, event);
    } else {
      moving.target = moved(moving.target, event);
    }
    put(block, moving.target);
    block.scrollIntoView({ block: "nearest", inline: "nearest" });
    tell(`${sayPlace(moving.target)}. ${board.dataset.keep}`);
  } else if (moving && event.key === "Enter") {
    event.preventDefault();
    const { start, target } = moving;
    const isOpen = block.dataset.open === "yes" && target.to - target.from === start.to - start.from;
    moving = null;
    save(block, { ...target, to: isOpen ? "" : target.to });
  } else if (moving && event.key === "Escape") {
    event.preventDefault();
    giveUp();
  }
};

export const listen = () => {
  board.addEventListener("keydown", press);
  board.addEventListener("focusout", (event) => {
    // Whoever goes elsewhere has not saved. Lifting a block takes its focus for a moment.
    if (moving && event.relatedTarget && !moving.block.contains(event.relatedTarget)) {
      const next = event.relatedTarget;
      giveUp();
      next.focus();
    }
  });
  board.addEventListener("raict:drawn", () => (moving = null));
};
