// Every word on the page, in the language chosen.
import { FluentBundle, FluentResource } from '@fluent/bundle';
import en from './texts/en.ftl?raw';
import zh from './texts/zh.ftl?raw';

const KEPT = 'plumbline.language';
const LOCALES = { zh: 'zh-CN', en: 'en-GB' };

const bundleOf = (language, source) => {
  const bundle = new FluentBundle(LOCALES[language], { useIsolating: false });
  bundle.addResource(new FluentResource(source));
  return bundle;
};

const bundles = { zh: bundleOf('zh', zh), en: bundleOf('en', en) };

const kept = () => {
  const value = localStorage.getItem(KEPT);
  return value in bundles ? value : 'zh';
};

let chosen = kept();

/** The language shown: `zh` or `en`. */
export const language = () => chosen;

/** Shows another language from now on, and remembers it. */
export const choose = (next) => {
  chosen = next;
  localStorage.setItem(KEPT, next);
  document.documentElement.lang = LOCALES[next];
};

/** A text by its key; what it needs is passed as `values`. */
export const t = (key, values) => {
  const message = bundles[chosen].getMessage(key);
  return message?.value ? bundles[chosen].formatPattern(message.value, values) : key;
};

/** The name of a code of the catalog, such as `kind` `NO_PERMIT`; an unknown code stays as it is. */
export const named = (family, code) => {
  if (code === null || code === undefined || code === '') return '';
  const key = `${family}-${code}`;
  return bundles[chosen].hasMessage(key) ? t(key) : String(code);
};

/** The side of a text of the server that is in the language shown. */
export const said = (both) => (both ? (both[chosen] ?? both.zh ?? both.en ?? '') : '');

/** A number with that many decimals. */
export const number = (value, decimals = 0) =>
  value === null || value === undefined
    ? '–'
    : new Intl.NumberFormat(LOCALES[chosen], { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(value);

/** A moment, to the minute, in the zone of the reader. */
export const moment = (iso) =>
  iso ? new Intl.DateTimeFormat(LOCALES[chosen], { dateStyle: 'medium', timeStyle: 'short', hour12: false }).format(new Date(iso)) : '–';

/** A count of bytes. */
export const bytes = (count) => {
  const power = Math.min(3, Math.floor(Math.log10(Math.max(count, 1)) / 3));
  return t(`bytes-${power}`, { value: number(count / 1000 ** power, power > 1 ? 1 : 0) });
};
