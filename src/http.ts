import nodeFetch from 'node-fetch';
import type { FetchLike } from './core/magicbell/fetchLike.ts';

/** node-fetch, without an agent: VS Code patches Node's http and https for proxies and certificates. */
export const fetch: FetchLike = nodeFetch;
