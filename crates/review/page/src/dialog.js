// A dialog above the page.
import { element } from './element.js';
import { t } from './texts.js';

/** Opens one; Escape and the button close it, `closed` is called then. */
export const openDialog = (title, content, { classes = '', closed } = {}) => {
  const close = element('button.quiet', { type: 'button' }, t('close'));
  const dialog = element(`dialog${classes}`, { 'aria-label': title }, element('header', {}, element('h2', {}, title), close), content);
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => {
    dialog.remove();
    closed?.();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
};
