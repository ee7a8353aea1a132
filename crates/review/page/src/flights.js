// The flights of a team, and a new one.
import { api } from './api.js';
import { badge } from './badge.js';
import { element } from './element.js';
import { quiet } from './notice.js';
import { address } from './router.js';
import { uploads } from './session.js';
import { bytes, named, number, t } from './texts.js';
import { uploadSection } from './upload.js';

const row = (flight) =>
  element(
    'tr',
    {},
    element('td', {}, element('a', { href: address('flights', flight.id) }, flight.name ?? flight.id)),
    element('td', {}, flight.project),
    element('td.count', {}, number(flight.photos)),
    element('td.count', {}, bytes(flight.bytes ?? 0)),
    element('td', {}, badge('flight', flight.state)),
    element('td', {}, flight.run ? named('run', flight.run.state) : ''),
  );

const HEADS = ['name', 'project', 'photos', 'bytes', 'state', 'run'];
const NUMBERS = ['photos', 'bytes'];

const table = (flights) =>
  element(
    'div.scroll',
    {},
    element(
      'table',
      {},
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          HEADS.map((head) => element(NUMBERS.includes(head) ? 'th.count' : 'th', { scope: 'col' }, t(`flight-head-${head}`))),
        ),
      ),
      element('tbody', {}, flights.map(row)),
    ),
  );

/** The screen. */
export const flightsScreen = async () => {
  const answer = await api.flights();
  const flights = answer.flights ?? answer;
  const projects = [...new Set(flights.map((flight) => flight.project))];
  const node = element(
    'section.flights-screen',
    {},
    element('h1', {}, t('screen-flights')),
    uploads() && uploadSection(projects),
    element('section', {}, element('h2', {}, t('flights-sent')), flights.length ? table(flights) : quiet(t('no-flights'))),
  );
  return { node };
};
