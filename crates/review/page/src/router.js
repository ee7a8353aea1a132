// Which screen the address names: `#/leads/PROJECT/ID`.

/** Parts of the address after the hash. */
export const parts = () => location.hash.replace(/^#\/?/, '').split('/').filter(Boolean).map(decodeURIComponent);

/** The address of a screen. */
export const address = (...names) => `#/${names.map(encodeURIComponent).join('/')}`;

/** Goes to a screen. */
export const go = (...names) => {
  location.hash = address(...names);
};
