import type { Connection } from '../../core/connections/connection.ts';
import { describeError } from '../../core/describeError.ts';
import { asMagicBellError } from '../../core/magicbell/errors.ts';
import { type User, type UserId, unknownUser, userId } from '../../core/model/user.ts';
import { showInputStep } from '../ui/quickInput.ts';
import { titleIn } from '../../core/connections/projectName.ts';
import type { Services } from '../services.ts';
import { offerCheck, refuseSecret } from './pastedSecrets.ts';
import type { Secret } from '../../core/base/secret.ts';
import { pickUser } from './userPick.ts';

/** "Search Users…": finds a user at MagicBell and shows it in the view. */
export async function searchUsers(services: Services, connection: Connection): Promise<void> {
  const picked = await pickUser(services, connection, {
    title: titleIn(services, connection, 'Search Users'),
    placeholder: 'Email or external id; names are searched among the loaded users',
    allowTyped: false,
  });
  if (picked.type === 'done' && picked.value.type === 'user') await showUser(services, connection, picked.value.user);
}

/** "Open User by ID…": shows the tokens of a user whose MagicBell id is known. */
export async function openUserById(services: Services, connection: Connection): Promise<void> {
  const { store } = connection;
  let secret: Secret | undefined;
  const picked = await showInputStep<UserId>({
    title: titleIn(services, connection, 'Open User by ID'),
    prompt: 'MagicBell’s id of the user (a UUID). To find a user by email or external id, use Search Users.',
    placeholder: '0195f9a4-…',
    // The user may copy the id from another window.
    ignoreFocusOut: true,
    live: (input) =>
      refuseSecret(input, (pasted) => {
        secret = pasted;
        input.hide();
      }),
    accept: async (text, signal) => {
      const id = userId(text.trim());
      if (id === '') return { ok: false, problem: 'Enter the id of a user.' };
      try {
        const api = await connection.api();
        await api.jwt.fetchUserTokens(id, { limit: 1 }, { signal });
        return { ok: true, value: id };
      } catch (error) {
        if (asMagicBellError(error) === undefined) throw error;
        return {
          ok: false,
          problem: describeError(error, { operation: 'fetchUserTokens', host: connection.host }).message,
        };
      }
    },
  });
  if (secret !== undefined) await offerCheck(secret);
  if (picked.type !== 'done') return;
  const known = store.shownUsers.find((user) => user.id === picked.value);
  await showUser(services, connection, known ?? unknownUser(picked.value));
}

/** Shows a user's row with its tokens. */
export async function showUser({ views }: Services, connection: Connection, user: User): Promise<void> {
  void connection.users.used(user);
  connection.store.openUser(user);
  await views.user.reveal(connection, user);
}
