// One flight: its check at once, and how far its run has come.
import { api } from './api.js';
import { badge } from './badge.js';
import { checkFacts, checkVerdict, problemList } from './check.js';
import { coverageMap } from './coverage_map.js';
import { element, refill } from './element.js';
import { failure, quiet } from './notice.js';
import { address } from './router.js';
import { bytes, named, number, t } from './texts.js';

/** The check is waited for; a run takes its time, and each look brings the whole check again. */
const CHECK_MS = 1500;
const RUN_MS = 6000;

const lines = (log) => (Array.isArray(log) ? log.join('\n') : (log ?? ''));

const runSection = ({ run, state, why }) => {
  if (state === 'UNFIT') return element('p.notice.bad', {}, t('unfit'));
  if (!run) return quiet(t('no-run'));
  return [
    why && element('p.notice.bad', {}, why),
    element(
      'p',
      { role: 'status' },
      badge('run', run.state),
      ' ',
      element('progress', { max: 1, value: run.progress ?? 0, 'aria-label': t('run') }),
      run.step && t('run-step', { step: run.step }),
    ),
    element(
      'details',
      { open: true },
      element('summary', {}, t('run-log')),
      element('pre.log', { tabindex: 0 }, lines(run.log ?? run.log_tail)),
    ),
  ];
};

/** States that change by themselves. */
const MOVING = ['CHECKING', 'QUEUED', 'RUNNING'];

const head = (flight) =>
  element(
    'header.lead-head',
    {},
    element('a.back', { href: address('flights') }, t('back')),
    element('h1', {}, flight.name ?? flight.id),
    badge('flight', flight.state),
    element('span.id', {}, flight.project),
    element('span.id', {}, t('flight-size', { photos: number(flight.photos), bytes: bytes(flight.bytes ?? 0) })),
  );

const checkSection = (check, map) => [checkVerdict(check), checkFacts(check), element('h2', {}, t('fly-again')), problemList(check, map)];

const parts = () => {
  const [headPlace, checkPlace, runPlace, mapPlace] = ['div.head-place', 'div.flight-check', 'div.run', 'div.map-place'].map((selector) =>
    element(selector, {}),
  );
  const side = element('aside.side', {}, element('div.panel', {}, checkPlace, element('h2', {}, t('run')), runPlace));
  const node = element('section.lead.flight', {}, headPlace, element('div.lead-body', {}, element('div.column', {}, mapPlace), side));
  return { node, headPlace, checkPlace, runPlace, mapPlace };
};

const watcher = (id, place) => {
  let map = null;
  let timer = 0;
  const fill = (flight) => {
    refill(place.headPlace, head(flight));
    refill(place.runPlace, runSection(flight));
    if (!flight.check) refill(place.checkPlace, quiet(t('checking', { state: named('flight', flight.state) })));
    else if (!map) {
      map = coverageMap(flight.check);
      refill(place.mapPlace, map.node);
      map.start();
      refill(place.checkPlace, checkSection(flight.check, map));
    }
  };
  const look = async () => {
    try {
      const flight = await api.flight(id);
      if (place.node.isConnected) fill(flight);
      if (place.node.isConnected && MOVING.includes(flight.state)) timer = setTimeout(look, flight.check ? RUN_MS : CHECK_MS);
    } catch (error) {
      refill(place.checkPlace, failure(error));
    }
  };
  const leave = () => {
    clearTimeout(timer);
    map?.leave();
  };
  return { look, leave };
};

/** The screen; it looks again until check and run have ended. */
export const flightScreen = async (id) => {
  const place = parts();
  const { look, leave } = watcher(id, place);
  return { node: place.node, shown: look, leave };
};
