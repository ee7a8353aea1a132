// The legal steps, as `State::next` of the crate `case` has them.
const NEXT = {
  LEAD: 'VERIFYING PENDING_FILING LEAD_CLOSED TRANSFERRED',
  VERIFYING: 'PENDING_FILING LEAD_CLOSED TRANSFERRED',
  PENDING_FILING: 'FILED VERIFYING LEAD_CLOSED TRANSFERRED',
  FILED: 'INVESTIGATING WITHDRAWN',
  LEAD_CLOSED: 'VERIFYING',
};

export const nextStates = (state) => (NEXT[state] ?? '').split(' ').filter(Boolean);
