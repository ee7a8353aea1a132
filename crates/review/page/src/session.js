// Who is signed in, and what that role is offered.
import { api, Refusal } from './api.js';

const SCREENS = {
  INGEST: ['flights'],
  CURATE: ['leads', 'flights', 'ledger', 'custody'],
  SUPERVISE: ['leads', 'flights', 'ledger', 'custody', 'verify'],
};

let account = null;

/** The account, or null. */
export const who = () => account;

/** The screens of the role, the first being where it starts. */
export const screens = () => SCREENS[account?.role] ?? [];

/** Whether the role decides on leads. */
export const curates = () => account?.role === 'CURATE';

/** Whether the role brings flights in. */
export const uploads = () => account?.role === 'INGEST';

/** Asks the server who is signed in. */
export const resume = async () => {
  try {
    const known = await api.session();
    account = known?.role ? known : null;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    account = null;
  }
};

export const signIn = async (name, password) => {
  await api.signIn(name, password);
  await resume();
};

export const signOut = async () => {
  await api.signOut();
  account = null;
};
