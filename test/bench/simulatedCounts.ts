import { TokenStore } from '../../src/core/tokens/tokenStore.ts';
import { userId } from '../../src/core/model/user.ts';
import { UserSearch, type UserSearchState } from '../../src/core/tokens/userSearch.ts';
import { type CountLine, count } from './lines.ts';
import { SimulatedApi } from './simulatedApi.ts';

const minuteMs = 60_000;
/** MagicBell's limit of reads a minute, which a project's own production shares. */
const readsPerMinute = 250;
const roundTripMs = 200;
const debounceMs = 250;

/** Lines of the budget that a clock of the bench's own answers exactly, with the real client, store and search. */
export async function simulatedCounts(): Promise<CountLine[]> {
  return [...(await expandUsers()), ...(await expandWhileLoading()), ...(await loadAll()), ...(await searchUsers())];
}

/** 50 users are expanded at once, shortly after a list that took most of the minute's budget. */
async function expandUsers(): Promise<CountLine[]> {
  const listPages = 220;
  const { simulated, store } = rig(listPages);
  const list = loadEverything(store);
  await ended(simulated, list);
  const ids = Array.from({ length: 50 }, (_, index) => `user-${index}`);
  const expanded = Promise.all(ids.map((id) => store.tokensOf(userId(id)).load()));
  await ended(simulated, expanded);
  const order = simulated.sent.slice(listPages).map(({ url }) => url.pathname.split('/').at(-1));
  return [
    count('expanding 50 users at once', order.length, ids.length, 'requests'),
    count('… that go out of turn', order.filter((id, index) => id !== ids[index]).length, 0, 'requests'),
    count('… in the busiest minute, after a list of 220 pages', busiestMinute(simulated), readsPerMinute, 'requests'),
  ];
}

/** A user is expanded while all tokens are being loaded: the person does not wait for the rest of the list. */
async function expandWhileLoading(): Promise<CountLine[]> {
  const { simulated, store } = rig(100);
  const list = loadEverything(store);
  await simulated.clock.advance(5 * roundTripMs + roundTripMs / 2);
  const askedAt = simulated.now;
  let shownAt = Infinity;
  const expanded = store
    .tokensOf(userId('user'))
    .load()
    .then(() => (shownAt = simulated.now));
  // In small steps: the clock is read where the answer comes.
  for (let waited = 0; waited < minuteMs && shownAt === Infinity; waited += 10) await simulated.clock.advance(10);
  await ended(simulated, Promise.all([list, expanded]));
  return [count('expanding a user while 10,000 tokens are loaded', shownAt - askedAt, 1000, 'ms')];
}

/** 10,000 tokens are within the budget: only the round trips may take time. */
async function loadAll(): Promise<CountLine[]> {
  const pages = 100;
  const { simulated, store } = rig(pages);
  const startedAt = simulated.now;
  let endedAt = startedAt;
  const loaded = loadEverything(store).then(() => (endedAt = simulated.now));
  await ended(simulated, loaded);
  const held = endedAt - startedAt - pages * roundTripMs;
  return [
    count('loading all of 10,000 tokens', simulated.sent.length, pages, 'requests'),
    count('… held back by the budget', held, 0, 'ms'),
  ];
}

/** Somebody types at a pace at which some requests are sent while others are still under way. */
async function searchUsers(): Promise<CountLine[]> {
  const { simulated } = rig(1);
  const shown: UserSearchState[] = [];
  const search = new UserSearch(
    () => Promise.resolve(simulated.api),
    () => [],
    simulated.clock,
  );
  let typed = '';
  let stale = 0;
  let answeredAt = 0;
  search.onDidChange((state) => {
    shown.push(state);
    if (state.query !== typed || state.found.some(({ email }) => email !== typed)) stale += 1;
    if (state.found.length > 0) answeredAt = simulated.now;
  });
  let typedAt = 0;
  const text = 'hana@example.com';
  for (let index = 0; index < text.length; index++) {
    typed = text.slice(0, index + 1);
    typedAt = simulated.now;
    search.search(typed);
    // Now quicker than the debounce, now slower, and slower than the answer.
    await simulated.clock.advance([80, 300, 120, 500][index % 4] ?? 0);
  }
  await simulated.clock.advance(minuteMs);
  search.dispose();
  if (shown.at(-1)?.found[0]?.email !== typed) throw new Error('The search found nothing.');
  return [
    count('stale answers while typing in the user search', stale, 0, 'answers'),
    count('… requests in flight at once', simulated.mostInFlight, 1, 'requests'),
    count('… from the last key to the first result', answeredAt - typedAt, debounceMs + roundTripMs, 'ms'),
  ];
}

interface SimulatedRig {
  readonly simulated: SimulatedApi;
  readonly store: TokenStore;
}

function rig(pages: number): SimulatedRig {
  const simulated = new SimulatedApi(roundTripMs, pages);
  const store = new TokenStore(
    () => Promise.resolve(simulated.api),
    () => 100,
  );
  return { simulated, store };
}

/** Moves the clock on until something has ended. @throws when it takes an hour */
async function ended({ clock }: SimulatedApi, work: Promise<unknown>): Promise<void> {
  const state = { isOver: false };
  const over = work.then(() => (state.isOver = true));
  for (let second = 0; second < 3600 && !state.isOver; second++) await clock.advance(1000);
  if (!state.isOver) throw new Error('What was asked for did not come within an hour.');
  await over;
}

async function loadEverything({ projectTokens }: TokenStore): Promise<void> {
  await projectTokens.loadAll({ signal: new AbortController().signal, onProgress: () => undefined });
}

/** The most requests that began within any minute. */
function busiestMinute({ sent }: SimulatedApi): number {
  const within = (from: number): number => sent.filter(({ at }) => at >= from && at < from + minuteMs).length;
  return Math.max(...sent.map(({ at }) => within(at)));
}
