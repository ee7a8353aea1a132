// Keys of the screen that is shown. While somebody types, they type.

let bound = {};

const isTyping = (target) => target.matches('input:not([type=checkbox], [type=radio], [type=range]), textarea, select');

/** Binds the keys of a screen, in place of those of the one before. */
export const bind = (keys) => {
  bound = keys;
};

/** The keys bound now. */
export const keys = () => Object.keys(bound);

document.addEventListener('keydown', (event) => {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  const action = bound[event.key];
  if (!action || !plain || isTyping(event.target) || document.querySelector('dialog[open]')) return;
  event.preventDefault();
  action(event);
});
