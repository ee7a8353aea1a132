// Panels behind tabs; on paper all of them follow one another.
import { element } from './element.js';

const select = (tabs, panels, index) => {
  tabs.forEach((tab, i) => {
    tab.setAttribute('aria-selected', i === index);
    tab.tabIndex = i === index ? 0 : -1;
    panels[i].toggleAttribute('hidden', i !== index);
  });
};

const step = (tabs, at, event) => {
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const tab = tabs[(to + tabs.length) % tabs.length];
  tab.click();
  tab.focus();
};

/** Tabs of `[{ name, title, content }]`; `kept.tab` remembers which is open. */
export const tabs = (rows, kept, label) => {
  const panels = rows.map(({ name, title, content }) =>
    element('div.panel', { role: 'tabpanel', id: `panel-${name}`, 'aria-label': title }, element('h2.on-paper', {}, title), content),
  );
  const buttons = rows.map(({ name, title }, index) => {
    const click = () => {
      kept.tab = name;
      select(buttons, panels, index);
    };
    const button = element(
      'button',
      { type: 'button', role: 'tab', id: `tab-${name}`, 'aria-controls': `panel-${name}`, on: { click } },
      title,
    );
    button.addEventListener('keydown', (event) => step(buttons, index, event));
    return button;
  });
  select(
    buttons,
    panels,
    Math.max(
      0,
      rows.findIndex(({ name }) => name === kept.tab),
    ),
  );
  return { node: [element('div.tabs', { role: 'tablist', 'aria-label': label }, buttons), element('div.panels', {}, panels)], buttons };
};
