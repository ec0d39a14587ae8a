import type { LocalApi } from '../server/localApi.ts';

/** The status that a value gets as a bearer where its kind of token belongs: 200 while it is live, 401 when it is not. */
export async function statusAsBearer(api: LocalApi, kind: 'project' | 'user', value: string): Promise<number> {
  const path = kind === 'project' ? '/jwt/project?limit=1' : '/notifications?limit=1';
  const { status } = await fetch(`${api.url}${path}`, { headers: { authorization: `Bearer ${value}` } });
  return status;
}
