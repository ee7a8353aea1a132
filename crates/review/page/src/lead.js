// One lead: the map first, and beside it all that is known and done.
import { api, leadPath } from './api.js';
import { badge } from './badge.js';
import { custodyPanel } from './custody.js';
import { decisionPanel } from './decision.js';
import { element, refill } from './element.js';
import { findingsPanel } from './findings.js';
import { leadMap } from './lead_map.js';
import { layerSwitches } from './map_layers.js';
import { loadPhotos, photoStrip } from './photos.js';
import { profileTool } from './profile.js';
import { beside } from './queue.js';
import { address, go } from './router.js';
import { curates } from './session.js';
import { statusPanel } from './status.js';
import { tabs } from './tabs.js';
import { named, t } from './texts.js';

/** The tab that was open last: it stays open from lead to lead. */
const kept = { tab: 'findings' };

const titleOf = ({ lead }) => {
  const kinds = [...new Set(lead.findings.map((finding) => finding.kind))];
  return kinds.map((kind) => named('kind', kind)).join(t('list-dot'));
};

const head = (project, file) => {
  const { lead } = file;
  const at = leadPath(project, lead.id);
  const building = lead.findings.find((finding) => finding.building_no)?.building_no;
  const link = (name, text, extra) => element('a.button', { href: `${at}/${name}`, ...extra }, text);
  return element(
    'header.lead-head',
    {},
    element('a.back', { href: address('leads') }, t('back')),
    element('h1', {}, titleOf(file), building && element('span.building', {}, building)),
    badge('state', lead.history.at(-1)?.to),
    element('span.id', {}, project, ' / ', lead.id),
    link('dossier.pdf', t('dossier'), { target: '_blank', rel: 'noopener' }),
    link('bundle.zip', t('bundle'), { download: true }),
    element('button', { type: 'button', on: { click: () => window.print() } }, t('print')),
  );
};

const side = (project, file, again) =>
  tabs(
    [
      { name: 'findings', title: t('tab-findings'), content: findingsPanel(file) },
      { name: 'decision', title: t('tab-decision'), content: decisionPanel(project, file, again) },
      { name: 'status', title: t('tab-status'), content: statusPanel(project, file, again) },
      { name: 'custody', title: t('tab-custody'), content: custodyPanel(project, file, again) },
    ],
    kept,
    t('lead-parts'),
  );

const keysOf = (project, file, node) => {
  const other = (step) => () => {
    const row = beside(project, file.lead.id, step);
    if (row) go('leads', row.project, row.id);
  };
  const click = (selector) => () => node.querySelector(selector)?.click();
  const outcome = (index) => () => {
    click('#tab-decision')();
    const input = node.querySelectorAll('[name=outcome]')[index];
    input?.click();
    input?.focus();
  };
  const digits = [0, 1, 2, 3, 4].map((index) => [String(index + 1), outcome(index)]);
  return {
    j: other(1),
    k: other(-1),
    q: () => go('leads'),
    f: click('#tab-findings'),
    d: click('#tab-decision'),
    s: click('#tab-status'),
    c: click('#tab-custody'),
    m: () => node.querySelector('.map')?.focus(),
    p: click('.tools button'),
    o: click('.thumbnail'),
    ...(curates() && Object.fromEntries(digits)),
  };
};

const mapColumn = (project, file, map, switches) => {
  if (!map.layers) return { nodes: [map.node], tool: null };
  const tool = profileTool(project, file, map);
  map.node.append(switches.node);
  return { nodes: [map.node, tool.buttons, tool.place], tool };
};

/** The screen. */
export const leadScreen = async (project, id) => {
  const file = await api.lead(project, id);
  const switches = layerSwitches(
    {
      get layers() {
        return map.layers;
      },
    },
    file,
  );
  const map = leadMap(file, switches.failed);
  const panel = element('aside.side', { 'aria-label': t('lead-parts') });
  const headPlace = element('div.head-place', {});
  const again = async () => {
    Object.assign(file, await api.lead(project, id));
    fill();
  };
  const fill = () => {
    refill(headPlace, head(project, file));
    refill(panel, side(project, file, again).node);
  };
  fill();
  const photos = element('section.photos', {}, element('h2', {}, t('photos')), photoStrip(file.photos));
  const column = element('div.column', {}, mapColumn(project, file, map, switches).nodes, photos);
  const node = element('section.lead', { 'data-lead': id }, headPlace, element('div.lead-body', {}, column, panel));
  const shown = async () => {
    await map.start();
    loadPhotos(photos);
  };
  return { node, keys: keysOf(project, file, node), shown, leave: map.leave };
};
