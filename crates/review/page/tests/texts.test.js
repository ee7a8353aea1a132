// The texts: whole in both languages, and nowhere else.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { KINDS, OUTCOMES, PRESENCES, PRIORITIES, STATES } from '../src/codes.js';

const source = join(import.meta.dirname, '../src');

const messages = (language) => {
  const lines = readFileSync(join(source, 'texts', `${language}.ftl`), 'utf8').split('\n');
  return new Map(
    lines
      .map((line) => /^([A-Za-z][\w-]*) = (.+)$/.exec(line))
      .filter(Boolean)
      .map(([, key, value]) => [key, value]),
  );
};

const [zh, en] = ['zh', 'en'].map(messages);

const scripts = readdirSync(source)
  .filter((name) => name.endsWith('.js'))
  .map((name) => [name, readFileSync(join(source, name), 'utf8')]);

const withoutComments = (text) =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/\s\/\/ .*$/gm, '');

/** String and template literals of a script, what stands in `${}` left out. */
const literals = (text) =>
  [...withoutComments(text).matchAll(/'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g)].map(
    ([, plain, template]) => plain ?? template.replace(/\$\{[^}]*\}/g, ''),
  );

const placeholders = (value) => [...value.matchAll(/\$(\w+)/g)].map(([, name]) => name).sort();

test('both languages have the same texts, each once', () => {
  assert.deepEqual([...zh.keys()].sort(), [...en.keys()].sort());
  ['zh', 'en'].forEach((language) => {
    const keys = [...readFileSync(join(source, 'texts', `${language}.ftl`), 'utf8').matchAll(/^([A-Za-z][\w-]*) =/gm)].map(
      ([, key]) => key,
    );
    assert.equal(new Set(keys).size, keys.length, language);
  });
});

test('a text takes the same values in both languages', () => {
  zh.forEach((value, key) => assert.deepEqual(placeholders(value), placeholders(en.get(key)), key));
});

test('Chinese texts are Chinese and English ones are not', () => {
  const names = ['name', 'other-language'];
  en.forEach((value, key) => assert.ok(names.includes(key) || !/\p{Script=Han}/u.test(value), `${key} = ${value}`));
  const words = [...zh].filter(([key, value]) => !names.includes(key) && /[A-Za-z]{4,}/.test(value.replace(/\{[^}]*\}/g, '')));
  assert.deepEqual(
    words.map(([key]) => key),
    [],
  );
});

test('no text calls anything compliant', () => {
  const said = [...zh.values(), ...en.values()].join('\n');
  assert.doesNotMatch(said, /合规|complian|lawful|合法/i);
});

test('no word for people stands in a script', () => {
  const technical = /^(Enter|Escape|Home|End|Feature|Incomplete|Content-Type|tbody tr|\.tools button|\+proj.*|M |SHA-256 )$/;
  const words = /\p{Script=Han}|[A-Za-z]{2,} [A-Za-z]{2,}|^[A-Z][a-z-]+\W*$/u;
  const found = scripts.flatMap(([name, text]) =>
    literals(text)
      .filter((literal) => words.test(literal) && !technical.test(literal))
      .map((literal) => `${name}: ${literal}`),
  );
  assert.deepEqual(found, []);
});

test('every text that a script asks for is there', () => {
  const asked = scripts.flatMap(([name, text]) => [...text.matchAll(/\bt\('([\w-]+)'/g)].map(([, key]) => [name, key]));
  assert.ok(asked.length > 100);
  asked.forEach(([name, key]) => assert.ok(zh.has(key), `${name}: ${key}`));
});

test('every code that people choose from has a name', () => {
  const families = { kind: KINDS, state: STATES, presence: PRESENCES, priority: PRIORITIES, outcome: OUTCOMES };
  Object.entries(families).forEach(([family, codes]) =>
    codes.forEach((code) => assert.ok(zh.has(`${family}-${code}`), `${family}-${code}`)),
  );
});

test('the verdicts are named as the bureau names them', () => {
  assert.equal(zh.get('verdict-CONFIRMED_EXCEED'), '确认超出');
  assert.equal(zh.get('verdict-INCONCLUSIVE_NEEDS_SURVEY'), '存疑需勘测');
  assert.equal(zh.get('verdict-WITHIN'), '未见超出');
});

test('no script writes markup', () => {
  scripts.forEach(([name, text]) =>
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/, name),
  );
});
