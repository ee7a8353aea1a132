// Elements without markup: everything that came from a server goes in as text.

const SVG = 'http://www.w3.org/2000/svg';

const split = (selector) => {
  const [tag, ...classes] = selector.split('.');
  return { tag, classes };
};

const assign = (node, name, value) => {
  if (value === null || value === undefined || value === false) return;
  if (name === 'on') Object.entries(value).forEach(([event, listener]) => node.addEventListener(event, listener));
  else if (name === 'value') node.value = value;
  else node.setAttribute(name, value === true ? '' : value);
};

const filled = (node, properties, children) => {
  Object.entries(properties ?? {}).forEach(([name, value]) => assign(node, name, value));
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
};

/** An element: `element('div.panel', { id: 'a', on: { click } }, 'text', child)`. */
export const element = (selector, properties, ...children) => {
  const { tag, classes } = split(selector);
  const node = document.createElement(tag);
  node.classList.add(...classes);
  const { value, ...rest } = properties ?? {};
  filled(node, rest, children);
  if (value !== undefined) node.value = value;
  return node;
};

/** An element of a drawing. */
export const drawn = (selector, properties, ...children) => {
  const { tag, classes } = split(selector);
  const node = document.createElementNS(SVG, tag);
  node.classList.add(...classes);
  return filled(node, properties, children);
};

/** Puts other children into a node. */
export const refill = (node, ...children) => {
  node.replaceChildren();
  return filled(node, {}, children);
};
