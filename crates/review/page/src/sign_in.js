// The sign-in: with a password, or by the bureau's identity provider.
import { api } from './api.js';
import { element } from './element.js';
import { field, formOf } from './form.js';
import { signIn } from './session.js';
import { said, t } from './texts.js';

/** The button of the identity provider, once the server said that there is one. */
const providerButton = () => {
  const place = element('div.actions', {});
  const show = ({ provider }) => {
    if (provider) place.append(element('a.button', { href: '/api/session/provider' }, said(provider)));
  };
  // Without an answer there is still the password.
  api.ways().then(show, () => {});
  return place;
};

/** Why the identity provider brought nobody in. */
const refusal = () => {
  const code = new URLSearchParams(location.search).get('refused');
  return code && element('p.outcome.bad', { role: 'alert' }, t(`refused-${code}`));
};

/** The form; `done` is called once somebody is signed in. */
export const signInScreen = (done) => {
  const name = element('input', { name: 'name', autocomplete: 'username', required: true, autofocus: true });
  const password = element('input', { name: 'password', type: 'password', autocomplete: 'current-password', required: true });
  const send = async () => {
    await signIn(name.value.trim(), password.value);
    await done();
  };
  const form = formOf({
    title: t('sign-in'),
    fields: [field(t('account-name'), name), field(t('password'), password)],
    action: t('sign-in'),
    send,
  });
  queueMicrotask(() => name.focus());
  return element(
    'section.sign-in',
    {},
    element('h1', {}, t('name')),
    element('p.subtitle', {}, t('subtitle')),
    refusal(),
    form,
    providerButton(),
    element('p.fine', {}, t('screening-note')),
  );
};
