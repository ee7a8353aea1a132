// Codes as small marks: a shape and a word, never a colour alone.
import { element } from './element.js';
import { named } from './texts.js';

/** A code of a family in a frame. */
export const badge = (family, code) => element('span.badge', { 'data-code': code }, named(family, code));

/** A verdict, with its mark. */
export const verdictMark = (code) => element('span.verdict', { 'data-code': code }, named('verdict', code));
