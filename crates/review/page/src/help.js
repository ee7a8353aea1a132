// The keys of the screen, on demand.
import { element } from './element.js';
import { keys } from './keys.js';
import { openDialog } from './dialog.js';
import { t } from './texts.js';

const list = () => {
  const rows = keys().map((key) => {
    const about = t(`key-${key === '/' ? 'slash' : key}`);
    return [element('dt', {}, element('kbd', {}, key)), element('dd', {}, about)];
  });
  return rows.length ? element('dl.keys', {}, rows) : element('p', {}, t('no-keys'));
};

/** The button in the head. */
export const helpButton = () => {
  const click = () => openDialog(t('keys'), list());
  return element('button.quiet', { type: 'button', on: { click } }, t('keys'));
};
