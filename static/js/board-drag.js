/*
 * Blocks moved and made longer with mouse, pen or finger. Pointer events are caught by the board, so
 * a block may change its place in the page meanwhile. Near an edge the grid scrolls by itself.
 */
import { at, board, bounds, lift, placeOf, put, save, sayPlace, scroller, STEP, tell } from "./board-page.js";

const SLACK = 4; // pixels before a press is a drag
const EDGE = 48;
const SPEED = 10;
let drag = null;

const follow = () => {
  const { block, x, y, grab, length, start, isEnd } = drag;
  const { room, minutes } = at(x, y);
  const { first, last } = bounds();
  if (isEnd) {
    drag.target = { ...start, to: Math.min(Math.max(minutes, start.from + STEP), last) };
  } else {
    const from = Math.min(Math.max(minutes - grab, first), last - length);
    const there = block.dataset.across ? "" : (room?.pk ?? drag.target.room);
    drag.target = { ...start, from, to: from + length, room: there };
  }
  drag.isOverTray = !isEnd && Boolean(document.elementsFromPoint(x, y).find((one) => one.matches(".board-tray")));
  put(block, drag.target);
  tell(sayPlace(drag.target));
};

const scroll = () => {
  if (!drag?.isMoving) return;
  const box = scroller().getBoundingClientRect();
  const pull = (at_, low, high) => (at_ < low + EDGE ? -SPEED : at_ > high - EDGE ? SPEED : 0);
  const top = Math.max(box.top, 0);
  const bottom = Math.min(box.bottom, window.innerHeight);
  if (drag.x > box.left && drag.x < box.right) {
    scroller().scrollBy(pull(drag.x, box.left, box.right), pull(drag.y, top, bottom));
  }
  window.scrollBy(0, pull(drag.y, 0, window.innerHeight));
  follow();
  requestAnimationFrame(scroll);
};

const begin = () => {
  const { block, isEnd } = drag;
  drag.isMoving = true;
  const wasInTray = block.matches(".in-tray");
  drag.start = placeOf(block);
  drag.length = drag.start.to - drag.start.from;
  drag.grab = wasInTray || isEnd ? 0 : Math.round((at(drag.fromX, drag.fromY).minutes - drag.start.from) / STEP) * STEP;
  drag.target = drag.start;
  drag.back = lift(block);
  board.setPointerCapture(drag.pointer);
  requestAnimationFrame(scroll);
};

const isSame = (one, other) => ["from", "to", "room"].every((name) => one[name] === other[name]);

const end = (isKept) => {
  const { block, isMoving, back, start, target, isOverTray, hadPlace } = drag;
  drag = null;
  if (!isMoving) return;
  // The click that ends a drag opens nothing.
  const swallow = (event) => { event.preventDefault(); event.stopPropagation(); };
  window.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 0);
  if (!isKept || (hadPlace && !isOverTray && isSame(start, target)) || (isOverTray && !hadPlace)) {
    back();
    return;
  }
  const isOpen = block.dataset.open === "yes" && target.to - target.from === start.to - start.from;
  if (isOverTray) {
    back();
    save(block, { day: start.day, from: "", to: "", room: "" });
  } else {
    save(block, { ...target, to: isOpen ? "" : target.to });
  }
};

export const listen = () => {
  board.addEventListener("dragstart", (event) => {
    if (event.target.closest("[data-raict-block]")) event.preventDefault(); // a link's own dragging
  });
  board.addEventListener("pointerdown", (event) => {
    const block = event.target.closest("[data-raict-block]");
    if (!block || event.button !== 0 || drag || !block.querySelector("[data-raict-open]")) return;
    if (!board.querySelector("[data-may-change]")) return;
    drag = {
      block,
      pointer: event.pointerId,
      x: event.clientX,
      y: event.clientY,
      fromX: event.clientX,
      fromY: event.clientY,
      isEnd: Boolean(event.target.closest("[data-raict-end]")),
      hadPlace: !block.matches(".in-tray"),
    };
  });
  board.addEventListener("pointermove", (event) => {
    if (!drag || event.pointerId !== drag.pointer) return;
    Object.assign(drag, { x: event.clientX, y: event.clientY });
    if (!drag.isMoving) {
      if (Math.hypot(drag.x - drag.fromX, drag.y - drag.fromY) < SLACK) return;
      begin();
    }
    follow();
  });
  board.addEventListener("pointerup", () => drag && end(true));
  board.addEventListener("pointercancel", () => drag && end(false));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drag?.isMoving) {
      tell(board.dataset.givenUp);
      end(false);
    }
  });
};
