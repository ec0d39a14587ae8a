import { mayBeSecret } from '../checking/pastedSecret.ts';
import { type Expiry, type ExpiryPresetId, expiryPresets, parseExpiry } from '../tokens/expiry.ts';
import type { IssuanceRequest } from '../issuance/issuance.ts';
import type { ToolInput } from './inputs.ts';

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** Reads a model's request to issue a token, except for the expiry, which is computed when the request is sent. */
export function readNewToken({
  kind,
  name,
  email,
  externalId,
}: Pick<ToolInput<'issue'>, 'kind' | 'name' | 'email' | 'externalId'>): Read<Omit<IssuanceRequest, 'expirySeconds'>> {
  if ([name, email, externalId].some((text) => text !== undefined && mayBeSecret(text)))
    return { ok: false, problem: 'This looks like a token or a key: leave it out of the name and the user.' };
  if (kind === 'project') {
    if (name === undefined) return { ok: false, problem: 'A project token needs a "name".' };
    if (email !== undefined || externalId !== undefined)
      return { ok: false, problem: 'A project token is for no user: leave "email" and "externalId" out.' };
    return { ok: true, value: { kind, name } };
  }
  if (email === undefined && externalId === undefined)
    return { ok: false, problem: 'A user token needs the "email" or the "externalId" of its user.' };
  return { ok: true, value: { kind, name, recipient: { email, externalId } } };
}

/** Reads the expiry that a model asks for. @param otherwise the default */
export function readExpiry(given: string | undefined, otherwise: Expiry, now: Date): Read<Expiry> {
  if (given === undefined) return { ok: true, value: otherwise };
  const parsed = parseExpiry(given, now);
  return parsed.ok ? { ok: true, value: parsed.expiry } : { ok: false, problem: `"expires": ${parsed.problem}` };
}

/** The expiry of a preset. */
export const presetExpiry = (id: ExpiryPresetId): Expiry =>
  expiryPresets.find((preset) => preset.id === id)?.expiry ?? { type: 'never' };
