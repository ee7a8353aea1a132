// What stands around every screen: name, navigation, language, account.
import { element, refill } from './element.js';
import { bind } from './keys.js';
import { address, go, parts } from './router.js';
import { resume, screens, signOut, who } from './session.js';
import { choose, language, said, t } from './texts.js';
import { failure } from './notice.js';
import { signInScreen } from './sign_in.js';
import { flightScreen } from './flight.js';
import { flightsScreen } from './flights.js';
import { leadScreen } from './lead.js';
import { queueScreen } from './queue.js';
import { ledgerScreen } from './ledger.js';
import { custodyScreen } from './custody_log.js';
import { verifyScreen } from './verify.js';
import { helpButton } from './help.js';

const SCREENS = {
  leads: (rest) => (rest.length === 2 ? leadScreen(...rest) : queueScreen()),
  flights: (rest) => (rest.length === 1 ? flightScreen(...rest) : flightsScreen()),
  ledger: ([book]) => ledgerScreen(book),
  custody: ([subject]) => custodyScreen(subject),
  verify: () => verifyScreen(),
};

let leave = null;

const languageButton = () => {
  const other = language() === 'zh' ? 'en' : 'zh';
  const change = () => {
    choose(other);
    show();
  };
  return element('button.quiet.language', { type: 'button', lang: other, on: { click: change } }, t('other-language'));
};

const accountMenu = () => {
  const out = async () => {
    await signOut();
    go();
    show();
  };
  return element(
    'div.account',
    {},
    element('span.name', {}, who().name),
    element('span.role', {}, said(who()) || t(`role-${who().role}`)),
    element('button.quiet', { type: 'button', on: { click: out } }, t('sign-out')),
  );
};

const navigation = (current) => {
  const link = (name) => element('a', { href: address(name), 'aria-current': name === current ? 'page' : null }, t(`screen-${name}`));
  return element('nav', { 'aria-label': t('navigation') }, screens().map(link));
};

const head = (current) =>
  element(
    'header.top',
    {},
    element('a.mark', { href: '#/' }, t('name')),
    who() ? navigation(current) : element('span.spring'),
    who() && helpButton(),
    languageButton(),
    who() && accountMenu(),
  );

/** Shows the screen that the address names, or the sign-in. */
export const show = async () => {
  leave?.();
  leave = null;
  bind({});
  const [named, ...rest] = parts();
  const current = screens().includes(named) ? named : screens()[0];
  const main = element('main', { id: 'main', tabindex: -1 });
  refill(document.body, element('a.skip', { href: '#main', on: { click: (event) => skip(event, main) } }, t('skip')), head(current), main);
  document.title = t('title');
  if (!who()) return main.append(signInScreen(show));
  try {
    const screen = await SCREENS[current](named === current ? rest : []);
    if (main.isConnected) enter(screen, main);
  } catch (error) {
    if (error.status === 401) return signInAgain();
    main.append(failure(error));
  }
  return main;
};

/** Puts a screen into its place, unless another was asked for meanwhile. */
const enter = (screen, main) => {
  main.append(screen.node);
  main.focus();
  bind(screen.keys ?? {});
  leave = screen.leave ?? null;
  screen.shown?.();
};

/** The session has ended: the same screen comes back after the sign-in. */
const signInAgain = async () => {
  await resume();
  return show();
};

const skip = (event, main) => {
  event.preventDefault();
  main.focus();
};
