import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

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
  const cipher = createCipheriv('aes-256-gcm', combined(clientKey), nonce);
  const text = Buffer.concat([cipher.update(JSON.stringify(Object.fromEntries(slots))), cipher.final()]);
  const value = Buffer.concat([clientKey, nonce, text, cipher.getAuthTag()]).toString('base64');
  return { name: 'secrets.provider', value };
}

/** The slots of an extension in that entry's value. */
export function storedSlots(extensionId: string, value: string): string[] {
  const bytes = Buffer.from(value, 'base64');
  const [text, tag] = [bytes.subarray(secretsKey.length + 12, -16), bytes.subarray(-16)];
  const nonce = bytes.subarray(secretsKey.length, secretsKey.length + 12);
  const decipher = createDecipheriv('aes-256-gcm', combined(bytes.subarray(0, secretsKey.length)), nonce);
  decipher.setAuthTag(tag);
  const all = Buffer.concat([decipher.update(text), decipher.final()]).toString();
  return Object.keys(JSON.parse(all) as Secrets)
    .map((name) => JSON.parse(name) as { extensionId: string; key: string })
    .filter((slot) => slot.extensionId === extensionId)
    .map(({ key }) => key);
}

const combined = (clientKey: Buffer): Buffer =>
  Buffer.from(clientKey.map((byte, index) => byte ^ (secretsKey[index] ?? 0)));
