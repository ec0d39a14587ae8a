import type { CheckedSecretStore } from '../base/secretStore.ts';
import { Secret } from '../base/secret.ts';
import { unwrapSecret } from '../checking/pastedSecret.ts';

export type ParsedKey =
  | { readonly ok: true; readonly key: Secret }
  /** `problem` is a sentence for the user, which never quotes the input. */
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

/** Reads a pasted Secret Key. Its format is not documented, so only text that is clearly something else is rejected. */
export function parseSecretKey(text: string): ParsedKey {
  const trimmed = unwrapSecret(text, 'secretKey');
  if (trimmed === '') return fail('Paste the Secret Key.');
  if (trimmed.startsWith('eyJ')) return fail('This is a token, not the Secret Key.');
  if (/^pk_/i.test(trimmed)) return fail('This is the project API key (pk_…), not the Secret Key.');
  if (!/^[\x21-\x7e]+$/.test(trimmed)) return fail('A key has no spaces or line breaks. Copy it again.');
  if (/.\bsk_/i.test(trimmed)) return fail('This is more than the Secret Key. Paste only the key: it starts with sk_.');
  return { ok: true, key: new Secret(trimmed) };
}

/** The keys for signing user tokens. */
export interface SigningKeys {
  readonly apiKey: Secret;
  /** Undefined: the user is asked for it each time. */
  readonly secretKey: Secret | undefined;
}

const slotPrefix = 'magicbellTokens.signingKeys.';

/** The keys last used for signing, in one slot of SecretStorage for each connection. */
export class SigningKeyVault {
  private readonly secrets: CheckedSecretStore;

  constructor(secrets: CheckedSecretStore) {
    this.secrets = secrets;
  }

  /** Undefined when there are none, or they cannot be parsed. @throws SecretStorageError */
  async read(connectionId: string): Promise<SigningKeys | undefined> {
    const text = await this.secrets.get(slotPrefix + connectionId);
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
  save(connectionId: string, { apiKey, secretKey }: SigningKeys): Promise<void> {
    return this.secrets.set(
      slotPrefix + connectionId,
      JSON.stringify({ apiKey: apiKey.reveal(), secretKey: secretKey?.reveal() }),
    );
  }

  /** @throws SecretStorageError */
  clear(connectionId: string): Promise<void> {
    return this.secrets.delete(slotPrefix + connectionId);
  }
}
