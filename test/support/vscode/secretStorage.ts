import { createCipheriv, randomBytes } from 'node:crypto';

/** The key that the page asks for at `/mint-key`. The same every time, so that secrets survive a restart of the server. */
export const secretsKey = Buffer.from('magicbell-tokens test secret key');

/** What an extension keeps in its SecretStorage, by slot. */
export type Secrets = Readonly<Record<string, string>>;

/**
 * The entry of localStorage in which VS Code's page keeps the secrets of all extensions: AES-GCM with a key of its own,
 * which is combined with the server's; its key, the nonce and the text, one behind the other.
 */
export function storedSecrets(extensionId: string, secrets: Secrets): { name: string; value: string } {
  const slots = Object.entries(secrets).map(([key, value]) => [JSON.stringify({ extensionId, key }), value]);
  const clientKey = randomBytes(secretsKey.length);
  const nonce = randomBytes(12);
  const cipher = createCipheriv(
    'aes-256-gcm',
    clientKey.map((byte, index) => byte ^ (secretsKey[index] ?? 0)),
    nonce,
  );
  const text = Buffer.concat([cipher.update(JSON.stringify(Object.fromEntries(slots))), cipher.final()]);
  const value = Buffer.concat([clientKey, nonce, text, cipher.getAuthTag()]).toString('base64');
  return { name: 'secrets.provider', value };
}
