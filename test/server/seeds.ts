import { uuidOf, type NewToken, type ProjectState } from './projectState.ts';

export const seedNames = ['demo', 'empty', 'large', 'june-2026'] as const;

export type SeedName = (typeof seedNames)[number];

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/**
 * Fills an empty state. Times are relative to `now`; names are the same on every start and in every project, ids are
 * the same on every start.
 *
 * @param salt makes the ids differ between projects; the first project has none
 */
export function plantSeed(seed: SeedName, state: ProjectState, now: Date, salt = ''): void {
  const idOf: IdOf = (text, version) => uuidOf(salt + text, version);
  if (seed === 'demo' || seed === 'june-2026') plantDemo(state, now, idOf);
  if (seed === 'large') plantLarge(state, now, idOf);
}

type IdOf = typeof uuidOf;

function plantDemo(state: ProjectState, now: Date, idOf: IdOf): void {
  const at = (offsetMs: number): Date => new Date(now.getTime() + offsetMs);
  const token = (name: string | null, ageDays: number, expiresInMs: number | null): NewToken => ({
    id: idOf(`demo token ${name ?? ''} ${ageDays}`),
    name,
    createdAt: at(-ageDays * dayMs),
    expiresAt: expiresInMs === null ? null : at(expiresInMs),
  });

  // Oldest first: records are listed by their order of creation.
  state.addProjectToken({ ...token('Retired importer', 400, null), discardedAt: at(-200 * dayMs) });
  state.addProjectToken(token('Billing service', 310, null));
  state.addProjectToken(
    token(
      'Nightly export of delivery statistics to the data warehouse (owned by the analytics team; ask in #data-platform before revoking this one)',
      120,
      245 * dayMs,
    ),
  );
  state.addProjectToken(token('Old cron', 93, -3 * dayMs));
  // A minute more, not an hour: days are calendar days, and late in the evening that would be the day after.
  state.addProjectToken(token('CI deploy', 78, 12 * dayMs + minuteMs));
  state.addProjectToken(token('Équipe produit – intégration 通知 🔔', 60, 30 * dayMs));
  state.addProjectToken(token('Staging webhook', 29, dayMs + minuteMs));
  state.addProjectToken(token('Terraform', 14, null));
  state.addProjectToken(token('Demo stand', 2, 5 * hourMs));

  const user = (
    id: string,
    ageDays: number,
    rest: Parameters<ProjectState['addUser']>[0],
    version: 4 | 7 = 7,
  ): string =>
    state.addUser({
      id: idOf(`demo user ${id}`, version),
      customAttributes: {},
      createdAt: at(-ageDays * dayMs),
      updatedAt: at((-ageDays * dayMs) / 2),
      ...rest,
    }).id;

  const noah = user('noah', 390, { email: 'noah@example.com', externalId: 'usr_0001', firstName: 'Noah' }, 4);
  const hana = user('hana', 300, {
    email: 'hana@example.com',
    externalId: 'usr_9f2c41',
    firstName: 'Hana',
    lastName: 'Sato',
    customAttributes: { plan: 'pro', seats: 12 },
    lastSeenAt: at(-2 * hourMs),
    lastNotifiedAt: at(-20 * minuteMs),
  });
  user('maría', 280, { email: 'maria.nunez@example.com', firstName: 'María José', lastName: 'Núñez Ortega' }, 4);
  const mobile = user('mobile', 260, { externalId: 'usr_l70vln' });
  user('kiosk', 220, { externalId: 'kiosk/berlin #3' });
  const ci = user('ci', 200, { email: 'ci-bot@example.com', externalId: 'svc_ci', firstName: 'CI', lastName: 'Bot' });
  user('o’brien', 150, { email: "sean.o'brien+alerts@example.com", firstName: 'Seán', lastName: 'O’Brien' });
  const yuki = user('yuki', 90, { email: 'yuki@example.com', firstName: '結城', lastName: '太郎' });
  user('long', 60, {
    email: `${'a.very.long.address.'.repeat(4)}indeed@subdomain.example.com`,
    externalId: 'usr_long',
  });
  const ada = user('ada', 31, { email: 'ada@example.com', externalId: 'usr_ada', firstName: 'Ada', lastName: 'King' });
  user('new', 0.01, { email: 'new.colleague@example.com' });
  state.addUser({ id: idOf('demo user nobody', 4) });

  state.addUserToken(noah, token('Old phone', 200, -40 * dayMs));
  state.addUserToken(hana, token('Web inbox', 80, 10 * dayMs));
  state.addUserToken(mobile, token('Mobile inbox', 70, null));
  for (const [index, name] of ['Linux', 'macOS', 'Windows', 'Android', 'iOS'].entries()) {
    state.addUserToken(ci, token(`${name} runner`, 50 - index, (index * 9 - 6) * dayMs));
  }
  state.addUserToken(hana, token('Support session', 0.1, 20 * hourMs));
  state.addUserToken(yuki, token(null, 3, 27 * dayMs));
  state.addUserToken(ada, token('Notebook', 2, 88 * dayMs));
}

/** 10,000 project tokens and 10,000 users, the first 3,000 of them with up to two tokens. No value is minted. */
function plantLarge(state: ProjectState, now: Date, idOf: IdOf): void {
  const count = 10_000;
  const createdAt = (index: number): Date => new Date(now.getTime() - (count - index) * 10 * minuteMs);
  const expiryDays = [null, 1, 5, 12, 90, 365, -3];

  for (let index = 1; index <= count; index++) {
    const days = expiryDays[index % expiryDays.length] ?? null;
    state.addProjectToken({
      id: idOf(`large token ${index}`),
      name: `Service ${String(index).padStart(5, '0')}`,
      createdAt: createdAt(index),
      expiresAt: days === null ? null : new Date(now.getTime() + days * dayMs),
    });
  }
  for (let index = 1; index <= count; index++) {
    const number = String(index).padStart(5, '0');
    const user = state.addUser({
      id: idOf(`large user ${index}`, index % 2 === 0 ? 7 : 4),
      email: index % 10 === 0 ? null : `user${number}@example.com`,
      externalId: index % 3 === 0 ? null : `ext-${number}`,
      firstName: 'User',
      lastName: number,
      customAttributes: {},
      createdAt: createdAt(index),
      updatedAt: createdAt(index),
    });
    for (let nth = 1; index <= 3000 && nth <= index % 3; nth++) {
      state.addUserToken(user.id, {
        id: idOf(`large user token ${index} ${nth}`),
        name: `Session ${nth}`,
        createdAt: createdAt(index),
        expiresAt: new Date(now.getTime() + nth * dayMs),
      });
    }
  }
}
