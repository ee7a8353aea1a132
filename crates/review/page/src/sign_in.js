// The sign-in.
import { element } from './element.js';
import { field, formOf } from './form.js';
import { signIn } from './session.js';
import { t } from './texts.js';

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
    form,
    element('p.fine', {}, t('screening-note')),
  );
};
