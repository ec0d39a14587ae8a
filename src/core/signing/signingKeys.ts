import type { CheckedSecretStore } from '../base/secretStore.ts';
import { Secret } from '../base/secret.ts';
import { unwrapSecret } from '../checking/pastedSecret.ts';

export type ParsedKey =
  | { readonly ok: true; readonly key: Secret }
  /** A sentence for a person, which never quotes what was typed. */
  | { readonly ok: false; readonly problem: string };

const fail = (problem: string): ParsedKey => ({ ok: false, problem });

/** Reads a pasted project API key, which goes into the token's claims. */
export function parseProjectApiKey(text: string): ParsedKey {
  const trimmed = unwrapSecret(text, 'projectApiKey');
  if (trimmed === '') return fail('Paste the project API key (it starts with pk_).');
  if (trimmed.startsWith('eyJ')) return fail('This is a token. The project API key is needed: it starts with pk_.');
  if (/^sk_/i.test(trimmed)) return fail('This is a Secret Key. The project API key comes first: it starts with pk_.');
  if (!trimmed.startsWith('pk_')) return fail('A project API key starts with pk_.');
  if (!/^pk_[\x21-\x7e]+$/.test(trimmed)) return fail('This is not the whole key, or more than it. Copy it again.');
  return { ok: true, key: new Secret(trimmed) };
}

/** Reads a pasted Secret Key. What it looks like is not published: only what is surely something else is named. */
export function parseSecretKey(text: string): ParsedKey {
  const trimmed = unwrapSecret(text, 'secretKey');
  if (trimmed === '') return fail('Paste the Secret Key.');
  if (trimmed.startsWith('eyJ')) return fail('This is a token, not the Secret Key.');
  if (/^pk_/i.test(trimmed)) return fail('This is the project API key (pk_…), not the Secret Key.');
  if (!/^[\x21-\x7e]+$/.test(trimmed)) return fail('A key has no spaces or line breaks. Copy it again.');
  return { ok: true, key: new Secret(trimmed) };
}

/** What user tokens are signed with. */
export interface SigningKeys {
  readonly apiKey: Secret;
  /** Undefined: it is asked for each time. */
  readonly secretKey: Secret | undefined;
}

const slot = 'magicbellTokens.signingKeys';

/** The keys of the latest signing, in one slot of SecretStorage. */
export class SigningKeyVault {
  private readonly secrets: CheckedSecretStore;

  constructor(secrets: CheckedSecretStore) {
    this.secrets = secrets;
  }

  /** Undefined when there are none, or what is there cannot be understood. @throws SecretStorageError */
  async read(): Promise<SigningKeys | undefined> {
    const text = await this.secrets.get(slot);
    if (text === undefined) return undefined;
    try {
      const { apiKey, secretKey } = JSON.parse(text) as Record<string, unknown>;
      if (typeof apiKey !== 'string') return undefined;
      return {
        apiKey: new Secret(apiKey),
        secretKey: typeof secretKey === 'string' ? new Secret(secretKey) : undefined,
      };
    } catch {
      return undefined;
    }
  }

  /** @throws SecretStorageError */
  save({ apiKey, secretKey }: SigningKeys): Promise<void> {
    return this.secrets.set(slot, JSON.stringify({ apiKey: apiKey.reveal(), secretKey: secretKey?.reveal() }));
  }

  /** @throws SecretStorageError */
  clear(): Promise<void> {
    return this.secrets.delete(slot);
  }
}
