// Construction stages and records such as `TYPICAL_STOREY(3)`, in words.
import { named, t } from './texts.js';

/** One of them; `family` says whether it is a stage or a record. */
export const stepText = (family, step) => {
  const [, code, storey] = /^([A-Z_]+)(?:\((.+)\))?$/.exec(step) ?? [null, step, null];
  return storey ? t('stage-of', { stage: named(family, code), storey }) : named(family, code);
};

/** A list of them, parted by semicolons. */
export const stepsText = (family, list) =>
  (list ?? '')
    .split(';')
    .filter(Boolean)
    .map((step) => stepText(family, step))
    .join(t('list-comma'));

/** An interval of stages; empty where nothing is known. */
export const stageText = (lo, hi) => {
  if (!lo) return '';
  const [from, to] = [lo, hi ?? lo].map((step) => stepText('stage', step));
  return from === to ? from : t('range', { from, to });
};
