import type { Row, TokenRow } from '../../core/browse/rows.ts';
import type { Connection } from '../../core/connections/connection.ts';
import type { SheetSubject } from '../../core/pages/sheet.ts';
import { tokenName } from '../../core/tokens/tokenPresentation.ts';
import { pickToken } from '../browse/tokenPick.ts';
import { titleIn } from '../../core/connections/projectName.ts';
import type { PageToShow } from '../pages/page.ts';
import type { Services } from '../services.ts';
import { reportError } from '../ui/reportError.ts';
import { TokenPage } from './tokenPage.ts';

/** A token's page. @param title of a new tab */
export const tokenPage = (services: Services, subject: SheetSubject, title = 'Token'): PageToShow => ({
  name: 'token',
  key: JSON.stringify(['token', subject.connection, subject.user, subject.id === '' ? subject.at : subject.id]),
  title,
  open: (host) => new TokenPage(services, host, subject),
  report: (error) => void reportError(services, error, {}),
});

/** "Show Token Details" of a row. */
export async function showRowDetails(services: Services, row: Row): Promise<void> {
  if (row.type === 'token') await showToken(services, row);
}

/** "Show Token Details" of a token picked from the loaded ones. */
export async function showPickedDetails(services: Services, connection: Connection): Promise<void> {
  const title = titleIn(services, connection, 'Show Token Details');
  const picked = await pickToken(services, connection, { title, withUsers: false });
  if (picked?.type !== 'token') return;
  const { token, user } = picked.found;
  await showToken(services, { connection, token, user: user?.id });
}

/** The longest title of a tab. */
const longestTitle = 60;

async function showToken(
  services: Services,
  { connection, token, user }: Pick<TokenRow, 'connection' | 'token' | 'user'>,
): Promise<void> {
  const subject = {
    connection: connection.id,
    kind: token.kind,
    id: token.id ?? '',
    user: user ?? '',
    at: token.createdAt.toISOString(),
  };
  await services.pages.show(tokenPage(services, subject, tokenName(token).slice(0, longestTitle)));
}
